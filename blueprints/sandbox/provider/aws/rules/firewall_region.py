"""Web ACLs and IP sets of the scope CLOUDFRONT live in us-east-1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/firewall-region"
SOURCE = "AWS WAF Developer Guide, CreateWebACL"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds another region."""
    region = subject.inputs.get("region")
    if subject.inputs.get("scope") == "CLOUDFRONT" and isinstance(region, str) and region != "us-east-1":
        findings.error("region", f"`region` is {region}; with the scope CLOUDFRONT it must be us-east-1", RULE, SOURCE)
