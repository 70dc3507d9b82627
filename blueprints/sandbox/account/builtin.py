"""What every simulated account has in every region: the default VPC with a subnet in each zone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from blueprints.sandbox.provider.aws.regions import ACCOUNT, NAMES, partition, zone_id
from blueprints.sandbox.provider.mint import Mint

_NETWORK = "172.31.0.0/16"
"""The block of every default VPC (Amazon VPC User Guide, default VPCs)."""


def _mint(region: str) -> Mint:
    return Mint(f"account::{region}")


def default_vpc(region: str) -> str:
    """The id of the default VPC."""
    return _mint(region).identity("vpc-", 17)


def regions_of(identity: str) -> Iterator[str]:
    """The regions that could hold a built-in resource with this id."""
    if identity.startswith(("vpc-", "subnet-", "sg-", "igw-", "rtb-", "acl-")):
        yield from NAMES


def resources(type_token: str, region: str, zones: list[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The built-in resources of a type, each as (type, id, properties)."""
    maker = _MAKERS.get(type_token)
    if maker is not None:
        for identity, properties in maker(region, zones):
            yield type_token, identity, {"id": identity, "region": region, "ownerId": ACCOUNT, **properties}


def _arn(region: str, rest: str) -> str:
    return f"arn:{partition(region)}:ec2:{region}:{ACCOUNT}:{rest}"


def _vpc(region: str, _zones: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    mint = _mint(region)
    identity = default_vpc(region)
    yield (
        identity,
        {
            "arn": _arn(region, f"vpc/{identity}"),
            "cidrBlock": _NETWORK,
            "default": True,
            "state": "available",
            "enableDnsSupport": True,
            "enableDnsHostnames": True,
            "instanceTenancy": "default",
            "mainRouteTableId": mint.identity("rtb-", 17),
            "defaultSecurityGroupId": mint.identity("sg-", 17),
            "defaultNetworkAclId": mint.identity("acl-", 17),
            "dhcpOptionsId": mint.identity("dopt-", 17),
            "tags": {},
        },
    )


def _subnets(region: str, zones: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    blocks = ipaddress.ip_network(_NETWORK).subnets(new_prefix=20)
    for zone, block in zip(zones, blocks, strict=False):
        identity = _mint(region).identity("subnet-", 17, zone)
        yield (
            identity,
            {
                "arn": _arn(region, f"subnet/{identity}"),
                "vpcId": default_vpc(region),
                "cidrBlock": str(block),
                "availabilityZone": zone,
                "availabilityZoneId": zone_id(zone),
                "mapPublicIpOnLaunch": True,
                "defaultForAz": True,
                "state": "available",
                "availableIpAddressCount": 4091,
                "tags": {},
            },
        )


def _security_group(region: str, _zones: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    identity = _mint(region).identity("sg-", 17)
    yield (
        identity,
        {
            "arn": _arn(region, f"security-group/{identity}"),
            "name": "default",
            "groupName": "default",
            "description": "default VPC security group",
            "vpcId": default_vpc(region),
            "tags": {},
        },
    )


def _internet_gateway(region: str, _zones: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    identity = _mint(region).identity("igw-", 17)
    attachments = [{"state": "available", "vpcId": default_vpc(region)}]
    yield identity, {"arn": _arn(region, f"internet-gateway/{identity}"), "attachments": attachments, "tags": {}}


def _route_table(region: str, _zones: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    identity = _mint(region).identity("rtb-", 17)
    yield (
        identity,
        {
            "arn": _arn(region, f"route-table/{identity}"),
            "vpcId": default_vpc(region),
            "routeTableId": identity,
            "main": True,
            "tags": {},
        },
    )


_MAKERS = {
    "aws:ec2/vpc:Vpc": _vpc,
    "aws:ec2/subnet:Subnet": _subnets,
    "aws:ec2/securityGroup:SecurityGroup": _security_group,
    "aws:ec2/internetGateway:InternetGateway": _internet_gateway,
    "aws:ec2/routeTable:RouteTable": _route_table,
}
