"""An instance stands in its subnet's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/instance-placement"
SOURCE = "Amazon EC2 API Reference, RunInstances"


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a zone that is not the subnet's."""
    zone, subnet = subject.inputs.get("availabilityZone"), subject.inputs.get("subnetId")
    if not isinstance(zone, str) or not isinstance(subnet, str):
        return
    for row in session.account.by_handle(subnet):
        actual = session.account.outputs(row).get("availabilityZone")
        if row.type == "aws:ec2/subnet:Subnet" and isinstance(actual, str) and actual != zone:
            findings.error(
                "availabilityZone",
                f"`availabilityZone` is {zone}, and the subnet `{subnet}` is in {actual}",
                RULE,
                SOURCE,
            )
