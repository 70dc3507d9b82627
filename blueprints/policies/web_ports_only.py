"""From the whole internet only the web is reachable; everything else names who may come."""

from collections.abc import Mapping
from typing import Any

from blueprints.inputs import is_known
from blueprints.policies.rule import Rule

_EVERYONE = ("0.0.0.0/0", "::/0")
_WEB = (80, 443)


def _holds(inputs: Mapping[str, Any]) -> bool:
    if not any(inputs.get(family) in _EVERYONE for family in ("cidr_ipv4", "cidr_ipv6")):
        return True
    first, last = inputs.get("from_port"), inputs.get("to_port")
    if not is_known(first) or not is_known(last):
        return True
    return inputs.get("ip_protocol") == "tcp" and first == last and first in _WEB


RULE = Rule(
    id="EC2.18",
    title="The whole internet reaches only ports 80 and 443",
    applies=("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",),
    looks_at=("cidr_ipv4", "cidr_ipv6", "from_port", "to_port", "ip_protocol"),
    holds=_holds,
    fix="name a narrower range, or one of the ports 80 and 443 with ip_protocol tcp",
)
