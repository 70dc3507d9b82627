"""CloudFront takes certificates from us-east-1 only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/cdn-certificate"
SOURCE = "Amazon CloudFront Developer Guide, requirements for using SSL/TLS certificates"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a certificate of another region."""
    viewer = subject.inputs.get("viewerCertificate")
    arn = viewer.get("acmCertificateArn") if is_map(viewer) else None
    if isinstance(arn, str) and arn.startswith("arn:") and arn.count(":") >= 5 and arn.split(":")[3] != "us-east-1":
        findings.error(
            "viewerCertificate.acmCertificateArn",
            f"the certificate of `viewerCertificate` is in {arn.split(':')[3]}; CloudFront needs one in us-east-1",
            RULE,
            SOURCE,
        )
