"""Ports from low to high, and all protocols without ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_list, is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/port-range"
SOURCE = "Amazon EC2 API Reference, IpPermission"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds ranges that run backwards or leave the numbers of ports."""
    _range("", subject.inputs, findings)
    for name in ("ingress", "egress"):
        rules = subject.inputs.get(name)
        for index, rule in enumerate(rules if is_list(rules) else []):
            if is_map(rule):
                _range(f"{name}[{index}].", rule, findings)


def _range(where: str, rule: dict[str, Any], findings: Findings) -> None:
    protocol = rule.get("protocol", rule.get("ipProtocol"))
    low, high = rule.get("fromPort"), rule.get("toPort")
    if protocol not in ("tcp", "udp", "6", "17", 6, 17) or not isinstance(low, int) or not isinstance(high, int):
        return
    for name, port in (("fromPort", low), ("toPort", high)):
        if not 0 <= port <= 65535:
            findings.error(f"{where}{name}", f"`{where}{name}` is {port}; a port is from 0 to 65535", RULE, SOURCE)
    if low > high:
        findings.error(f"{where}fromPort", f"`{where}fromPort` {low} is above `toPort` {high}", RULE, SOURCE)
