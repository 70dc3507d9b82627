"""`--fail-on`: which operations on which resources fail, and which texts are wrong."""

from __future__ import annotations

import pytest

from blueprints.sandbox.provider.faults import Fault, parse, spellings

VPC = "aws:ec2/vpc:Vpc"


@pytest.mark.parametrize("text", [VPC, "aws:ec2:Vpc", "aws.ec2.Vpc", "ec2.Vpc", "Vpc", "net"])
def test_a_resource_is_named_by_type_or_name(text: str) -> None:
    (fault,) = parse(text)
    assert all(fault.strikes(operation, VPC, "net") for operation in ("create", "update", "delete"))
    assert not fault.strikes("create", "aws:ec2/subnet:Subnet", "a")


def test_an_operation_may_be_chosen_and_several_faults_given() -> None:
    assert parse("net:create, aws:ec2/vpc:Vpc:delete,") == (Fault("net", "create"), Fault(VPC, "delete"))
    assert not parse("net:create")[0].strikes("update", VPC, "net")
    assert parse("") == ()


@pytest.mark.parametrize(
    ("text", "message"), [("net:creat", "`creat` in `net:creat` is no operation"), (":create", "names no resource")]
)
def test_wrong_texts_are_said(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)


def test_types_without_a_module_have_fewer_spellings() -> None:
    assert spellings("random:index/randomPet:RandomPet") >= {"random.RandomPet", "RandomPet", "random:RandomPet"}
    assert "apps/v1.Deployment" in spellings("kubernetes:apps/v1:Deployment")
