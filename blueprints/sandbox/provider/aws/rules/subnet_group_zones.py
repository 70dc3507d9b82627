"""A database subnet group covers two zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Unknown, is_list

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/subnet-group-zones"
SOURCE = "Amazon RDS User Guide, working with DB subnet groups"


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a group whose subnets are known to be in one zone."""
    subnets = subject.inputs.get("subnetIds")
    if not is_list(subnets) or not subnets or any(isinstance(item, Unknown) for item in subnets):
        return
    zones = [
        session.account.outputs(row).get("availabilityZone")
        for identity in subnets
        for row in session.account.by_handle(str(identity))
        if row.type == "aws:ec2/subnet:Subnet"
    ]
    if len(zones) == len(subnets) and len(set(zones)) < 2:
        findings.error(
            "subnetIds", f"all subnets are in {zones[0]}; a DB subnet group must cover at least two zones", RULE, SOURCE
        )
