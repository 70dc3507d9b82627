"""Limits of physical names as data, and the one rule that keeps every name within them.

Pulumi names a resource itself: the logical name, a dash and seven random characters. Where a service allows fewer
characters than that would take, a shortened `name_prefix` is given instead; the service then adds its own random end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from blueprints.errors import Problem

MAX_BLUEPRINT_NAME = 40
"""Longest name of a blueprint. Every topology stays within every service's limit up to here."""

AUTONAMING_SUFFIX = 8
"""A dash and seven characters: what Pulumi's AWS provider adds to a logical name."""

_NAME = re.compile(r"[a-z](?:[a-z0-9]|-(?!-))*(?<!-)")


@dataclass(frozen=True)
class Limit:
    """How long a physical name may be. `prefix` is how long a `name_prefix` may be; 0 where there is none."""

    longest: int
    prefix: int = 0


# Sources: the API reference of each service (pattern and length of the name parameter) and, for `prefix`, the AWS
# provider, which appends 26 characters to a prefix.
LIMITS: dict[str, Limit] = {
    "aws:alb/loadBalancer:LoadBalancer": Limit(32, 6),
    "aws:alb/targetGroup:TargetGroup": Limit(32, 6),
    "aws:autoscaling/group:Group": Limit(255, 229),
    "aws:cloudwatch/eventRule:EventRule": Limit(64, 38),
    "aws:cloudwatch/logGroup:LogGroup": Limit(512, 486),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Limit(255),
    "aws:dynamodb/table:Table": Limit(255),
    "aws:ec2/launchTemplate:LaunchTemplate": Limit(128, 102),
    "aws:ec2/securityGroup:SecurityGroup": Limit(255, 100),
    "aws:ecr/repository:Repository": Limit(256),
    "aws:ecs/cluster:Cluster": Limit(255),
    "aws:ecs/service:Service": Limit(255),
    "aws:elasticache/replicationGroup:ReplicationGroup": Limit(40),
    "aws:elasticache/subnetGroup:SubnetGroup": Limit(255),
    "aws:iam/instanceProfile:InstanceProfile": Limit(128, 102),
    "aws:iam/policy:Policy": Limit(128, 102),
    "aws:iam/role:Role": Limit(64, 38),
    "aws:iam/rolePolicy:RolePolicy": Limit(128, 102),
    "aws:kms/alias:Alias": Limit(250, 224),
    "aws:lambda/function:Function": Limit(64),
    "aws:lb/loadBalancer:LoadBalancer": Limit(32, 6),
    "aws:lb/targetGroup:TargetGroup": Limit(32, 6),
    "aws:rds/instance:Instance": Limit(63, 37),
    "aws:rds/cluster:Cluster": Limit(63, 37),
    "aws:rds/parameterGroup:ParameterGroup": Limit(255, 229),
    "aws:rds/subnetGroup:SubnetGroup": Limit(255, 229),
    "aws:s3/bucket:Bucket": Limit(63, 37),
    "aws:secretsmanager/secret:Secret": Limit(512, 486),
    "aws:sns/topic:Topic": Limit(256, 100),
    "aws:sqs/queue:Queue": Limit(80, 54),
    "aws:ssm/document:Document": Limit(128),
    "aws:wafv2/webAcl:WebAcl": Limit(128, 102),
}


# Beginnings that services keep for themselves, whatever the case. Sources: API reference of PutParameter and
# CreateDocument (Systems Manager), CreateSecurityGroup (EC2) and "Bucket naming rules" (S3).
RESERVED: dict[str, tuple[str, ...]] = {
    "aws:ec2/securityGroup:SecurityGroup": ("sg-",),
    "aws:s3/bucket:Bucket": ("amzn-s3-demo-", "sthree-", "xn--"),
    "aws:ssm/document:Document": ("amazon", "amzn", "aws"),
    "aws:ssm/parameter:Parameter": ("aws", "ssm"),
}


def physical(token: str, logical: str) -> dict[str, str]:
    """Naming inputs for a resource: none where auto-naming fits, else a `name_prefix` that does.

    Raises `ValueError` where the service has no prefix either; `misnamed` finds that before the first resource.
    """
    limit = LIMITS.get(token)
    if limit is None or len(logical) + AUTONAMING_SUFFIX <= limit.longest:
        return {}
    if not limit.prefix:
        raise ValueError(f"{logical} is too long for {token}: {limit.longest} characters with a random end")
    name = "bucket_prefix" if token.startswith("aws:s3/") else "name_prefix"
    if token.startswith("aws:rds/") and token.endswith((":Instance", ":Cluster")):
        name = "identifier_prefix" if token.endswith(":Instance") else "cluster_identifier_prefix"
    if limit.prefix < 7:  # no room for a dash of its own
        return {name: logical[: limit.prefix].rstrip("-")}
    return {name: logical[: limit.prefix - 1].rstrip("-") + "-"}


def misnamed(name: str, roles: Iterable[tuple[str, str]]) -> list[Problem]:
    """Problems with a blueprint's name: its form, its length, and any child whose physical name cannot fit."""
    if len(name) > MAX_BLUEPRINT_NAME:
        return [
            Problem(
                "name",
                f"must have at most {MAX_BLUEPRINT_NAME} characters, so that every service takes the names built on it",
                f"shorten it by {len(name) - MAX_BLUEPRINT_NAME}",
                name,
            )
        ]
    if not _NAME.fullmatch(name):
        return [
            Problem(
                "name",
                "must be lower-case letters, digits and single dashes, beginning with a letter",
                'write it like "shop" or "shop-api"',
                name,
            )
        ]
    problems: list[Problem] = []
    known = list(roles)
    for role, token in known:
        try:
            physical(token, f"{name}-{role}")
        except ValueError as error:
            problems.append(Problem("name", str(error), "use a shorter name", name))
    taken = {beginning for _, token in known for beginning in RESERVED.get(token, ()) if name.startswith(beginning)}
    if taken:
        limit = f"must not begin with {' or '.join(sorted(taken))}, which AWS keeps for names of its own"
        problems.append(Problem("name", limit, 'put a word before it, for example "my-"', name))
    return problems
