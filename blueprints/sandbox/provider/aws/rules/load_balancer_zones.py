"""An Application Load Balancer needs subnets in two zones, one in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Unknown, is_list

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/load-balancer-zones"
SOURCE = "Elastic Load Balancing User Guide, subnets for your load balancer"


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a load balancer in one zone, and two subnets in the same one."""
    if subject.inputs.get("loadBalancerType", "application") != "application":
        return
    subnets = subject.inputs.get("subnets")
    if not is_list(subnets) or any(isinstance(item, Unknown) for item in subnets):
        return
    if len(subnets) < 2:
        findings.error(
            "subnets", f"`subnets` has {len(subnets)}; an Application Load Balancer needs two zones", RULE, SOURCE
        )
        return
    zones: dict[str, str] = {}
    for identity in subnets:
        zone = _zone(session, str(identity))
        if zone and zone in zones:
            findings.error(
                "subnets",
                f"`{identity}` and `{zones[zone]}` are both in {zone}; a zone can have one subnet",
                RULE,
                SOURCE,
            )
        if zone:
            zones[zone] = str(identity)


def _zone(session: Session, identity: str) -> str:
    for row in session.account.by_handle(identity):
        zone = session.account.outputs(row).get("availabilityZone")
        if isinstance(zone, str):
            return zone
    return ""
