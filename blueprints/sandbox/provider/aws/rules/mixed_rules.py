"""A security group has its rules inline or as resources, not both: each update would remove the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/mixed-rules"
SOURCE = "pulumi-aws documentation, aws.ec2.SecurityGroup"


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a rule for a group that has inline rules of the same direction."""
    group = subject.inputs.get("securityGroupId")
    if not isinstance(group, str):
        return
    egress = "Egress" in subject.short_type or subject.inputs.get("type") == "egress"
    name = "egress" if egress else "ingress"
    for row in session.account.by_handle(group):
        if row.type == "aws:ec2/securityGroup:SecurityGroup" and session.account.inputs(row).get(name):
            findings.warn(
                "securityGroupId",
                f"the security group `{row.name}` has inline `{name}` rules, which will remove this one at its next"
                " update; write all of them inline or none",
                RULE,
                SOURCE,
            )
