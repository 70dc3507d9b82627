"""The component contract: names, parents, tags, protection, overrides, waivers; all judged before the first child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from mocks import build

from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import SettingsError


class VolumeSettings(BlueprintSettings):
    size: int = 20


class ToyVolume(Blueprint):
    SETTINGS = VolumeSettings
    ROLES = {"volume": "aws:ebs/volume:Volume", "tagless": "aws:ec2/route:Route"}
    STORES = {"volume"}
    volume_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: VolumeSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = VolumeSettings.load(args)
        super().__init__(name, settings, opts)
        self.volume = self.create(
            aws.ebs.Volume,
            "volume",
            {"availability_zone": "eu-central-1a", "size": settings.size, "encrypted": True, "type": "gp3"},
        )
        self.publish(volume_id=self.volume.id)


class ToyServer(Blueprint):
    SETTINGS = VolumeSettings
    ROLES = {"instance": "aws:ec2/instance:Instance", "role-*": "aws:iam/role:Role"}
    PARTS = {"data": ToyVolume}

    def __init__(
        self, name: str, args: VolumeSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = VolumeSettings.load(args)
        super().__init__(name, settings, opts)
        self.data = ToyVolume(f"{name}-data", {**self.handed("data"), "size": settings.size}, self.child())
        self.instance = self.create(
            aws.ec2.Instance,
            "instance",
            {
                "instance_type": "t3.micro",
                "ami": "ami-1",
                "metadata_options": {"http_tokens": "required", "http_put_response_hop_limit": 1},
                "root_block_device": {"encrypted": True},
            },
        )
        self.create(aws.iam.Role, "role-reader", {"assume_role_policy": "{}"})
        self.publish()


def test_children_are_named_parented_and_tagged() -> None:
    seen = build(lambda: ToyServer("shop", {"environment": "prod", "tags": {"team": "a"}}))
    volume = seen.one("shop-data-volume")
    assert volume.parent == "shop-data"
    assert seen.one("shop-data").parent == "shop"
    assert volume.inputs == {
        "availabilityZone": "eu-central-1a",
        "size": 20,
        "encrypted": True,
        "type": "gp3",
        "tags": {"Name": "shop-data-volume", "environment": "prod", "team": "a"},
    }


def test_settings_given_are_the_components_inputs() -> None:
    seen = build(lambda: ToyServer("shop", {"size": 30}))
    assert seen.one("shop").type == "blueprints:index:ToyServer"
    assert seen.one("shop").inputs == {"size": 30}


@pytest.mark.parametrize(("environment", "retain"), [("dev", False), ("staging", True), ("prod", True)])
def test_stores_are_protected_everywhere_and_retained_outside_dev(environment: str, retain: bool) -> None:
    seen = build(lambda: ToyServer("shop", {"environment": environment}))
    assert seen.one("shop-data-volume").protect
    assert seen.one("shop-data-volume").retain is retain
    assert not seen.one("shop-instance").protect


def test_a_store_named_in_unprotect_is_not_protected() -> None:
    seen = build(lambda: ToyServer("shop", {"unprotect": ["data-volume"]}))
    assert not seen.one("shop-data-volume").protect


def test_overrides_merge_replace_and_remove() -> None:
    overrides = {
        "data-volume": {"size": 50, "iops": 4000, "type": None},
        "instance": {"metadata_options": {"instance_metadata_tags": "enabled"}},
    }
    seen = build(lambda: ToyServer("shop", {"overrides": overrides}))
    assert seen.one("shop-data-volume").inputs["size"] == 50
    assert seen.one("shop-data-volume").inputs["iops"] == 4000
    assert "type" not in seen.one("shop-data-volume").inputs
    assert seen.one("shop-instance").inputs["metadataOptions"] == {
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "enabled",
    }


def refused(**settings: Any) -> str:
    recorder: list[str] = []

    def program() -> None:
        with pytest.raises(SettingsError) as caught:
            ToyServer(settings.pop("name", "shop"), settings)
        recorder.append(str(caught.value))

    seen = build(program)
    assert seen.registered == [], "something was created before the settings were judged"
    return recorder[0]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"overrides": {"nothing": {}}}, ["overrides.nothing", "is not a child", "data-volume, instance"]),
        ({"overrides": {"instance": {"amii": "x"}}}, ["overrides.instance.amii", "did you mean `ami`?"]),
        ({"overrides": {"data-volume": {"sise": 1}}}, ["overrides.data-volume.sise", "did you mean `size`?"]),
        (
            {"overrides": {"instance": {"metadata_options": {"http_token": "x"}}}},
            ["overrides.instance.metadata_options.http_token", "did you mean `http_tokens`?"],
        ),
        (
            {"overrides": {"instance": {"metadata_options": {"http_tokens": "optional"}}}},
            ["overrides.instance", "breaks EC2.8", "waive EC2.8 with a reason"],
        ),
        ({"overrides": {"instance": {"metadata_options": None}}}, ["breaks EC2.8"]),
        ({"unprotect": ["instance"]}, ["unprotect[0]", "is not a store", "stores: data-volume"]),
        ({"waivers": [{"rule": "EC2.999", "reason": "because it is so"}]}, ["waivers[0].rule", "EC2.8"]),
        ({"waivers": [{"rule": "EC2.8", "reason": "no"}]}, ["waivers[0].reason", "at least 10 characters"]),
        ({"tags": {"aws:x": "y"}}, ["tags.aws:x", "must not begin with aws:"]),
        ({"tags": {f"k{i}": "v" for i in range(41)}}, ["at most 40 entries", "remove 1"]),
        ({"environment": "production"}, ["environment", "'dev', 'staging' or 'prod'"]),
        ({"name": "x" * 41}, ["name", "at most 40 characters", "shorten it by 1"]),
        ({"name": "Shop"}, ["name", "lower-case letters"]),
        ({"name": "shop--a"}, ["name", "single dashes"]),
        ({"name": ""}, ["name", "lower-case letters"]),
    ],
)
def test_bad_settings_are_refused_before_the_first_resource(settings: dict[str, Any], words: list[str]) -> None:
    message = refused(**settings)
    for word in words:
        assert word in message


def test_a_waiver_in_the_same_call_lets_a_weakening_override_through() -> None:
    settings = {
        "overrides": {"instance": {"metadata_options": {"http_tokens": "optional"}}},
        "waivers": [{"rule": "EC2.8", "reason": "an old agent on this host cannot do IMDSv2"}],
    }
    seen = build(lambda: ToyServer("shop", settings))
    assert seen.one("shop-instance").inputs["metadataOptions"]["httpTokens"] == "optional"


def test_a_name_of_40_characters_stays_within_every_limit() -> None:
    name = "a" * 40
    seen = build(lambda: ToyServer(name, {}))
    assert seen.one(f"{name}-role-reader").inputs.get("namePrefix") is None


class ToyPair(Blueprint):
    SETTINGS = VolumeSettings
    PARTS = {"first": ToyVolume, "second": ToyServer}

    def __init__(
        self, name: str, args: VolumeSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, VolumeSettings.load(args), opts)
        first = self.part(ToyVolume, "first", {})
        self.part(ToyServer, "second", {}, pulumi.ResourceOptions(depends_on=[first]))
        self.publish()


def test_whatever_a_part_comes_after_all_its_children_come_after() -> None:
    def program() -> None:
        role = aws.iam.Role("earlier", assume_role_policy="{}")
        ToyPair("pair", VolumeSettings.load({}), pulumi.ResourceOptions(depends_on=[role]))

    found = build(program)
    assert found.one("pair-first-volume").after == {"earlier"}
    inner = ("pair-second-instance", "pair-second-role-reader", "pair-second-data-volume")
    assert all(found.one(name).after == {"earlier", "pair-first-volume"} for name in inner)
