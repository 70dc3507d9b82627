"""Who and where: account, partition, region, zones, ARNs."""

from __future__ import annotations

import re
from typing import Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.errors import OperationError
from blueprints.sandbox.provider.values import listed, mapped

_ARN = re.compile(r"^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$", re.DOTALL)


def get_caller_identity(_simulation: Any, _arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The simulated account."""
    account = regions.ACCOUNT
    return {"id": account, "accountId": account, "arn": f"arn:aws:iam::{account}:user/sandbox", "userId": "AIDASANDBOX"}


def get_partition(_simulation: Any, _arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The partition of the region."""
    name, suffix = regions.partition(region), regions.suffix(region)
    return {
        "id": name,
        "partition": name,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def get_region(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The provider's region, or the one asked for."""
    name = str(arguments.get("name") or arguments.get("region") or region)
    endpoint = arguments.get("endpoint")
    if endpoint:
        name = str(endpoint).split(".")[1] if str(endpoint).count(".") else name
    if name not in regions.NAMES:
        raise OperationError("", f"no matching region found: `{name}`")
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": regions.NAMES[name],
        "endpoint": f"ec2.{name}.{regions.suffix(name)}",
    }


def get_regions(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The regions of the partition."""
    names = sorted(name for name in regions.NAMES if regions.partition(name) == regions.partition(region))
    return {**arguments, "id": regions.partition(region), "names": names}


def get_availability_zones(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The zones of the region."""
    names = simulation.session.world.availability_zones(region)
    excluded = {*listed(arguments.get("excludeNames")), *listed(arguments.get("excludeZoneIds"))}
    left = [name for name in names if name not in excluded and regions.zone_id(name) not in excluded]
    for condition in map(mapped, listed(arguments.get("filters"))):
        wanted = [str(value) for value in listed(condition.get("values"))]
        if condition.get("name") == "zone-name":
            left = [name for name in left if name in wanted]
        elif condition.get("name") == "zone-id":
            left = [name for name in left if regions.zone_id(name) in wanted]
        elif condition.get("name") in ("zone-type", "opt-in-status", "region-name"):
            usual = {"availability-zone", "opt-in-not-required", region}
            left = left if usual & set(wanted) else []
    return {
        **arguments,
        "id": region,
        "names": left,
        "zoneIds": [regions.zone_id(name) for name in left],
        "groupNames": [region] if left else [],
    }


def get_availability_zone(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """One zone, by name or id."""
    for name in simulation.session.world.availability_zones(region):
        if arguments.get("name") in (None, name) and arguments.get("zoneId") in (None, regions.zone_id(name)):
            return {
                "id": name,
                "name": name,
                "nameSuffix": name[len(region) :],
                "region": region,
                "zoneId": regions.zone_id(name),
                "groupName": region,
                "groupLongName": f"{regions.NAMES.get(region, region)} 1",
                "networkBorderGroup": region,
                "optInStatus": "opt-in-not-required",
                "state": "available",
                "zoneType": "availability-zone",
                "parentZoneId": "",
                "parentZoneName": "",
            }
    raise OperationError("", f"{region} has no availability zone like {arguments}; name its zones in sandbox.yaml")


def get_arn(_simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The parts of an ARN."""
    text = str(arguments.get("arn", ""))
    match = _ARN.match(text)
    if not match:
        raise OperationError("", f"`{text}` is not an ARN: arn:partition:service:region:account:resource")
    partition, service, region, account, resource = match.groups()
    parts = {"partition": partition, "service": service, "region": region, "account": account, "resource": resource}
    return {"arn": text, "id": text, **parts}


def get_service(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The names of a service in DNS."""
    service = str(arguments.get("serviceId") or "")
    reverse = arguments.get("reverseDnsName")
    if reverse:
        parts = str(reverse).split(".")
        service, region = parts[-1], parts[-2] if len(parts) > 2 else region
    dns = arguments.get("dnsName")
    if dns:
        service, region = str(dns).split(".")[:2]
    suffix = regions.suffix(region)
    prefix = ".".join(reversed(suffix.split(".")))
    return {
        "id": f"{prefix}.{region}.{service}",
        "serviceId": service,
        "region": region,
        "partition": regions.partition(region),
        "dnsName": f"{service}.{region}.{suffix}",
        "reverseDnsName": f"{prefix}.{region}.{service}",
        "reverseDnsPrefix": prefix,
        "supported": True,
    }


def get_service_principal(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The name under which a service assumes roles."""
    service = str(arguments.get("serviceName") or "")
    suffix = regions.suffix(region) if regions.partition(region) == "aws-cn" and service == "ec2" else "amazonaws.com"
    return {
        "id": f"{service}.{suffix}",
        "name": f"{service}.{suffix}",
        "serviceName": service,
        "suffix": suffix,
        "region": region,
    }


def get_default_tags(simulation: Any, _arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The provider's default tags."""
    tags = mapped(mapped(simulation.config.get("defaultTags")).get("tags"))
    return {"id": regions.partition(simulation.default_region), "tags": tags}


def get_account_alias(_simulation: Any, _arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The simulated account's alias."""
    return {"id": "sandbox", "accountAlias": "sandbox"}


def get_session_context(_simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The role behind an assumed-role ARN; any other ARN stands for itself."""
    arn = str(arguments.get("arn", ""))
    match = re.match(r"^arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/(.+)$", arn)
    if not match:
        return {"id": arn, "arn": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}
    partition, account, role, session = match.groups()
    issuer = f"arn:{partition}:iam::{account}:role/{role}"
    return {"id": arn, "arn": arn, "issuerArn": issuer, "issuerId": "", "issuerName": role, "sessionName": session}


FUNCTIONS = {
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getRegion:getRegion": get_region,
    "aws:index/getRegions:getRegions": get_regions,
    "aws:index/getAvailabilityZones:getAvailabilityZones": get_availability_zones,
    "aws:index/getAvailabilityZone:getAvailabilityZone": get_availability_zone,
    "aws:index/getArn:getArn": get_arn,
    "aws:index/getService:getService": get_service,
    "aws:index/getServicePrincipal:getServicePrincipal": get_service_principal,
    "aws:index/getDefaultTags:getDefaultTags": get_default_tags,
    "aws:iam/getAccountAlias:getAccountAlias": get_account_alias,
    "aws:iam/getSessionContext:getSessionContext": get_session_context,
}
