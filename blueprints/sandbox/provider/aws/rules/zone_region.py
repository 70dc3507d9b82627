"""An availability zone belongs to the region of its resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/zone-region"
SOURCE = "Amazon EC2 User Guide, Regions and Zones"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a zone of another region."""
    zone, region = subject.inputs.get("availabilityZone"), subject.inputs.get("region")
    if isinstance(zone, str) and isinstance(region, str) and zone and not zone.startswith(region):
        findings.error(
            "availabilityZone", f"`availabilityZone` is `{zone}`, which is not in the region {region}", RULE, SOURCE
        )
