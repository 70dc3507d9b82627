"""HTTPS and TLS listeners have a certificate; their policy is one of the ELBSecurityPolicy family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/listener-certificate"
SOURCE = "Elastic Load Balancing User Guide, HTTPS listeners and security policies"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a listener that could not open a connection."""
    protocol = subject.inputs.get("protocol")
    policy = subject.inputs.get("sslPolicy")
    encrypted = protocol in ("HTTPS", "TLS")
    if encrypted and subject.inputs.get("certificateArn") is None:
        findings.error("certificateArn", f"a {protocol} listener needs `certificateArn`", RULE, SOURCE)
    if isinstance(protocol, str) and not encrypted and isinstance(policy, str) and policy:
        findings.error("sslPolicy", f"`sslPolicy` is for HTTPS and TLS listeners; this one is {protocol}", RULE, SOURCE)
    if isinstance(policy, str) and policy and not policy.startswith("ELBSecurityPolicy-"):
        findings.error(
            "sslPolicy",
            f"`sslPolicy` is `{policy}`; load balancer policies are named ELBSecurityPolicy-...",
            RULE,
            SOURCE,
        )
