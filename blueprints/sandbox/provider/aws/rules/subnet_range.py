"""A subnet's block lies inside its VPC's and beside those of the other subnets."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.account.records import Row
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/subnet-range"
SOURCE = "Amazon VPC User Guide, subnet CIDR blocks"


_SMALLEST, _LARGEST = 28, 16


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a block of the wrong size, outside the VPC, or over another subnet's."""
    block = _network(subject.inputs.get("cidrBlock"))
    if block is None:
        return
    if not _LARGEST <= block.prefixlen <= _SMALLEST:
        findings.error(
            "cidrBlock", f"`cidrBlock` is {block}; a subnet is from /{_LARGEST} to /{_SMALLEST}", RULE, SOURCE
        )
    vpc_id = subject.inputs.get("vpcId")
    if not isinstance(vpc_id, str):
        return
    vpcs = [row for row in session.account.by_handle(vpc_id) if row.type == "aws:ec2/vpc:Vpc"]
    if not vpcs:
        return
    _check_inside(session, vpcs[0], block, findings)
    if subject.olds.get("cidrBlock") == subject.inputs.get("cidrBlock"):
        # The subnet has its block already, perhaps under an older name that an alias gives up.
        return
    for other, path in session.account.dependents(vpcs[0]):
        if other.type == subject.type and path == "vpcId" and other.urn != subject.urn:
            taken = _network(session.account.inputs(other).get("cidrBlock"))
            if taken is not None and taken.overlaps(block):
                findings.error(
                    "cidrBlock",
                    f"`cidrBlock` {block} overlaps {taken} of the subnet `{other.name}` in the same VPC",
                    RULE,
                    SOURCE,
                )


def _check_inside(session: Session, vpc: Row, block: ipaddress.IPv4Network, findings: Findings) -> None:
    primary = _network(session.account.inputs(vpc).get("cidrBlock"))
    # A VPC may have further blocks, which are resources of their own.
    more = [
        _network(session.account.inputs(other).get("cidrBlock"))
        for other, _ in session.account.dependents(vpc)
        if other.type == "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
    ]
    if primary is None or any(extra is None or block.subnet_of(extra) for extra in more) or block.subnet_of(primary):
        return
    findings.error("cidrBlock", f"`cidrBlock` {block} lies outside the VPC's {primary}", RULE, SOURCE)


def _network(value: Any) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None
