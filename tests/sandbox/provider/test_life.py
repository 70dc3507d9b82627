"""One resource from plan to deletion: what a preview knows, what an update keeps, what a refresh brings back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from blueprints.sandbox.account import manage
from blueprints.sandbox.provider.values import Asset, Secret, Unknown

from .client import UNKNOWN, Failed, Provider, Refused

VPC, SUBNET, INSTANCE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/instance:Instance"
BUCKET, OBJECT = "aws:s3/bucket:Bucket", "aws:s3/bucketObjectv2:BucketObjectv2"
QUEUE, GROUP = "aws:sqs/queue:Queue", "aws:ec2/securityGroup:SecurityGroup"


def test_a_preview_invents_nothing(aws: Provider) -> None:
    outputs = aws.plan(VPC, {"cidrBlock": "10.0.0.0/16"}, "net")
    assert outputs["cidrBlock"] == "10.0.0.0/16"
    assert outputs["region"] == "eu-central-1"
    assert outputs["tagsAll"] == {}
    unknown = {name for name, value in outputs.items() if isinstance(value, Unknown)}
    assert {"arn", "mainRouteTableId", "defaultSecurityGroupId", "ownerId"} <= unknown
    assert set(outputs) - unknown == {"cidrBlock", "region", "tagsAll"}


def test_blocks_have_unknown_parts_too(aws: Provider) -> None:
    planned = aws.plan(INSTANCE, {"ami": "ami-1", "instanceType": "t3.micro", "rootBlockDevice": {"volumeSize": 20}})
    assert planned["rootBlockDevice"]["volumeSize"] == 20
    assert isinstance(planned["rootBlockDevice"]["volumeId"], Unknown)


def test_an_update_of_the_plan_fills_everything_in(aws: Provider) -> None:
    made = aws.create(VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "net"}}, "net")
    assert made.id.startswith("vpc-")
    assert made.outputs["arn"] == f"arn:aws:ec2:eu-central-1:000000000000:vpc/{made.id}"
    assert made.outputs["tagsAll"] == {"Name": "net"}
    assert not any(isinstance(value, Unknown) for value in made.outputs.values())


def test_the_same_program_gets_the_same_ids_on_another_machine(tmp_path: Path) -> None:
    ids = {Provider("aws", tmp_path / str(n)).create(VPC, {"cidrBlock": "10.0.0.0/16"}).id for n in range(2)}
    assert len(ids) == 1


def test_a_second_check_of_the_same_program_changes_nothing(aws: Provider) -> None:
    inputs = {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}}
    assert aws.diff(aws.create(VPC, inputs), inputs) == {}


def test_a_change_is_shown_where_it_is(aws: Provider) -> None:
    made = aws.create(VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "1", "b": "2"}})
    changed = {"cidrBlock": "10.1.0.0/16", "tags": {"a": "3", "c": "4"}, "enableDnsHostnames": True}
    assert aws.diff(made, changed) == {
        "cidrBlock": "update!",
        "enableDnsHostnames": "add",
        "tags.a": "update",
        "tags.b": "delete",
        "tags.c": "add",
        "tagsAll.a": "update",
        "tagsAll.b": "delete",
        "tagsAll.c": "add",
    }


def test_a_value_that_is_not_known_yet_replaces_where_a_change_would(aws: Provider) -> None:
    made = aws.create(SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"})
    assert aws.diff(made, {"vpcId": UNKNOWN, "cidrBlock": "10.0.1.0/24"}) == {"vpcId": "update!"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            {"policy": '{"Version":"2012-10-17","Statement":[]}'},
            {"policy": '{"Statement": [], "Version": "2012-10-17"}'},
        ),
        ({"delaySeconds": 5}, {"delaySeconds": "5"}),
        ({"fifoQueue": True, "name": "a.fifo"}, {"fifoQueue": "true", "name": "a.fifo"}),
    ],
)
def test_another_way_of_writing_is_no_change(aws: Provider, old: dict[str, object], new: dict[str, object]) -> None:
    assert aws.diff(aws.create(QUEUE, old), new) == {}


def test_the_order_of_a_set_is_no_change_and_that_of_a_list_is(aws: Provider) -> None:
    group = {
        "ingress": [{"protocol": "tcp", "fromPort": p, "toPort": p, "cidrBlocks": ["10.0.0.0/8"]} for p in (80, 443)]
    }
    made = aws.create(GROUP, group)
    assert aws.diff(made, {"ingress": group["ingress"][::-1]}) == {}
    function = {
        "code": Asset(text="x"),
        "handler": "h",
        "runtime": "python3.12",
        "role": "arn:aws:iam::000000000000:role/r",
    }
    layers = [
        "arn:aws:lambda:eu-central-1:000000000000:layer:a:1",
        "arn:aws:lambda:eu-central-1:000000000000:layer:b:1",
    ]
    token = "aws:lambda/function:Function"
    function["code"] = __import__("blueprints.sandbox.provider.values", fromlist=["Archive"]).Archive(
        path="x", hash="1"
    )
    made = aws.create(token, {**function, "layers": layers})
    assert set(aws.diff(made, {**function, "layers": layers[::-1]})) == {"layers[0]", "layers[1]"}


def test_a_file_changes_with_its_content_only(aws: Provider) -> None:
    first = {"bucket": "b-1", "key": "index.html", "source": Asset(path="one.html", hash="aaa")}
    made = aws.create(OBJECT, first)
    assert aws.diff(made, {**first, "source": Asset(path="moved/one.html", hash="aaa")}) == {}
    changed = {**first, "source": Asset(path="one.html", hash="bbb")}
    assert aws.diff(made, changed) == {"source": "update"}
    after = aws.update(made, changed)
    assert after.outputs["etag"] != made.outputs["etag"]
    assert after.outputs["versionId"] != made.outputs["versionId"]
    assert isinstance(aws.update(after, first, preview=True).outputs["etag"], Unknown)


def test_an_update_in_place_keeps_what_does_not_depend_on_it(aws: Provider) -> None:
    made = aws.create(QUEUE, {"delaySeconds": 5})
    previewed = aws.update(made, {"delaySeconds": 10}, preview=True)
    assert previewed.outputs == {**made.outputs, "delaySeconds": 10}
    assert aws.update(made, {"delaySeconds": 10}).outputs == previewed.outputs


@pytest.mark.parametrize("preview", [True, False])
def test_a_volume_grows_and_never_shrinks(aws: Provider, preview: bool) -> None:
    volume = {"availabilityZone": "eu-central-1a", "type": "gp3"}
    made = aws.create("aws:ebs/volume:Volume", {**volume, "size": 30})
    assert aws.update(made, {**volume, "size": 40}, preview).outputs["size"] == 40
    with pytest.raises(Refused, match=r"`size` would shrink from 30 to 20 GiB.*aws/storage-growth"):
        aws.update(made, {**volume, "size": 20}, preview)


def test_a_launch_template_counts_its_versions(aws: Provider) -> None:
    token = "aws:ec2/launchTemplate:LaunchTemplate"
    made = aws.create(token, {"imageId": "ami-1"})
    assert made.outputs["latestVersion"] == 1
    assert isinstance(aws.update(made, {"imageId": "ami-2"}, preview=True).outputs["latestVersion"], Unknown)
    assert aws.update(made, {"imageId": "ami-2"}).outputs["latestVersion"] == 2


def test_a_replacement_gets_new_ids(aws: Provider) -> None:
    first = aws.create(VPC, {"cidrBlock": "10.0.0.0/16"})
    second = aws.create(VPC, {"cidrBlock": "10.1.0.0/16"})
    assert first.urn == second.urn
    assert first.id != second.id
    aws.delete(first)
    assert aws.read(first) is None
    assert aws.read(second) is not None


def test_a_refresh_brings_drift_back_and_the_next_diff_repairs_it(aws: Provider) -> None:
    made = aws.create(BUCKET, {"tags": {"team": "web"}}, "store")
    manage.drift(aws.home, made.urn, "tags.team", "other")
    manage.drift(aws.home, made.urn, "forceDestroy", value=True)
    read = aws.read(made)
    assert read is not None
    assert read.inputs["tags"] == {"team": "other"}
    assert read.outputs["tags"] == {"team": "other"}
    assert aws.diff(read, {"tags": {"team": "web"}}) == {"forceDestroy": "delete", "tags.team": "update"}


def test_a_refresh_finds_nothing_of_what_was_removed(aws: Provider) -> None:
    made = aws.create(BUCKET, {})
    manage.remove(aws.home, made.urn)
    assert aws.read(made) is None
    with pytest.raises(Refused, match="does not exist any more; it was removed outside Pulumi"):
        aws.update(made, {"tags": {"a": "b"}})
    aws.delete(made)


def test_an_unknown_id_is_named_with_what_to_write(aws: Provider) -> None:
    with pytest.raises(Refused, match=r"no aws:s3/bucket:Bucket with the id `nobody`.*sandbox\.yaml"):
        aws.get(BUCKET, "nobody")


def test_another_resource_of_the_project_can_be_read_by_its_id(aws: Provider) -> None:
    made = aws.create(VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}}, "net")
    found = aws.get(VPC, made.id, "again")
    assert found.outputs == made.outputs
    assert found.inputs["cidrBlock"] == "10.0.0.0/16"


def test_an_alias_carries_a_resource_to_its_new_name(aws: Provider) -> None:
    made = aws.create(QUEUE, {}, "old")
    made.urn = Provider.urn(QUEUE, "new")
    after = aws.update(made, {"delaySeconds": 9})
    assert after.outputs["url"] == made.outputs["url"]
    aws.delete(after)
    assert aws.read(after) is None


def test_secrets_stay_secret_and_are_not_in_the_account(aws: Provider) -> None:
    token = "aws:ssm/parameter:Parameter"
    made = aws.create(token, {"type": "SecureString", "value": Secret("planted-value-1"), "name": "/a/b"})
    assert made.outputs["value"] == Secret("planted-value-1")
    environment = {"variables": {"PASSWORD": Secret("planted-value-2"), "PLAIN": "x"}}
    archive = __import__("blueprints.sandbox.provider.values", fromlist=["Archive"]).Archive(path="x", hash="1")
    function = aws.create(
        "aws:lambda/function:Function",
        {"code": archive, "handler": "h", "runtime": "python3.12", "role": "arn:aws:iam::000000000000:role/r",
         "environment": environment},
    )  # fmt: skip
    assert function.outputs["environment"]["variables"] == {"PASSWORD": Secret("planted-value-2"), "PLAIN": "x"}
    assert aws.read(function).outputs == function.outputs  # pyright: ignore[reportOptionalMemberAccess]
    for path in aws.home.iterdir():
        assert b"planted-value" not in path.read_bytes(), path
    tables = sqlite3.connect(aws.home / "account.sqlite").execute("SELECT inputs FROM resource").fetchall()
    assert len(tables) == 2


def test_an_output_made_from_a_secret_is_secret(aws: Provider) -> None:
    made = aws.create("aws:kms/alias:Alias", {"name": Secret("alias/hidden-name"), "targetKeyId": "1"})
    assert isinstance(made.outputs["arn"], Secret)
    assert "hidden-name" in made.outputs["arn"].value
    assert b"hidden-name" not in (aws.home / "account.sqlite").read_bytes()


def test_default_tags_and_ignored_tags_make_all_tags(home: Path) -> None:
    config = {
        "region": "us-east-1",
        "defaultTags": '{"tags": {"team": "web", "cost": "1"}}',
        "ignoreTags": '{"keyPrefixes": ["aws:"], "keys": ["skip"]}',
    }
    aws = Provider("aws", home, config)
    planned = aws.plan(BUCKET, {"tags": {"cost": "2", "skip": "x", "aws:y": "z"}})
    assert planned["tagsAll"] == {"team": "web", "cost": "2"}
    assert isinstance(aws.plan(BUCKET, {"tags": {"cost": UNKNOWN}})["tagsAll"], Unknown)


def test_a_resource_may_name_its_own_region(aws: Provider) -> None:
    made = aws.create(QUEUE, {"region": "us-east-1", "name": "q"})
    assert made.outputs["arn"] == "arn:aws:sqs:us-east-1:000000000000:q"
    assert made.id == "https://sqs.us-east-1.amazonaws.com/000000000000/q"
    assert aws.diff(made, {"region": "eu-west-1", "name": "q"})["region"] == "update!"


def test_the_sandboxes_own_account_may_not_be_forbidden(home: Path) -> None:
    with pytest.raises(Refused, match="forbiddenAccountIds contains it"):
        Provider("aws", home, {"region": "us-east-1", "forbiddenAccountIds": '["000000000000"]'})
    assert Provider("aws", home, {"region": "us-east-1", "allowedAccountIds": '["123456789012"]'})


@pytest.mark.parametrize(
    ("inputs", "path", "message"),
    [
        ({"cidrBlok": "10.0.0.0/16"}, "cidrBlok", "unknown property `cidrBlok`; did you mean `cidrBlock`?"),
        ({"cidrBlock": ["10.0.0.0/16"]}, "cidrBlock", "must be a string, got a list of 1"),
        ({"enableDnsSupport": "perhaps"}, "enableDnsSupport", "must be a boolean, got a string"),
        ({"tags": ["a"]}, "tags", "must be a map, got a list of 1"),
    ],
)
def test_wrong_names_and_types_are_refused(aws: Provider, inputs: dict[str, object], path: str, message: str) -> None:
    with pytest.raises(Failed) as failed:
        aws.check(VPC, inputs)
    ((found, reason),) = failed.value.failures
    assert (found, message in reason) == (path, True), reason


def test_a_missing_requirement_inside_a_block_is_found(aws: Provider) -> None:
    with pytest.raises(Failed, match=r"the required property `toPort` of `ingress\[0\]` is missing"):
        aws.check(GROUP, {"ingress": [{"protocol": "tcp", "fromPort": 80}]})


def test_a_resource_type_that_the_sdk_does_not_have_is_refused(aws: Provider) -> None:
    with pytest.raises(Failed, match="has no resource type aws:ec2/vpx:Vpx"):
        aws.check("aws:ec2/vpx:Vpx", {})


def test_single_values_and_lists_of_one_are_read_as_the_bridge_reads_them(aws: Provider) -> None:
    inputs = {
        "ami": "ami-1",
        "instanceType": "t3.micro",
        "vpcSecurityGroupIds": "sg-1",
        "rootBlockDevice": [{"volumeSize": 9}],
    }
    checked = aws.check(INSTANCE, inputs)
    assert checked["vpcSecurityGroupIds"] == ["sg-1"]
    assert checked["rootBlockDevice"] == {"volumeSize": 9}
    assert "rootBlockDevice" not in aws.check(INSTANCE, {**inputs, "rootBlockDevice": []})
    with pytest.raises(Failed, match=r"`rootBlockDevice` must be an object .*, got a list of 2"):
        aws.check(INSTANCE, {**inputs, "rootBlockDevice": [{}, {}]})
