"""A VPC's block is from /16 to /28."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/network-size"
SOURCE = "Amazon VPC User Guide, VPC CIDR blocks"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a block that is none, or of the wrong size."""
    value = subject.inputs.get("cidrBlock")
    if not isinstance(value, str):
        return
    try:
        block = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        findings.error(
            "cidrBlock", f"`cidrBlock` is `{value}`, which is no IPv4 block such as 10.0.0.0/16", RULE, SOURCE
        )
        return
    if not 16 <= block.prefixlen <= 28:
        findings.error("cidrBlock", f"`cidrBlock` is {value}; a VPC is from /16 to /28", RULE, SOURCE)
