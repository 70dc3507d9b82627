# ruff: noqa: E501 - tables read better with one case a line
"""Ids, ARNs and addresses have the form that AWS gives them, and the tables name only what the SDK declares."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from blueprints.sandbox.catalog import package
from blueprints.sandbox.provider.aws import deletion, names
from blueprints.sandbox.provider.aws.forms import TABLES, special
from blueprints.sandbox.provider.aws.nested import NESTED
from blueprints.sandbox.provider.aws.relations import RELATIONS
from blueprints.sandbox.provider.aws.rules import RULES
from blueprints.sandbox.provider.mint import Mint, minted_here

from .client import Provider

TRUST = '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}'
FORMS: dict[str, dict[str, Any]] = {
    short: form
    for table in TABLES
    for short, form in importlib.import_module(f"blueprints.sandbox.provider.aws.attributes.{table}").FORMS.items()
}
AWS = package("aws")


@pytest.mark.parametrize("short", sorted(FORMS))
def test_a_form_is_of_a_declared_type_and_fills_declared_outputs(short: str) -> None:
    assert AWS is not None
    declared = AWS.resource(f"aws:{short}")
    assert declared is not None, f"the SDK has no aws:{short}"
    # Properties of newer SDKs and ids are not among a type's outputs.
    unknown = {name for name in FORMS[short] if name not in declared.outputs and name != "id"}
    assert unknown <= {"arn"}, unknown
    for field in re.findall(r"\{(\w+)\}", json.dumps(FORMS[short])):
        if not re.fullmatch(r"r|a|p|s|id|arn|name|uuid|(hex|digits|upper|lower)\d+", field):
            assert callable(special(field)), field


@pytest.mark.parametrize(
    "short",
    sorted({*NESTED, *RELATIONS, *RULES, *names.UNIQUE, *deletion.BLOCKERS, *deletion.PROTECTIONS, *deletion.CONTENTS}),
)
def test_every_table_names_declared_types(short: str) -> None:
    assert AWS is not None
    declared = AWS.resource(f"aws:{short}")
    assert declared is not None, f"the SDK has no aws:{short}"
    for path in NESTED.get(short, {}):
        assert path.removesuffix("[]").partition(".")[0] in declared.outputs, path
    if short in deletion.PROTECTIONS:
        assert deletion.PROTECTIONS[short][0] in declared.inputs
    for holder, properties in deletion.BLOCKERS.get(short, ("", {}))[1].items():
        other = AWS.resource(f"aws:{holder}")
        assert other is not None, holder
        assert set(properties) <= set(other.inputs), (holder, properties)


@pytest.mark.parametrize(
    ("token", "inputs", "identity", "outputs"),
    [
        ("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, r"vpc-[0-9a-f]{17}", {"arn": r"arn:aws:ec2:eu-central-1:000000000000:vpc/vpc-\w+"}),
        ("aws:s3/bucket:Bucket", {"bucket": "store"}, "store",
         {"arn": "arn:aws:s3:::store", "bucketRegionalDomainName": r"store\.s3\.eu-central-1\.amazonaws\.com", "hostedZoneId": "Z21DNDUVLTQW6Q"}),
        ("aws:sqs/queue:Queue", {"name": "q"}, r"https://sqs\.eu-central-1\.amazonaws\.com/000000000000/q", {"url": "https://.*/q"}),
        ("aws:sns/topic:Topic", {"name": "t"}, "arn:aws:sns:eu-central-1:000000000000:t", {"owner": "000000000000"}),
        ("aws:iam/role:Role", {"name": "r", "path": "/app/", "assumeRolePolicy": TRUST}, "r",
         {"arn": "arn:aws:iam::000000000000:role/app/r", "uniqueId": "AROA[A-Z0-9]{17}"}),
        ("aws:lb/loadBalancer:LoadBalancer", {"name": "web", "internal": True, "subnets": ["subnet-1", "subnet-2"]},
         r"arn:aws:elasticloadbalancing:eu-central-1:000000000000:loadbalancer/app/web/[0-9a-f]{16}",
         {"dnsName": r"internal-web-\d{10}\.eu-central-1\.elb\.amazonaws\.com", "zoneId": "Z215JYRZR1TBD5"}),
        ("aws:kms/key:Key", {}, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", {"arn": "arn:aws:kms:.*:key/.*"}),
        ("aws:secretsmanager/secret:Secret", {"name": "db"}, r"arn:aws:secretsmanager:eu-central-1:000000000000:secret:db-[a-z0-9]{6}", {}),
        ("aws:rds/instance:Instance", {"identifier": "db", "instanceClass": "db.t3.micro", "engine": "postgres", "allocatedStorage": 20,
                                       "username": "u", "password": "p" * 12}, r"db-[A-Z0-9]{26}",
         {"endpoint": r"db\.[a-z0-9]{12}\.eu-central-1\.rds\.amazonaws\.com:5432", "address": r"db\.[a-z0-9]{12}\..*", "port": "5432"}),
        ("aws:cloudfront/originAccessControl:OriginAccessControl",
         {"name": "o", "originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4"}, "E[A-Z0-9]{13}", {}),
        ("aws:route53/zone:Zone", {"name": "example.com"}, "Z[A-Z0-9]{20}", {"zoneId": "Z.*"}),
        ("aws:ssm/parameter:Parameter", {"name": "plain", "type": "String", "value": "v"}, "plain",
         {"arn": "arn:aws:ssm:eu-central-1:000000000000:parameter/plain"}),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "r", "eventBusName": "bus", "scheduleExpression": "rate(1 day)"}, "bus/r",
         {"arn": "arn:aws:events:eu-central-1:000000000000:rule/bus/r"}),
    ],
)  # fmt: skip
def test_common_resources(
    aws: Provider, token: str, inputs: dict[str, Any], identity: str, outputs: dict[str, str]
) -> None:
    made = aws.create(token, inputs)
    assert re.fullmatch(identity, made.id), made.id
    for name, pattern in outputs.items():
        assert re.fullmatch(pattern, str(made.outputs[name])), (name, made.outputs[name])


def test_types_that_no_table_knows_follow_the_documentations_examples(aws: Provider) -> None:
    made = aws.create("aws:amp/workspace:Workspace", {"alias": "a"})
    assert made.outputs["arn"].startswith("arn:aws:")
    host = aws.create(
        "aws:ec2/dedicatedHost:DedicatedHost", {"availabilityZone": "eu-central-1a", "instanceType": "m5.large"}
    )
    assert re.fullmatch(r"h-[0-9a-f]{17}", host.id)


def test_an_instance_follows_its_subnet(aws: Provider) -> None:
    vpc = aws.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"})
    place = {
        "vpcId": vpc.id,
        "cidrBlock": "10.0.7.0/24",
        "availabilityZone": "eu-central-1b",
        "mapPublicIpOnLaunch": True,
    }
    subnet = aws.create("aws:ec2/subnet:Subnet", place)
    server = aws.create(
        "aws:ec2/instance:Instance", {"ami": "ami-1", "instanceType": "t3.micro", "subnetId": subnet.id}
    )
    assert server.outputs["availabilityZone"] == "eu-central-1b"
    assert server.outputs["privateIp"].startswith("10.0.7.")
    assert server.outputs["publicIp"].startswith("203.0.113.")
    zone = aws.create("aws:route53/zone:Zone", {"name": "example.com"})
    record = aws.create(
        "aws:route53/record:Record", {"zoneId": zone.id, "name": "www", "type": "A", "ttl": 60, "records": ["1.2.3.4"]}
    )
    assert record.outputs["fqdn"] == "www.example.com"
    assert record.id == f"{zone.id}_www_A"


def test_a_certificate_has_a_validation_record_for_each_name(aws: Provider) -> None:
    inputs = {"domainName": "example.com", "subjectAlternativeNames": ["*.example.com"], "validationMethod": "DNS"}
    options = aws.create("aws:acm/certificate:Certificate", inputs).outputs["domainValidationOptions"]
    assert [option["domainName"] for option in options] == ["example.com", "*.example.com"]
    assert all(option["resourceRecordName"].endswith(".example.com.") for option in options)


def test_ids_tell_where_they_were_minted() -> None:
    mint = Mint("urn", 3)
    for made in (mint.identity("vpc-", 17), mint.identity("subnet-", 17, "b"), mint.uuid("key")):
        assert minted_here(made)
        assert not minted_here(made[:-1] + ("0" if made[-1] != "0" else "1"))
    assert not minted_here("vpc-0123456789abcdef0")
    assert not minted_here("my-name")


def test_the_derived_identities_are_of_declared_types() -> None:
    assert AWS is not None
    path = Path(importlib.import_module("blueprints.sandbox.provider.aws.forms").__file__ or "").with_name(
        "identities.json"
    )
    rules = json.loads(path.read_text())
    assert len(rules) > 900
    for token in list(rules)[::40]:
        assert AWS.resource(token) is not None, token
