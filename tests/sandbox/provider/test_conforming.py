"""Proves that inputs are read as a bridged provider reads them: one value for a list, a text for a number."""

from __future__ import annotations

import pytest

from blueprints.sandbox.provider.values import Secret, reveal, seal

from .client import Failed, Provider

INSTANCE, GROUP = "aws:ec2/instance:Instance", "aws:ec2/securityGroup:SecurityGroup"
RULE = {"protocol": "tcp", "fromPort": "80", "toPort": 80, "cidrBlocks": "10.0.0.0/16"}


def test_one_value_stands_for_a_list_of_one(aws: Provider) -> None:
    checked = aws.check(INSTANCE, {"ami": "ami-1", "instanceType": "t3.micro", "vpcSecurityGroupIds": "sg-1"})
    assert checked["vpcSecurityGroupIds"] == ["sg-1"]
    assert aws.check(GROUP, {"ingress": RULE})["ingress"] == [
        {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/16"]}
    ]


def test_a_list_of_one_stands_for_an_object(aws: Provider) -> None:
    given = {"ami": "ami-1", "instanceType": "t3.micro", "rootBlockDevice": [{"volumeSize": "20"}]}
    assert aws.check(INSTANCE, given)["rootBlockDevice"] == {"volumeSize": 20}
    with pytest.raises(Failed, match="must be an object"):
        aws.check(INSTANCE, {**given, "rootBlockDevice": [{"volumeSize": 20}, {"volumeSize": 30}]})


def test_texts_numbers_and_booleans_become_what_is_declared(aws: Provider) -> None:
    given = {"ami": "ami-1", "instanceType": "t3.micro", "monitoring": "true", "tags": {"a": 1}}
    checked = aws.check(INSTANCE, {**given, "userData": 7, "ebsOptimized": "False"})
    assert {name: checked[name] for name in ("monitoring", "tags", "userData", "ebsOptimized")} == {
        "monitoring": True,
        "tags": {"a": "1"},
        "userData": "7",
        "ebsOptimized": False,
    }


def test_what_says_something_else_is_refused(aws: Provider) -> None:
    with pytest.raises(Failed, match="`monitoring` must be a boolean, got a string"):
        aws.check(INSTANCE, {"ami": "ami-1", "instanceType": "t3.micro", "monitoring": "often"})


def test_a_lookup_answers_with_the_declared_types(aws: Provider) -> None:
    answer = aws.invoke(
        "aws:ec2/getAmi:getAmi",
        mostRecent="true",
        owners="amazon",
        filters={"name": "name", "values": "al2023-ami-2023.*-x86_64"},
    )
    assert answer["mostRecent"] is True
    assert answer["owners"] == ["amazon"]


def test_a_secret_stays_one_when_its_place_changes_shape() -> None:
    paths = [("rule", 0, "password")]
    sealed = seal({"rule": {"password": "hidden", "name": "a"}, "other": 1}, paths)
    assert isinstance(sealed["rule"], Secret)
    assert reveal(sealed) == {"rule": {"password": "hidden", "name": "a"}, "other": 1}
    assert seal({"rule": [{"name": "a"}]}, paths) == {"rule": [{"name": "a"}]}


def test_an_empty_text_is_no_text_to_the_api(aws: Provider) -> None:
    encryption = [{"encryptionType": "AES256", "kmsKey": ""}]
    aws.check("aws:ecr/repository:Repository", {"encryptionConfigurations": encryption})
    assert aws.warnings == []
    aws.check("aws:ecr/repository:Repository", {"encryptionConfigurations": [{"kmsKey": "k" * 3000}]})
    assert [warning.partition(":")[0] for warning in aws.warnings] == ["encryptionConfigurations[0].kmsKey"]
