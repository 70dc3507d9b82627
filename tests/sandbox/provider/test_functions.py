# ruff: noqa: E501 - tables read better with one case a line
"""Functions are computed where they are pure; lookups find what the account has, and name what it has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from blueprints.sandbox.provider.values import Secret

from .client import Provider, Refused

DESCRIPTION = """
region: eu-west-1
availability_zones: {eu-central-1: [eu-central-1a, eu-central-1c]}
vpcs:
  - id: vpc-0shared00000000001
    cidr_block: 10.50.0.0/16
    tags: {Name: shared}
    subnets:
      - {id: subnet-0shared000000001, cidr_block: 10.50.0.0/24, availability_zone: eu-central-1a, tags: {tier: public}}
      - {id: subnet-0shared000000002, cidr_block: 10.50.1.0/24, availability_zone: eu-central-1c, tags: {tier: private}}
    security_groups: [{id: sg-0shared00000000001, name: bastion}]
images: [{id: ami-0company0000000001, name: company-base-2026.01, creation_date: "2026-01-01T00:00:00.000Z"}]
parameters: [{name: /shared/host, value: db.internal}]
zones: [{name: example.com, id: ZEXAMPLE1}]
certificates: [{domain: example.com, arn: "arn:aws:acm:eu-central-1:000000000000:certificate/1"}]
secrets: [{name: shared/db, arn: "arn:aws:secretsmanager:eu-central-1:000000000000:secret:shared/db-abc123"}]
keys: [{id: 11111111-2222-3333-4444-555555555555, alias: shared}]
resources: [{type: "aws:s3/bucket:Bucket", id: company-logs, properties: {bucket: company-logs, tags: {a: b}}}]
functions: [{function: "aws:pricing/getProduct:getProduct", arguments: {serviceCode: AmazonEC2}, result: {result: "{}"}}]
"""


@pytest.fixture
def described(home: Path) -> Provider:
    home.mkdir(parents=True)
    (home.parents[1] / "sandbox.yaml").write_text(DESCRIPTION)
    return Provider("aws", home)


@pytest.mark.parametrize(
    ("token", "arguments", "expected"),
    [
        ("aws:index/getCallerIdentity:getCallerIdentity", {}, {"accountId": "000000000000"}),
        ("aws:index/getPartition:getPartition", {}, {"partition": "aws", "dnsSuffix": "amazonaws.com"}),
        ("aws:index/getRegion:getRegion", {}, {"region": "eu-central-1", "description": "Europe (Frankfurt)"}),
        ("aws:index/getAvailabilityZones:getAvailabilityZones", {"state": "available"},
         {"names": ["eu-central-1a", "eu-central-1b", "eu-central-1c"], "zoneIds": ["euc1-az1", "euc1-az2", "euc1-az3"]}),
        ("aws:index/getArn:getArn", {"arn": "arn:aws:iam::123456789012:role/a/b"},
         {"service": "iam", "region": "", "account": "123456789012", "resource": "role/a/b"}),
        ("aws:index/getServicePrincipal:getServicePrincipal", {"serviceName": "ecs-tasks"}, {"name": "ecs-tasks.amazonaws.com"}),
        ("aws:index/getService:getService", {"serviceId": "s3"}, {"reverseDnsName": "com.amazonaws.eu-central-1.s3"}),
        ("aws:elb/getServiceAccount:getServiceAccount", {}, {"id": "054676820928"}),
        ("aws:cloudfront/getCachePolicy:getCachePolicy", {"name": "Managed-CachingOptimized"},
         {"id": "658327ea-f89d-4fab-a63d-7e88639e58f6"}),
        ("aws:iam/getPolicy:getPolicy", {"name": "AdministratorAccess"}, {"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
        ("aws:ec2/getVpc:getVpc", {"default": True}, {"cidrBlock": "172.31.0.0/16", "default": True}),
    ],
)  # fmt: skip
def test_what_every_account_answers(
    aws: Provider, token: str, arguments: dict[str, Any], expected: dict[str, Any]
) -> None:
    result = aws.invoke(token, **arguments)
    assert {name: result[name] for name in expected} == expected


def test_the_default_vpc_has_a_subnet_in_each_zone(aws: Provider) -> None:
    vpc = aws.invoke("aws:ec2/getVpc:getVpc", default=True)["id"]
    found = aws.invoke("aws:ec2/getSubnets:getSubnets", filters=[{"name": "vpc-id", "values": [vpc]}])["ids"]
    zones = [aws.invoke("aws:ec2/getSubnet:getSubnet", id=identity)["availabilityZone"] for identity in found]
    assert zones == ["eu-central-1a", "eu-central-1b", "eu-central-1c"]


@pytest.mark.parametrize(
    ("pattern", "owner", "architecture"),
    [
        ("al2023-ami-2023.*-x86_64", "amazon", "x86_64"),
        ("al2023-ami-2023.*-arm64", "137112412989", "arm64"),
        ("amzn2-ami-hvm-*-x86_64-gp2", "amazon", "x86_64"),
        ("ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*", "099720109477", "x86_64"),
        ("debian-12-amd64-*", "136693071363", "x86_64"),
    ],
)
def test_public_images_are_found_by_name(aws: Provider, pattern: str, owner: str, architecture: str) -> None:
    filters = [{"name": "name", "values": [pattern]}, {"name": "virtualization-type", "values": ["hvm"]}]
    found = aws.invoke("aws:ec2/getAmi:getAmi", mostRecent=True, owners=[owner], filters=filters)
    assert found["architecture"] == architecture
    assert found["id"].startswith("ami-")


def test_images_and_parameters_differ_by_region_and_not_by_run(aws: Provider) -> None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    here = aws.invoke("aws:ssm/getParameter:getParameter", name=name)
    there = aws.invoke("aws:ssm/getParameter:getParameter", name=name, region="us-east-1")
    assert here["value"] == Secret(here["insecureValue"])
    assert here["insecureValue"].startswith("ami-")
    assert here["insecureValue"] != there["insecureValue"]
    assert aws.invoke("aws:ssm/getParameter:getParameter", name=name) == here


@pytest.mark.parametrize(
    ("token", "arguments", "expected"),
    [
        ("aws:ec2/getVpc:getVpc", {"tags": {"Name": "shared"}}, {"id": "vpc-0shared00000000001", "cidrBlock": "10.50.0.0/16"}),
        ("aws:ec2/getVpc:getVpc", {"filters": [{"name": "tag:Name", "values": ["sha*"]}]}, {"id": "vpc-0shared00000000001"}),
        ("aws:ec2/getSubnets:getSubnets",
         {"filters": [{"name": "vpc-id", "values": ["vpc-0shared00000000001"]}], "tags": {"tier": "private"}},
         {"ids": ["subnet-0shared000000002"]}),
        ("aws:ec2/getSecurityGroup:getSecurityGroup", {"name": "bastion"}, {"id": "sg-0shared00000000001"}),
        ("aws:ec2/getAmi:getAmi", {"owners": ["self"], "nameRegex": "^company-"}, {"id": "ami-0company0000000001"}),
        ("aws:ssm/getParameter:getParameter", {"name": "/shared/host"}, {"insecureValue": "db.internal"}),
        ("aws:route53/getZone:getZone", {"name": "example.com."}, {"zoneId": "ZEXAMPLE1"}),
        ("aws:acm/getCertificate:getCertificate", {"domain": "example.com", "mostRecent": True},
         {"arn": "arn:aws:acm:eu-central-1:000000000000:certificate/1"}),
        ("aws:kms/getAlias:getAlias", {"name": "alias/shared"}, {"targetKeyId": "11111111-2222-3333-4444-555555555555"}),
        ("aws:s3/getBucket:getBucket", {"bucket": "company-logs"}, {"id": "company-logs"}),
        ("aws:pricing/getProduct:getProduct", {"serviceCode": "AmazonEC2"}, {"result": "{}"}),
        ("aws:index/getAvailabilityZones:getAvailabilityZones", {}, {"names": ["eu-central-1a", "eu-central-1c"]}),
    ],
)  # fmt: skip
def test_what_the_file_describes_is_found(
    described: Provider, token: str, arguments: dict[str, Any], expected: dict[str, Any]
) -> None:
    result = described.invoke(token, **arguments)
    assert {name: result[name] for name in expected} == expected


def test_the_value_of_a_described_secret_is_invented_and_secret(described: Provider) -> None:
    found = described.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", secretId="shared/db")
    assert isinstance(found["secretString"], Secret)
    assert found["secretString"].value.startswith("sandbox-secret-")


def test_described_resources_can_be_read_and_imported(described: Provider) -> None:
    found = described.get("aws:s3/bucket:Bucket", "company-logs")
    assert found.inputs == {
        "bucket": "company-logs",
        "tags": {"a": "b"},
        "region": "eu-central-1",
        "tagsAll": {"a": "b"},
    }
    assert found.outputs["arn"] == "arn:aws:s3:::company-logs"
    assert found.outputs["bucket"] == "company-logs"


def test_a_described_resource_has_its_name(described: Provider) -> None:
    with pytest.raises(Refused, match=r"Bucket `company-logs` already exists \(sandbox.yaml\)"):
        described.create("aws:s3/bucket:Bucket", {"bucket": "company-logs"})


def test_what_the_programs_made_is_found(aws: Provider) -> None:
    made = aws.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.9.0.0/16", "tags": {"Name": "mine"}})
    assert aws.invoke("aws:ec2/getVpc:getVpc", tags={"Name": "mine"})["id"] == made.id
    queue = aws.create("aws:sqs/queue:Queue", {"name": "jobs"})
    assert aws.invoke("aws:sqs/getQueue:getQueue", name="jobs")["arn"] == queue.outputs["arn"]


@pytest.mark.parametrize(
    ("token", "arguments", "message"),
    [
        (
            "aws:ec2/getVpc:getVpc",
            {"tags": {"Name": "nowhere"}},
            r"no Vpc like that in eu-central-1\. Give its result in sandbox",
        ),
        ("aws:ec2/getAmi:getAmi", {"owners": ["self"]}, r"no image for .*owners.*Describe one in sandbox\.yaml"),
        (
            "aws:ssm/getParameter:getParameter",
            {"name": "/a"},
            r"no parameter `/a` in eu-central-1\. Describe it in sandbox\.yaml",
        ),
        ("aws:iam/getRole:getRole", {"name": "nobody"}, "no role `nobody`"),
        ("aws:ec2/getManagedPrefixList:getManagedPrefixList", {"name": "x"}, "no prefix list `x`"),
        ("aws:secretsmanager/getSecretVersion:getSecretVersion", {"secretId": "x"}, "no secret `x`"),
        ("aws:pricing/getProduct:getProduct", {"serviceCode": "X"}, "does not simulate this function"),
        ("aws:index/getRegion:getRegion", {"region": "xx-nowhere-1"}, "no matching region found"),
        ("aws:index/getArn:getArn", {"arn": "nonsense"}, "`nonsense` is not an ARN"),
        ("aws:ec2/getAmi:getAmi", {"owners": ["amazon"]}, "Your query returned more than one result"),
    ],
)
def test_what_nobody_knows_is_an_error_that_names_it(
    aws: Provider, token: str, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused, match=f"(?s){message}"):
        aws.invoke(token, **arguments)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vpcs: [{id: vpc-1}]", r"vpcs\[0\]\.cidr_block: Field required"),
        ("regions: x", "regions: Extra inputs are not permitted"),
        ("resources: [{type: nonsense, id: a}]", r"resources\[0\]\.type: String should match pattern"),
        ("a: [", "sandbox.yaml cannot be read"),
    ],
)
def test_a_wrong_file_is_an_error_for_people(home: Path, text: str, message: str) -> None:
    home.mkdir(parents=True)
    (home.parents[1] / "sandbox.yaml").write_text(text)
    with pytest.raises(Refused, match=message):
        Provider("aws", home).invoke("aws:ec2/getVpc:getVpc", default=True)


def test_the_files_region_is_used_where_the_program_sets_none(described: Provider, home: Path) -> None:
    assert described.invoke("aws:index/getRegion:getRegion")["region"] == "eu-central-1"
    assert (
        Provider("aws", home, {"skipRegionValidation": "true"}).invoke("aws:index/getRegion:getRegion")["region"]
        == "eu-west-1"
    )
