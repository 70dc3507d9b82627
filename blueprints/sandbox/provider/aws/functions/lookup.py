"""Lookups of resources: `getX` finds an `X`, `getXs` finds several, by id, by property, by tags and by filters.

What programs of this project made is found as well as what sandbox.yaml describes and what every account has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.catalog import FunctionType, Property
from blueprints.sandbox.provider.errors import OperationError, UnknownLookupError
from blueprints.sandbox.provider.mint import Mint
from blueprints.sandbox.provider.simulation import neutral
from blueprints.sandbox.provider.values import Secret, is_list, is_map, listed, reveal

if TYPE_CHECKING:
    from blueprints.sandbox.provider.aws.simulation import AwsSimulation

# Arguments that say how to look, not what to find.
_OPTIONS = frozenset(
    (
        "region",
        "mostRecent",
        "filters",
        "tags",
        "includeDeprecated",
        "withDecryption",
        "state",
        "preferredDbSnapshot",
        "types",
        "statuses",
        "keyTypes",
        "default",
        "provider",
        "withDeleted",
        "privateZone",
        "nameRegex",
        "includeAllConfigurations",
    )
)
# Arguments whose property has another name, by function or for all.
_ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "name", "arn"),
    "domain": ("domainName", "domain"),
    "loadBalancerArn": ("loadBalancerArn", "arn"),
    "groupName": ("groupName", "name"),
    "keyId": ("keyId", "arn", "id"),
    "secretId": ("secretId", "id", "arn", "name"),
    "clusterName": ("clusterName", "name", "id"),
    "serviceName": ("serviceName", "name"),
    "bucket": ("bucket", "id"),
    "functionName": ("functionName", "name", "arn"),
    "repositoryName": ("repositoryName", "name"),
    "roleName": ("roleName", "name"),
    "userName": ("userName", "name"),
    "zoneId": ("zoneId", "id"),
    "restApiId": ("restApiId", "id"),
    "apiId": ("apiId", "id"),
    "dbInstanceIdentifier": ("identifier", "id"),
    "dbClusterIdentifier": ("clusterIdentifier", "id"),
    "instanceId": ("instanceId", "id"),
    "distributionId": ("id",),
    "userPoolId": ("userPoolId", "id"),
    "fileSystemId": ("fileSystemId", "id"),
    "subnetId": ("subnetId", "id"),
    "routeTableId": ("routeTableId", "id"),
    "internetGatewayId": ("internetGatewayId", "id"),
    "keyName": ("keyName", "id"),
}
# Functions whose resource has another name than theirs.
_RESOURCES = {
    "aws:ec2/getSecurityGroup:getSecurityGroup": "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/getElasticIp:getElasticIp": "aws:ec2/eip:Eip",
    "aws:ebs/getEbsVolumes:getEbsVolumes": "aws:ebs/volume:Volume",
    "aws:ebs/getSnapshotIds:getSnapshotIds": "aws:ebs/snapshot:Snapshot",
    "aws:lb/getLbs:getLbs": "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/getLoadBalancer:getLoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/getListener:getListener": "aws:lb/listener:Listener",
    "aws:alb/getTargetGroup:getTargetGroup": "aws:lb/targetGroup:TargetGroup",
    "aws:ec2/getNatGateways:getNatGateways": "aws:ec2/natGateway:NatGateway",
    "aws:s3/getObject:getObject": "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/getBucketObject:getBucketObject": "aws:s3/bucketObject:BucketObject",
    "aws:cognito/getUserPools:getUserPools": "aws:cognito/userPool:UserPool",
    "aws:secretsmanager/getSecretVersion:getSecretVersion": "aws:secretsmanager/secretVersion:SecretVersion",
}


def resource_of(simulation: AwsSimulation, token: str) -> tuple[str, bool] | None:
    """The resource type that a function looks for, and whether it looks for several."""
    catalog = simulation.session.catalog
    match = re.match(r"^aws:([\w-]+)/get(\w+):get\w+$", token)
    if catalog is None or match is None:
        return None
    service, name = match.groups()
    known = _RESOURCES.get(token)
    for candidate, several in _singulars(name):
        resource = known or f"aws:{service}/{candidate[0].lower()}{candidate[1:]}:{candidate}"
        if catalog.resource(resource) is not None:
            return resource, several or (known is not None and name.endswith("s") and not name.endswith("ss"))
    return None


def _singulars(name: str) -> Iterator[tuple[str, bool]]:
    yield name, False
    if name.endswith("ies"):
        yield f"{name[:-3]}y", True
    if name.endswith("es"):
        yield name[:-2], True
    if name.endswith("s"):
        yield name[:-1], True
    if name.endswith("Ids"):
        yield name[:-3], True


def look_up(simulation: AwsSimulation, token: str, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The result of a lookup, or `UnknownLookupError` with what to write into sandbox.yaml."""
    catalog = simulation.session.catalog
    function = catalog.function(token) if catalog else None
    target = resource_of(simulation, token)
    if function is None or target is None:
        raise _unknown(token, arguments, "the sandbox does not simulate this function")
    resource, several = target
    found = [item for item in candidates(simulation, resource, region) if fits(item, arguments)]
    if several:
        return _several(function, arguments, found, region)
    if not found:
        raise _unknown(
            token, arguments, f"the simulated account has no {resource.rpartition(':')[2]} like that in {region}"
        )
    if len(found) > 1 and arguments.get("mostRecent") is not True and arguments:
        ids = ", ".join(str(item["id"]) for item in found[:5])
        raise OperationError("", f"{token}: {len(found)} resources fit ({ids}); use more specific search criteria")
    return _result(function, arguments, found[-1], region)


def _unknown(token: str, arguments: dict[str, Any], why: str) -> UnknownLookupError:
    asked = ", ".join(f"{key}: {value!r}" for key, value in arguments.items()) or "no arguments"
    return UnknownLookupError(
        f"{token} ({asked}): {why}. Give its result in sandbox.yaml:\n"
        f"  functions:\n    - function: {token}\n      arguments: {{}}\n      result: {{id: <its id>}}"
    )


def candidates(simulation: AwsSimulation, resource: str, region: str) -> list[dict[str, Any]]:
    """Every resource of a type in a region: described and built-in ones, then those of programs, oldest first."""
    session = simulation.session
    found = [{"id": item.id, **item.properties} for item in session.world.existing(resource, region)]
    for row in session.account.of_type(*_spellings(resource)):
        outputs = session.account.outputs(row)
        if outputs.get("region", region) == region:
            found.append({**outputs, "id": row.id})
    return found


def _spellings(resource: str) -> tuple[str, ...]:
    """A resource type with its other names."""
    if ":lb/" in resource:
        return resource, resource.replace(":lb/", ":alb/")
    if resource == "aws:s3/bucket:Bucket":
        return resource, "aws:s3/bucketV2:BucketV2"
    if resource == "aws:s3/bucketObjectv2:BucketObjectv2":
        return resource, "aws:s3/bucketObject:BucketObject"
    return (resource,)


def fits(item: dict[str, Any], arguments: dict[str, Any]) -> bool:
    """Whether a resource has everything that the arguments ask for."""
    for name, wanted in arguments.items():
        if name in ("tags", "resourceTags"):
            tags = item.get("tags")
            have: dict[str, Any] = tags if is_map(tags) else {}
            if is_map(wanted) and any(str(have.get(key)) != str(value) for key, value in wanted.items()):
                return False
        elif name == "filters" and is_list(wanted):
            if not all(_passes(item, condition) for condition in wanted if is_map(condition)):
                return False
        elif name in ("default", "privateZone", "defaultForAz"):
            if wanted is True and item.get(name) is not True:
                return False
            if wanted is False and name == "privateZone" and item.get(name) is True:
                return False
        elif name not in _OPTIONS and isinstance(wanted, str | int | bool) and not _equals(item, name, wanted):
            return False
    return True


def _equals(item: dict[str, Any], name: str, wanted: Any) -> bool:
    values = [item.get(other) for other in _ALIASES.get(name, (name,))]
    present = [reveal(value) for value in values if value is not None]
    if not present:
        # The resource does not tell: a lookup cannot be refused over what the sandbox does not know of it.
        return name not in ("id", "name", "arn")
    text = str(wanted).rstrip(".")
    return any(str(value).rstrip(".") == text for value in present)


def _passes(item: dict[str, Any], condition: dict[str, Any]) -> bool:
    name, patterns = str(condition.get("name")), [str(value) for value in listed(condition.get("values"))]
    tags = item.get("tags")
    have: dict[str, Any] = tags if is_map(tags) else {}
    if name.startswith("tag:"):
        value: Any = have.get(name[4:])
    elif name == "tag-key":
        return any(fnmatchcase(key, pattern) for key in have for pattern in patterns)
    elif name in ("isDefault", "is-default"):
        value = item.get("default", False)
    elif name == "default-for-az":
        value = item.get("defaultForAz", False)
    elif name.startswith("attachment.") and is_list(item.get("attachments")):
        key = _camel(name.partition(".")[2])
        return any(str(entry.get(key)) in patterns for entry in item["attachments"])
    else:
        key = _camel(name)
        value = item.get(key, item.get("id") if key.endswith("Id") and key[:-2].lower() in _kind(item) else None)
        if value is None and key == "cidr":
            value = item.get("cidrBlock")
        if value is None and key == "groupName":
            value = item.get("name")
        if value is None:
            return key in ("state", "status") or (
                key not in item and key not in ("vpcId", "subnetId", "availabilityZone")
            )
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def _kind(item: dict[str, Any]) -> str:
    """What an id is of, from its prefix: `subnet-0...` is of a subnet."""
    prefix = str(item.get("id", "")).partition("-")[0]
    return {"sg": "group", "rtb": "routetable", "igw": "internetgateway", "i": "instance"}.get(prefix, prefix)


def _camel(name: str) -> str:
    first, *rest = re.split(r"[-.]", name)
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _several(
    function: FunctionType, arguments: dict[str, Any], found: list[dict[str, Any]], region: str
) -> dict[str, Any]:
    result: dict[str, Any] = {**arguments, "id": region, "region": region}
    for name, declared in function.result.items():
        if name in result:
            continue
        if name == "ids" or name.endswith("Ids"):
            result[name] = [item["id"] for item in found]
        elif name in ("arns", "names", "zoneIds") or (declared.type.kind == "list" and name.endswith("s")):
            result[name] = [item[name[:-1]] for item in found if name[:-1] in item]
        else:
            result[name] = neutral(declared.type)
    return result


def _result(function: FunctionType, arguments: dict[str, Any], item: dict[str, Any], region: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    mint = Mint(f"lookup::{region}::{item.get('id')}")
    for name, declared in function.result.items():
        value = item.get(name)
        if value is None:
            value = next((item[other] for other in _ALIASES.get(name, ()) if item.get(other) is not None), None)
        if value is None:
            value = arguments.get(name)
        result[name] = _placeholder(name, declared, mint, region) if value is None else value
    result["id"] = item.get("id", region)
    result.setdefault("region", region)
    return result


def _placeholder(name: str, declared: Property, mint: Mint, region: str) -> Any:
    """What nothing is known about: secrets are invented, ARNs look like some, the rest is empty."""
    if name in ("secretString", "secretBinary", "password"):
        return Secret(f"sandbox-secret-{mint.hex(name, 12)}")
    if declared.type.kind == "string" and name.endswith(("arn", "Arn")):
        from blueprints.sandbox.provider.aws.regions import ACCOUNT

        return f"arn:aws:sandbox:{region}:{ACCOUNT}:{name}/{mint.hex(name, 16)}"
    return neutral(declared.type)
