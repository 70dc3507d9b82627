"""Kinds of references that the name or the description of a property tells.

A property called `subnetIds` holds ids of subnets in every service; one whose description opens with "ARN of the" holds
an ARN. Such rows are not closed: a program that does otherwise gets a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from blueprints.sandbox.catalog import Package
from tools.facts.rows import Row
from tools.facts.sources import DOCUMENTATION
from tools.facts.wire import walk

RANK = 7
_KEY = ["aws:kms/key:Key"]
_IDS: dict[str, dict[str, Any]] = {
    "vpcId": {"forms": ["id"], "to": ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"], "prefix": "vpc-"},
    "subnetId": {
        "forms": ["id"],
        "to": ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
        "prefix": "subnet-",
    },
    "securityGroupId": {
        "forms": ["id"],
        "to": ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
        "prefix": "sg-",
    },
    "routeTableId": {"forms": ["id"], "to": ["aws:ec2/routeTable:RouteTable"], "prefix": "rtb-"},
    "internetGatewayId": {"forms": ["id"], "to": ["aws:ec2/internetGateway:InternetGateway"], "prefix": "igw-"},
    "natGatewayId": {"forms": ["id"], "to": ["aws:ec2/natGateway:NatGateway"], "prefix": "nat-"},
    "allocationId": {"forms": ["id"], "to": ["aws:ec2/eip:Eip"], "prefix": "eipalloc-"},
    "vpcSecurityGroupId": {
        "forms": ["id"],
        "to": ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
        "prefix": "sg-",
    },
}
_ARNS: dict[str, list[str]] = {
    "roleArn": ["aws:iam/role:Role"],
    "executionRoleArn": ["aws:iam/role:Role"],
    "taskRoleArn": ["aws:iam/role:Role"],
    "iamRoleArn": ["aws:iam/role:Role"],
    "serviceRoleArn": ["aws:iam/role:Role"],
    "kmsKeyArn": _KEY,
    "targetGroupArn": ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"],
    "loadBalancerArn": ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"],
    "listenerArn": ["aws:lb/listener:Listener", "aws:alb/listener:Listener"],
    "certificateArn": ["aws:acm/certificate:Certificate"],
    "snsTopicArn": ["aws:sns/topic:Topic"],
}
_KMS = re.compile(r"kmsKeyId$|kmsMasterKeyId$|KmsKeyId$", re.IGNORECASE)
_ONLY_ARN = re.compile(r"^(?:The |An? )?(?:ARN|Amazon Resource Name(?: \(ARN\))?) (?:of|for|to) ", re.IGNORECASE)
_OR = re.compile(r"\b(?:ARN|ID|alias|name)\b[^.]{0,20}\bor\b[^.]{0,30}\b(?:ARN|ID|alias|name)\b", re.IGNORECASE)


def reference_rows(package: Package, token: str) -> Iterator[Row]:
    resource = package.resource(token)
    if resource is None:
        return
    for path, prop in walk(package, resource.inputs, deep=3):
        kind, steps = prop.type, ""
        if kind.kind == "list" and kind.item is not None:
            kind, steps = kind.item, "[]"
        if kind.kind != "string":
            continue
        name = prop.name.removesuffix("s") if steps else prop.name
        value: dict[str, Any] | None = None
        if name in _IDS and not _alien(token):
            value = _IDS[name]
        elif name in _ARNS:
            value = {"forms": ["arn"], "to": _ARNS[name]}
        elif _KMS.search(name) and _ONLY_ARN.search(prop.description) and not _OR.search(prop.description):
            value = {"forms": ["arn"], "to": _KEY}
        if value is not None and not _OR.search(prop.description):
            yield Row(token, path + steps, "reference", value, DOCUMENTATION, False, RANK)


def _alien(token: str) -> bool:
    """Services whose networks are not those of EC2."""
    return token.split(":")[1].partition("/")[0] in ("lightsail", "networkmanager", "vpclattice")
