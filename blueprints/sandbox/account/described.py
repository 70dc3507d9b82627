"""The friendly sections of sandbox.yaml as resources of the account."""

from __future__ import annotations

from collections.abc import Iterator

from blueprints.sandbox.account.description import Description, Vpc
from blueprints.sandbox.account.world import Existing
from blueprints.sandbox.provider.aws.regions import ACCOUNT, zone_id
from blueprints.sandbox.provider.mint import Mint


def resources(description: Description) -> Iterator[Existing]:
    """Every described resource."""
    for vpc in description.vpcs:
        yield from _network(vpc)
    for zone in description.zones:
        identity = zone.id or f"Z{Mint(zone.name).upper('zone', 20)}"
        properties = {"name": zone.name, "zoneId": identity, "privateZone": zone.private, "tags": zone.tags}
        yield Existing("aws:route53/zone:Zone", identity, "", {"id": identity, **properties})
    for certificate in description.certificates:
        properties = {"arn": certificate.arn, "domain": certificate.domain, "domainName": certificate.domain}
        properties["status"] = certificate.status
        yield Existing(
            "aws:acm/certificate:Certificate", certificate.arn, certificate.region, {**properties, "tags": {}}
        )
    for secret in description.secrets:
        properties = {"arn": secret.arn, "name": secret.name, "id": secret.arn}
        yield Existing("aws:secretsmanager/secret:Secret", secret.arn, secret.region, properties)
    for key in description.keys:
        arn = key.id if key.id.startswith("arn:") else f"arn:aws:kms:{key.region or 'us-east-1'}:{ACCOUNT}:key/{key.id}"
        identity = arn.rpartition("/")[2]
        yield Existing("aws:kms/key:Key", identity, key.region, {"arn": arn, "keyId": identity, "id": identity})
        if key.alias:
            name = f"alias/{key.alias.removeprefix('alias/')}"
            alias = {"name": name, "targetKeyId": identity, "targetKeyArn": arn, "id": name}
            alias["arn"] = arn.rpartition(":")[0] + f":{name}"
            yield Existing("aws:kms/alias:Alias", name, key.region, alias)
    for parameter in description.parameters:
        properties = {"name": parameter.name, "value": parameter.value, "type": parameter.type, "id": parameter.name}
        yield Existing("aws:ssm/parameter:Parameter", parameter.name, parameter.region, properties)
    for image in description.images:
        properties = {
            "id": image.id,
            "imageId": image.id,
            "name": image.name,
            "ownerId": ACCOUNT if image.owner == "self" else image.owner,
            "architecture": image.architecture,
            "creationDate": image.creation_date,
            "tags": image.tags,
        }
        yield Existing("aws:ec2/ami:Ami", image.id, image.region, properties)
    for item in description.resources:
        yield Existing(item.type, item.id, item.region, {"id": item.id, **item.properties})


def _network(vpc: Vpc) -> Iterator[Existing]:
    region = vpc.region
    properties = {"id": vpc.id, "cidrBlock": vpc.cidr_block, "tags": vpc.tags, "default": False, "state": "available"}
    yield Existing("aws:ec2/vpc:Vpc", vpc.id, region, properties)
    for subnet in vpc.subnets:
        properties = {
            "id": subnet.id,
            "vpcId": vpc.id,
            "cidrBlock": subnet.cidr_block,
            "availabilityZone": subnet.availability_zone,
            "availabilityZoneId": zone_id(subnet.availability_zone),
            "mapPublicIpOnLaunch": subnet.public,
            "tags": subnet.tags,
            "defaultForAz": False,
            "state": "available",
        }
        yield Existing("aws:ec2/subnet:Subnet", subnet.id, region or subnet.availability_zone[:-1], properties)
    for group in vpc.security_groups:
        properties = {"id": group.id, "vpcId": vpc.id, "name": group.name, "groupName": group.name, "tags": group.tags}
        yield Existing("aws:ec2/securityGroup:SecurityGroup", group.id, region, properties)
