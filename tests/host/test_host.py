"""The hosted form: other languages see every setting with its description, and their inputs reach the same component.

The golden schema is renewed by `python -m tests.host.renew` after a wanted change; a diff in it is a change of the
interface that TypeScript, Go and YAML programs use.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest
from mocks import build
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

from blueprints import host
from blueprints.topologies import TOPOLOGIES, topology

GOLDEN = Path(__file__).with_name("schema.json")
CERTIFICATE = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:tls-AbCdEf"
TOKEN = "blueprints:index:SingleServer"


@cache
def provider() -> ComponentProvider:
    return host.provider("0.0.0")


def schema() -> dict[str, Any]:
    return json.loads(provider().schema or "")


def test_the_schema_is_the_golden_one() -> None:
    assert schema() == json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_every_setting_and_every_output_is_in_the_schema(name: str) -> None:
    resource = schema()["resources"][f"blueprints:index:{name}"]
    fields = topology(name).SETTINGS.model_fields
    assert len(resource["inputProperties"]) == len(fields)
    assert all(prop.get("description") for prop in resource["inputProperties"].values())
    assert {"url", "instanceId"} <= set(resource["properties"])


def test_a_field_that_takes_outputs_is_no_plain_one() -> None:
    inputs = schema()["resources"][TOKEN]["inputProperties"]
    assert "plain" not in inputs["certificateArn"]
    assert inputs["environment"]["plain"]


def construct(inputs: dict[str, Any]) -> Any:
    """What the engine asks for when a TypeScript or YAML program creates the component."""
    return provider().construct("shop", TOKEN, inputs)


def test_construct_builds_the_component_from_another_languages_inputs() -> None:
    inputs = {
        "environment": "dev",
        "domains": ["shop.example.com"],
        "tls": {"mode": "self_signed"},
        "app": {"image": "nginx:1.29.3", "port": 8080.0, "healthPath": "/up"},
        "instanceType": "t3.large",
        "overrides": {"server-instance": {"monitoring": True}},
    }
    seen = build(lambda: construct(inputs) and None)
    assert seen.one("shop").type == TOKEN
    assert seen.one("shop-server-instance").inputs["instanceType"] == "t3.large"


def test_an_output_inside_the_inputs_arrives() -> None:
    def program() -> None:
        certificate = pulumi.Output.from_input(CERTIFICATE)
        app = {"image": "nginx:1.29.3"}
        construct(
            {"domains": ["a.example.com"], "tls": {"mode": "provided"}, "certificateArn": certificate, "app": app}
        )

    seen = build(program)
    assert CERTIFICATE in json.dumps(seen.one("shop-parameter").inputs)


def test_bad_inputs_are_refused_in_the_words_of_the_settings() -> None:
    def program() -> None:
        with pytest.raises(ComponentInitError) as caught:
            construct({"app": {"image": "nginx:1.29.3", "port": 99999.0}})
        assert "args.app.port: must be at most 65535 (got 99999)" in str(caught.value.__cause__ or caught.value.args)

    assert build(program).registered == []
