"""An AWS account as mocks: what lookups answer and what resources output, in the forms that AWS gives them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mocks import Recorder, build

from blueprints.component import Blueprint

REGION = "eu-central-1"
ACCOUNT = "123456789012"
IMAGE = "ami-0123456789abcdef0"

ANSWERS: dict[str, dict[str, Any]] = {
    "aws:index/getRegion:getRegion": {"region": REGION},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
    "aws:index/getPartition:getPartition": {"partition": "aws"},
    "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": [f"{REGION}{zone}" for zone in "abc"]},
    "aws:ssm/getParameter:getParameter": {"insecureValue": IMAGE},
    "aws:ec2/getSubnet:getSubnet": {"availabilityZone": f"{REGION}b"},
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {"userName": "AWS", "password": "registry-login"},
}


def _hex(name: str, length: int) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:length]


def outputs(token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """What AWS would add to a resource of this type."""
    kind = token.rsplit(":", 1)[-1]
    registry = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    by_kind: dict[str, dict[str, Any]] = {
        "Bucket": {"bucket": f"{name}-1234567", "arn": f"arn:aws:s3:::{name}-1234567"},
        "Eip": {"publicIp": "203.0.113.7", "allocationId": f"eipalloc-{_hex(name, 17)}"},
        "Key": {"keyId": _hex(name, 32), "arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{_hex(name, 32)}"},
        "Repository": {"repositoryUrl": f"{registry}/{name}", "registryId": ACCOUNT},
        "Image": {"repoDigest": f"{registry}/app@sha256:{_hex(name, 64)}"},
        "LogGroup": {"arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"},
        "Secret": {"arn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}"},
        "Role": {"arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"},
    }
    return by_kind.get(kind, {})


def deploy(
    kind: type[Blueprint], args: Mapping[str, Any], name: str = "shop", *, preview: bool = False, **answers: Any
) -> Recorder:
    """Everything that a component registers in that account."""
    return build(
        lambda: kind(name, kind.SETTINGS.load(args)),
        preview=preview,
        outputs=outputs,
        answers={**ANSWERS, **answers},
    )


def statements(policy: Any) -> dict[str, dict[str, Any]]:
    """Statements of a policy document by their id, or by their number where they have none."""
    document = json.loads(policy) if isinstance(policy, str) else policy
    assert document["Version"] == "2012-10-17"
    return {item.get("Sid", str(index)): item for index, item in enumerate(document["Statement"])}
