"""A web ACL for CloudFront has the scope CLOUDFRONT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/cdn-firewall"
SOURCE = "AWS WAF Developer Guide, CloudFront and AWS WAF"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a regional web ACL."""
    arn = subject.inputs.get("webAclId")
    if isinstance(arn, str) and ":wafv2:" in arn and ":global/" not in arn:
        findings.error(
            "webAclId", f"`webAclId` is a regional web ACL ({arn}); it must have the scope CLOUDFRONT", RULE, SOURCE
        )
