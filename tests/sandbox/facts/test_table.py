"""The facts table answers for paths with indices and parents, and names where each answer comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprints.sandbox import facts
from blueprints.sandbox.facts import Fact, NameRule, ResourceFacts, Source

AWS = facts.table("aws")
INSTANCE = "aws:ec2/instance:Instance"


@pytest.mark.parametrize(
    ("token", "path", "kind"),
    [
        ("aws:rds/instance:Instance", "storageEncrypted", "replaces"),
        ("aws:rds/instance:Instance", "instanceClass", "updates"),
        ("aws:rds/instance:Instance", "restoreToPointInTime.restoreTime", "replaces"),
        (INSTANCE, "rootBlockDevice.encrypted", "replaces"),
        (INSTANCE, "rootBlockDevice.volumeSize", "updates"),
        (INSTANCE, "ebsBlockDevices[0].encrypted", "replaces"),
        (INSTANCE, "ebsBlockDevices[2].volumeSize", "may_replace"),
        (INSTANCE, "userData", "may_replace"),
        (INSTANCE, "launchTemplate.id", "replaces"),
        (INSTANCE, "launchTemplate.version", "may_replace"),
        (INSTANCE, "tags.Name", "updates"),
        ("aws:ec2/routeTableAssociation:RouteTableAssociation", "routeTableId", "updates"),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "cidrIpv4", "updates"),
        ("aws:ec2/securityGroup:SecurityGroup", "description", "replaces"),
        ("aws:ec2/securityGroup:SecurityGroup", "ingress[0].fromPort", "updates"),
        ("aws:ecs/taskDefinition:TaskDefinition", "containerDefinitions", "replaces"),
        ("aws:alb/targetGroup:TargetGroup", "port", "replaces"),
        ("aws:s3/bucketV2:BucketV2", "bucket", "replaces"),
    ],
)
def test_what_a_change_does(token: str, path: str, kind: str) -> None:
    fact = AWS.resource(token).change(path)
    assert fact is not None
    assert fact.kind == kind
    assert fact.source.name


@pytest.mark.parametrize(
    ("token", "path"),
    [
        ("aws:ecs/service:Service", "noSuchProperty"),
        ("aws:appmesh/mesh:Mesh", "spec"),
        ("aws:no/such:Type", "name"),
        ("", ""),
        (INSTANCE, ""),
    ],
)
def test_nothing_is_said_where_no_source_speaks(token: str, path: str) -> None:
    assert AWS.resource(token).change(path) is None


def test_unknown_types_and_packages_are_empty() -> None:
    assert AWS.resource("aws:no/such:Type").rows == ()
    assert AWS.resource("aws:../../secret:Type").rows == ()
    assert AWS.resource("nothing").rows == ()
    empty = facts.table("no-such-package")
    assert empty.tokens() == []
    assert empty.resource("no-such-package:index:Thing").stateful is None
    assert empty.sources == ()


def test_rule_ids_name_type_property_and_kind() -> None:
    enum = AWS.resource("aws:ebs/volume:Volume").fact("type", "enum")
    assert enum is not None
    assert enum.rule_id == "aws:ebs/volume:Volume/type/enum"
    assert "gp3" in enum.value
    assert enum.closed
    group = AWS.resource("aws:ebs/volume:Volume").of("at_least_one_of")[0]
    assert group.rule_id == "aws:ebs/volume:Volume/size+snapshotId/at_least_one_of"


def test_source_reads_as_a_sentence_part() -> None:
    fact = AWS.resource("aws:kms/key:Key").change("keyUsage")
    assert fact is not None
    text = "botocore service models 1.44.5 (CreateKey takes KeyUsage, no operation changes it)"
    assert str(fact.source) == text


@pytest.mark.parametrize(
    ("token", "rule"),
    [
        ("aws:s3/bucket:Bucket", NameRule("bucket", 63, lower=True)),
        ("aws:lb/loadBalancer:LoadBalancer", NameRule("name", 32)),
        ("aws:iam/role:Role", NameRule("name", 64)),
        ("aws:lambda/function:Function", NameRule("name", 64)),
        ("aws:sqs/queue:Queue", NameRule("name", 80, suffix=".fifo", suffix_when="fifoQueue")),
        ("aws:kms/alias:Alias", NameRule("name", 238, prefix="alias/")),
        ("aws:rds/instance:Instance", NameRule("identifier", 255, separator="")),
        ("aws:s3/bucketObjectv2:BucketObjectv2", NameRule("key", 1024, separator="", random_length=0)),
        ("aws:glue/catalogTable:CatalogTable", NameRule("name", 255, "_", random_length=8, letters=True, lower=True)),
        ("aws:ecs/cluster:Cluster", NameRule("name", 255)),
        ("aws:route53/zone:Zone", NameRule("name", 255)),
        ("aws:cloudwatch/logGroup:LogGroup", NameRule("name", 255)),
    ],
)
def test_names_that_the_provider_makes(token: str, rule: NameRule) -> None:
    assert AWS.resource(token).name == rule


@pytest.mark.parametrize("token", ["aws:route53/record:Record", "aws:s3/bucketPolicy:BucketPolicy", "aws:ec2/vpc:Vpc"])
def test_types_without_automatic_names(token: str) -> None:
    assert AWS.resource(token).name is None


def test_stores_and_order_of_replacement() -> None:
    assert AWS.resource("aws:rds/cluster:Cluster").stateful == "a database"
    assert AWS.resource("aws:ec2/subnet:Subnet").stateful is None
    assert AWS.resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment").delete_first
    assert not AWS.resource("aws:iam/role:Role").delete_first


def test_sets_and_defaults() -> None:
    group = AWS.resource("aws:ec2/securityGroup:SecurityGroup")
    assert group.fact("ingress", "set") is not None
    description = group.fact("description", "default")
    assert description is not None
    assert (description.value, description.closed) == ("Managed by Pulumi", True)
    assert AWS.resource("aws:ecs/taskDefinition:TaskDefinition").fact("requiresCompatibilities", "set") is not None
    assert AWS.resource("aws:lb/listener:Listener").fact("defaultActions", "set") is None


def test_kind_of_reference() -> None:
    rds = AWS.resource("aws:rds/instance:Instance").fact("kmsKeyId", "reference")
    assert rds is not None
    assert (rds.value["forms"], rds.value["to"], rds.closed) == (["arn"], ["aws:kms/key:Key"], True)
    groups = AWS.resource(INSTANCE).fact("vpcSecurityGroupIds[]", "reference")
    assert groups is not None
    assert (groups.value["forms"], groups.value["prefix"], groups.closed) == (["id"], "sg-", False)


def test_other_packages() -> None:
    password = facts.table("random").resource("random:index/randomPassword:RandomPassword")
    change = password.change("length")
    assert change is not None
    assert change.kind == "replaces"
    key = facts.table("tls").resource("tls:index/privateKey:PrivateKey").fact("algorithm", "enum")
    assert key is not None
    assert key.value == ["RSA", "ECDSA", "ED25519"]
    claims = facts.table("kubernetes").resource("kubernetes:apps/v1:StatefulSet").change("spec.volumeClaimTemplates[0]")
    assert claims is not None
    assert claims.kind == "replaces"


def test_reading_a_fact_by_hand() -> None:
    source = Source("a book", "2", "page 3")
    resource = ResourceFacts("t", (Fact("t", "a[].b", "replaces", True, source, True),))
    assert str(source) == "a book 2 (page 3)"
    assert resource.change("a[7].b.c") == resource.rows[0]
    assert resource.change("a[7]") is None
    assert resource.at("a[7].b") == resource.rows


@pytest.mark.parametrize("package", ["aws", "command", "docker", "kubernetes", "random", "tls"])
def test_every_row_is_sound(package: str) -> None:
    table = facts.table(package)
    for token in table.tokens():
        resource = table.resource(token)
        seen: set[tuple[str, str]] = set()
        for row in resource.rows:
            assert row.source.name, row.rule_id
            assert row.source.version, row.rule_id
            family = "change" if row.kind in ("replaces", "updates", "may_replace") else row.kind
            group = str(row.value) if row.kind in ("exactly_one_of", "at_least_one_of") else ""
            assert (row.path, family + group) not in seen, f"two rows for {row.rule_id}"
            seen.add((row.path, family + group))
            if row.kind == "pattern":
                re.compile(row.value)
            if row.kind == "enum":
                assert row.value, row.rule_id
                assert len(set(row.value)) == len(row.value), row.rule_id
        for low, high in (("min_length", "max_length"), ("minimum", "maximum"), ("min_items", "max_items")):
            for row in resource.of(low):  # pyright: ignore[reportArgumentType]
                upper = resource.fact(row.path, high)  # pyright: ignore[reportArgumentType]
                assert upper is None or row.value <= upper.value, row.rule_id


def test_only_names_that_are_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "ec2.jsonl").write_text('aws:ec2/x:X\t[["a","replaces",true,0,1]]\n')
    (tmp_path / "manifest.json").write_text('{"sdk_version": "1", "sources": [["s", "1", ""]]}')
    table = facts.Facts("aws", tmp_path)
    assert table.tokens() == ["aws:ec2/x:X"]
    assert table.resource("aws:ec2/x:X").change("a") is not None
    assert table.resource("aws:../ec2/x:X").rows == ()


@given(st.text(alphabet="ab.[]{}0", max_size=40))
@settings(deadline=None)
def test_any_text_is_a_path(text: str) -> None:
    """Paths come from programs' own keys: an answer or none, and always an end."""
    resource = AWS.resource(INSTANCE)
    assert resource.change(text) is None
    assert resource.at(text) == () or text == ""


@pytest.mark.parametrize("text", ["x" * 4000, "../aws", "", "\0", "*"])
def test_names_that_are_no_files(text: str) -> None:
    assert facts.table(text).tokens() == []
    assert AWS.resource(f"aws:{text}/x:Y").rows == ()
    assert AWS.resource(f"aws:ec2/{text}:Y").rows == ()
    assert AWS.resource(text).rows == ()
