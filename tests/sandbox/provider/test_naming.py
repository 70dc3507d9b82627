"""Names that nobody chose: stable, unique, within the limit, and as the stack's configuration asks."""

from __future__ import annotations

import re

import pytest

from blueprints.sandbox.provider.rpc import provider_pb2

from .client import Failed, Provider

BUCKET = "aws:s3/bucket:Bucket"
OPTIONS = provider_pb2.CheckRequest.AutonamingOptions


def test_a_preview_and_the_update_after_it_use_the_same_name(aws: Provider) -> None:
    planned = aws.plan(BUCKET, {}, "store")["bucket"]
    assert re.fullmatch(r"store-[0-9a-f]{7}", planned)
    assert aws.create(BUCKET, {}, "store").outputs["bucket"] == planned


def test_a_new_seed_of_the_engine_does_not_change_a_name(aws: Provider) -> None:
    one = aws.check(BUCKET, {}, randomSeed=b"1" * 32)
    assert aws.check(BUCKET, {}, randomSeed=b"2" * 32) == one


def test_an_existing_resource_keeps_its_name_and_a_replacement_gets_another(aws: Provider) -> None:
    made = aws.create(BUCKET, {})
    assert aws.check(BUCKET, {}, olds=made.inputs)["bucket"] == made.outputs["bucket"]
    assert aws.check(BUCKET, {})["bucket"] != made.outputs["bucket"]


def test_a_bucket_name_is_lower_case(aws: Provider) -> None:
    assert aws.check(BUCKET, {}, "MyStore")["bucket"].startswith("mystore-")


def test_a_name_that_does_not_fit_is_refused_with_the_length_that_would(aws: Provider) -> None:
    with pytest.raises(Failed) as failed:
        aws.check("aws:lb/targetGroup:TargetGroup", {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}, "a" * 30)
    ((path, reason),) = failed.value.failures
    assert path == "name"
    assert "longer than the maximum of 32; shorten it to 24 characters or set `name`" in reason


def test_the_logical_name_of_24_characters_fits(aws: Provider) -> None:
    inputs = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}
    assert len(aws.check("aws:lb/targetGroup:TargetGroup", inputs, "a" * 24)["name"]) == 32


def test_a_fifo_queue_gets_the_ending_that_it_needs(aws: Provider) -> None:
    assert aws.check("aws:sqs/queue:Queue", {"fifoQueue": True}, "jobs")["name"].endswith(".fifo")
    assert not aws.check("aws:sqs/queue:Queue", {}, "jobs")["name"].endswith(".fifo")


def test_a_prefix_leaves_the_name_to_the_service(aws: Provider) -> None:
    inputs = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "namePrefix": "web-"}
    token = "aws:lb/targetGroup:TargetGroup"
    assert "name" not in aws.check(token, inputs)
    assert re.fullmatch(r"web-\d+", aws.create(token, inputs).outputs["name"])


def test_the_stacks_own_pattern_is_used(aws: Provider) -> None:
    proposed = OPTIONS(proposed_name="prod-store", mode=OPTIONS.Mode.PROPOSE)
    assert aws.check(BUCKET, {}, autonaming=proposed)["bucket"] == "prod-store"
    enforced = OPTIONS(proposed_name="exactly-this", mode=OPTIONS.Mode.ENFORCE)
    assert aws.check(BUCKET, {}, autonaming=enforced)["bucket"] == "exactly-this"
    assert aws.check(BUCKET, {"bucket": "mine"}, autonaming=enforced)["bucket"] == "mine"


def test_a_pattern_that_makes_too_long_a_name_is_refused(aws: Provider) -> None:
    long = OPTIONS(proposed_name="n" * 40, mode=OPTIONS.Mode.ENFORCE)
    with pytest.raises(Failed, match="has 40 characters, and at most 32 are allowed"):
        aws.check("aws:lb/targetGroup:TargetGroup", {"port": 80, "protocol": "HTTP", "vpcId": "v"}, autonaming=long)


def test_with_naming_switched_off_a_name_must_be_set(aws: Provider) -> None:
    off = OPTIONS(mode=OPTIONS.Mode.DISABLE)
    with pytest.raises(Failed, match="automatic naming is off for this stack, so `bucket` must be set"):
        aws.check(BUCKET, {}, autonaming=off)
    assert aws.check(BUCKET, {"bucket": "mine"}, autonaming=off)["bucket"] == "mine"


def test_a_fixed_name_makes_a_replacement_delete_first(aws: Provider) -> None:
    token = "aws:dynamodb/table:Table"
    inputs = {
        "name": "table",
        "hashKey": "a",
        "attributes": [{"name": "a", "type": "S"}],
        "billingMode": "PAY_PER_REQUEST",
    }
    changed = {**inputs, "hashKey": "b", "attributes": [{"name": "b", "type": "S"}]}
    fixed = aws.create(token, inputs, "fixed")
    assert aws.diff(fixed, changed)["delete first"] == "yes"
    del inputs["name"], changed["name"]
    assert "delete first" not in aws.diff(aws.create(token, inputs, "free"), changed)
