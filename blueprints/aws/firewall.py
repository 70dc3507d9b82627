"""A security group whose rules are separate resources, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.aws.identifiers import RoleName
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Cidr, Port, matching
from blueprints.inputs import In
from blueprints.settings import Settings

_EVERYWHERE = "0.0.0.0/0"


class Access(Settings):
    """Traffic on one port to or from one range of addresses."""

    name: RoleName
    """Name of the rule: lower-case letters, digits and dashes, 41 characters at most."""
    port: Port
    """Port."""
    cidr: Cidr = _EVERYWHERE
    """Range of addresses, IPv4 or IPv6. Default everywhere."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """`tcp` or `udp`. Default tcp."""
    reason: Annotated[
        str,
        Field(min_length=5, max_length=255),
        matching(
            r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*",
            "must hold only letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* as EC2 allows",
            "leave other characters out",
        ),
    ]
    """What it is for; stands in the rule's description. Letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* only."""


class FirewallSettings(BlueprintSettings):
    """Settings of a security group."""

    vpc_id: In[str]
    """VPC that it belongs to. Changing it replaces the group."""
    description: Annotated[str, Field(max_length=255)]
    """What the group is for. Changing it replaces the group."""
    ingress: list[Access] = []
    """What may come in. Default nothing."""
    egress: list[Access] = []
    """What may go out. Default nothing. DNS to the VPC's resolver, time and instance metadata are never filtered."""

    def rules(self) -> Iterator[Problem]:
        """Names are unique; 60 rules each way (VPC quotas, "Security groups")."""
        yield from super().rules()
        for direction in ("ingress", "egress"):
            seen: set[str] = set()
            accesses: list[Access] = getattr(self, direction)
            for index, access in enumerate(accesses):
                if access.name in seen:
                    yield Problem(f"{direction}[{index}].name", "is used twice", "rename one of the two", access.name)
                seen.add(access.name)
            if len(accesses) > 60:
                yield Problem(direction, "must have at most 60 rules", "merge ranges", len(accesses))


class Firewall(Blueprint):
    """A security group with one resource for each rule, so that a change of one never touches another."""

    SETTINGS = FirewallSettings
    ROLES = {
        "group": "aws:ec2/securityGroup:SecurityGroup",
        "ingress-*": "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "egress-*": "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    }

    group_id: pulumi.Output[str]
    """Id of the security group."""

    def __init__(
        self, name: str, args: FirewallSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = FirewallSettings.load(args)
        super().__init__(name, settings, opts)
        self.group = self.create(
            aws.ec2.SecurityGroup,
            "group",
            {"vpc_id": settings.vpc_id, "description": settings.description, "revoke_rules_on_delete": True},
        )
        self.ingress = [
            self.create(aws.vpc.SecurityGroupIngressRule, f"ingress-{access.name}", self._rule(access))
            for access in settings.ingress
        ]
        self.egress = [
            self.create(aws.vpc.SecurityGroupEgressRule, f"egress-{access.name}", self._rule(access))
            for access in settings.egress
        ]
        self.publish(group_id=self.group.id)

    def _rule(self, access: Access) -> dict[str, Any]:
        return {
            "security_group_id": self.group.id,
            "description": access.reason,
            "ip_protocol": access.protocol,
            "from_port": access.port,
            "to_port": access.port,
            ("cidr_ipv6" if ":" in access.cidr else "cidr_ipv4"): access.cidr,
        }
