"""Outputs that follow from other resources or from several inputs at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.aws.forms import Values
from blueprints.sandbox.provider.values import UNKNOWN, Archive, Asset, Unknown, is_list, is_map, listed

Compute = Callable[[Values], dict[str, Any]]


def referred(values: Values, identity: Any, type_token: str) -> dict[str, Any]:
    """The outputs of the resource that an input refers to; empty for one that the account does not have."""
    if not isinstance(identity, str) or not identity:
        return {}
    session = values.session
    for row in session.account.by_handle(identity):
        if row.type == type_token:
            return session.account.outputs(row)
    return session.world.resource(type_token, identity) or {}


def address(values: Values, label: str, network: str = "") -> str:
    """An address; inside `network` where one is given, which is an IPv4 block."""
    number = values.subject.mint.number(label, 2**16)
    if network:
        import ipaddress

        try:
            block = ipaddress.ip_network(network, strict=False)
        except ValueError:
            return f"10.0.{number >> 8}.{number & 255}"
        usable = max(block.num_addresses - 5, 1)
        return str(block.network_address + 4 + number % usable)
    # 203.0.113.0/24 and its kin are set aside for documentation (RFC 5737): nobody can be reached there.
    return f"203.0.113.{number % 254 + 1}"


def _instance(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    subnet_id = inputs.get("subnetId")
    subnet = referred(values, subnet_id, "aws:ec2/subnet:Subnet")
    unknown = isinstance(subnet_id, Unknown)
    private = inputs.get("privateIp") or (
        UNKNOWN if unknown else address(values, "private", str(subnet.get("cidrBlock", "")))
    )
    public = inputs.get("associatePublicIpAddress")
    if public is None:
        public = UNKNOWN if unknown else bool(subnet.get("mapPublicIpOnLaunch", not subnet))
    public_ip = (UNKNOWN if isinstance(public, Unknown) else address(values, "public")) if public else ""
    return {
        "availabilityZone": inputs.get("availabilityZone")
        or (UNKNOWN if unknown else subnet.get("availabilityZone") or f"{values.region}a"),
        "privateIp": private,
        "privateDns": _dns("ip", private, values, ".compute.internal", ".ec2.internal"),
        "publicIp": public_ip,
        "publicDns": _dns("ec2", public_ip, values, f".compute.{values['s']}", f".compute-1.{values['s']}"),
        "associatePublicIpAddress": public,
        "subnetId": inputs.get("subnetId") or "",
        "vpcSecurityGroupIds": inputs.get("vpcSecurityGroupIds") or [],
    }


def _dns(prefix: str, ip: Any, values: Values, regional: str, classic: str) -> Any:
    if isinstance(ip, Unknown) or not ip:
        return ip
    dashed = f"{prefix}-{str(ip).replace('.', '-')}"
    return dashed + (classic if values.region == "us-east-1" else f".{values.region}{regional}")


def _eip(values: Values) -> dict[str, Any]:
    public = address(values, "public")
    result: dict[str, Any] = {
        "publicIp": public,
        "publicDns": _dns("ec2", public, values, f".compute.{values['s']}", f".compute-1.{values['s']}"),
    }
    if values.subject.inputs.get("instance"):
        result["associationId"] = values.subject.mint.identity("eipassoc-", 17)
    return result


def _eip_association(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    eip = referred(values, inputs.get("allocationId"), "aws:ec2/eip:Eip")
    return {"publicIp": inputs.get("publicIp") or eip.get("publicIp") or address(values, "public")}


def _subnet(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    zone = inputs.get("availabilityZone") or f"{values.region}a"
    return {
        "availabilityZone": zone,
        "availabilityZoneId": UNKNOWN if isinstance(zone, Unknown) else regions.zone_id(str(zone)),
        "mapPublicIpOnLaunch": inputs.get("mapPublicIpOnLaunch") or False,
    }


def _nat_gateway(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    subnet = referred(values, inputs.get("subnetId"), "aws:ec2/subnet:Subnet")
    eip = referred(values, inputs.get("allocationId"), "aws:ec2/eip:Eip")
    public = "" if inputs.get("connectivityType") == "private" else eip.get("publicIp") or address(values, "public")
    return {"privateIp": address(values, "private", str(subnet.get("cidrBlock", ""))), "publicIp": public}


def _interface(values: Values) -> dict[str, Any]:
    subnet = referred(values, values.subject.inputs.get("subnetId"), "aws:ec2/subnet:Subnet")
    private = values.subject.inputs.get("privateIp") or address(values, "private", str(subnet.get("cidrBlock", "")))
    given = values.subject.inputs.get("privateIps")
    return {"privateIp": given[0] if given else private, "privateIps": given or [private]}


def _security_group(values: Values) -> dict[str, Any]:
    given = values.subject.inputs.get("vpcId")
    return {"vpcId": given or values.session.world.default_vpc(values.region)}


def _load_balancer(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    subnets = inputs.get("subnets")
    first = subnets[0] if is_list(subnets) and subnets else None
    mappings = inputs.get("subnetMappings")
    if first is None and is_list(mappings) and mappings and is_map(mappings[0]):
        first = mappings[0].get("subnetId")
    vpc = (
        UNKNOWN
        if isinstance(first, Unknown) or isinstance(subnets, Unknown)
        else (
            referred(values, first, "aws:ec2/subnet:Subnet").get("vpcId")
            or values.session.world.default_vpc(values.region)
        )
    )
    return {
        "vpcId": vpc,
        "zoneId": _LB_ZONES.get(values.region, "Z35SXDOTRQ7X7K"),
        "securityGroups": inputs.get("securityGroups") or [],
    }


# Hosted zones of Application Load Balancers (AWS General Reference, Elastic Load Balancing endpoints).
_LB_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-northeast-2": "ZWKZPGTI48KDX",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "sa-east-1": "Z2P70J7HTTTPLU",
}


def _certificate(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    names = [inputs.get("domainName"), *listed(inputs.get("subjectAlternativeNames"))]
    if any(isinstance(name, Unknown) for name in names) or inputs.get("domainName") is None:
        return {}
    unique = list(dict.fromkeys(str(name) for name in names))
    options = [_validation(values, name) for name in unique] if inputs.get("validationMethod") == "DNS" else []
    return {
        "domainValidationOptions": options,
        "subjectAlternativeNames": sorted(unique),
        "validationEmails": [],
        "validationMethod": inputs.get("validationMethod") or "NONE",
    }


def _validation(values: Values, domain: str) -> dict[str, Any]:
    bare = domain.removeprefix("*.")
    mint = values.subject.mint
    return {
        "domainName": domain,
        "resourceRecordName": f"_{mint.hex(f'name{bare}', 32)}.{bare}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{mint.hex(f'value{bare}', 32)}.acm-validations.aws.",
    }


def _function(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    code = inputs.get("code") or inputs.get("sourceCodeHash") or inputs.get("imageUri") or inputs.get("s3Key")
    if isinstance(code, Unknown):
        return {"codeSha256": UNKNOWN}
    digest = (
        code.content_hash() if isinstance(code, Asset | Archive) else hashlib.sha256(str(code).encode()).hexdigest()
    )
    return {"codeSha256": digest, "sourceCodeHash": inputs.get("sourceCodeHash") or digest}


def _rds_instance(values: Values) -> dict[str, Any]:
    inputs = values.subject.inputs
    engine = str(inputs.get("engine") or "mysql")
    result: dict[str, Any] = {
        "engineVersionActual": inputs.get("engineVersion") or ("16.4" if engine.startswith("postgres") else "8.0.40"),
        "multiAz": inputs.get("multiAz") or False,
    }
    if inputs.get("manageMasterUserPassword") is True:
        arn = values.fill("arn:{p}:secretsmanager:{r}:{a}:secret:rds!{uuid}-{lower6}")
        result["masterUserSecrets"] = [{"kmsKeyId": "", "secretArn": arn, "secretStatus": "active"}]
    return result


def _cluster(values: Values) -> dict[str, Any]:
    if values.subject.inputs.get("manageMasterUserPassword") is not True:
        return {}
    arn = values.fill("arn:{p}:secretsmanager:{r}:{a}:secret:rds!cluster-{uuid}-{lower6}")
    return {"masterUserSecrets": [{"kmsKeyId": "", "secretArn": arn, "secretStatus": "active"}]}


def _eks(values: Values) -> dict[str, Any]:
    config = values.subject.inputs.get("vpcConfig")
    if not is_map(config):
        return {}
    subnets = config.get("subnetIds")
    first = subnets[0] if is_list(subnets) and subnets else None
    vpc = referred(values, first, "aws:ec2/subnet:Subnet").get("vpcId", "")
    group = values.subject.mint.identity("sg-", 17)
    return {"vpcConfig": {**config, "vpcId": vpc, "clusterSecurityGroupId": group}}


def _user_pool_domain(values: Values) -> dict[str, Any]:
    return {"s3Bucket": f"aws-cognito-prod-{values.region}-assets"}


RELATIONS: dict[str, Compute] = {
    "ec2/instance:Instance": _instance,
    "ec2/spotInstanceRequest:SpotInstanceRequest": _instance,
    "ec2/eip:Eip": _eip,
    "ec2/eipAssociation:EipAssociation": _eip_association,
    "ec2/subnet:Subnet": _subnet,
    "ec2/natGateway:NatGateway": _nat_gateway,
    "ec2/networkInterface:NetworkInterface": _interface,
    "ec2/securityGroup:SecurityGroup": _security_group,
    "lb/loadBalancer:LoadBalancer": _load_balancer,
    "alb/loadBalancer:LoadBalancer": _load_balancer,
    "acm/certificate:Certificate": _certificate,
    "lambda/function:Function": _function,
    "rds/instance:Instance": _rds_instance,
    "rds/cluster:Cluster": _cluster,
    "eks/cluster:Cluster": _eks,
    "cognito/userPoolDomain:UserPoolDomain": _user_pool_domain,
}
