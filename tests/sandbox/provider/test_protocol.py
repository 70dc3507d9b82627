"""The parts of the protocol that no program asks for by itself: what is supported, what is refused by name."""

from __future__ import annotations

import json
import sqlite3

import pytest

from blueprints.sandbox.provider.rpc import provider_pb2

from .client import Provider, Refused, _Context

BUCKET = "aws:s3/bucket:Bucket"


def test_what_is_supported_is_said_the_same_way_twice(aws: Provider) -> None:
    hello = aws.service.Handshake(provider_pb2.ProviderHandshakeRequest(), _Context())
    configured = aws.service.Configure(provider_pb2.ConfigureRequest(), _Context())
    assert (hello.accept_secrets, hello.accept_resources, hello.accept_outputs) == (True, False, False)
    assert hello.supports_autonaming_configuration
    assert (configured.acceptSecrets, configured.acceptResources, configured.acceptOutputs) == (True, False, False)
    assert configured.supports_autonaming_configuration
    assert configured.supportsPreview


def test_the_plugin_has_the_version_of_the_sdk(aws: Provider) -> None:
    from importlib.metadata import version

    assert aws.service.GetPluginInfo(None, _Context()).version == version("pulumi-aws")


def test_remote_components_methods_and_parameterized_packages_are_refused_by_name(aws: Provider) -> None:
    with pytest.raises(Refused, match=r"does not run remote components .aws:index:Thing `one`"):
        aws.service.Construct(provider_pb2.ConstructRequest(type="aws:index:Thing", name="one"), _Context())
    with pytest.raises(Refused, match=r"does not run methods of remote components .aws:index:Thing/do"):
        aws.service.Call(provider_pb2.CallRequest(tok="aws:index:Thing/do"), _Context())
    with pytest.raises(Refused, match="does not simulate parameterized packages of aws"):
        aws.service.Parameterize(provider_pb2.ParameterizeRequest(), _Context())


def test_the_schema_describes_what_can_be_imported(aws: Provider) -> None:
    aws.create(BUCKET, {"bucket": "store-1"})
    schema = json.loads(aws.service.GetSchema(None, _Context()).schema)
    assert schema["name"] == "aws"
    assert list(schema["resources"]) == [BUCKET]
    bucket = schema["resources"][BUCKET]
    assert bucket["inputProperties"]["bucket"] == {"type": "string"}
    assert bucket["inputProperties"]["tags"] == {"type": "object", "additionalProperties": {"type": "string"}}
    reference = bucket["inputProperties"]["versioning"]["$ref"].removeprefix("#/types/")
    assert schema["types"][reference]["properties"]["enabled"] == {"type": "boolean"}


def test_existing_resources_are_listed_by_type(aws: Provider) -> None:
    aws.create(BUCKET, {"bucket": "store-1"}, "one")
    aws.create(BUCKET, {"bucket": "store-2"}, "two")
    found = aws.service.List(provider_pb2.ListRequest(token=BUCKET, limit=1), _Context())
    assert [(item.result.id, item.result.name) for item in found] == [("store-1", "one")]


def test_a_fault_of_the_sandbox_says_that_it_is_one(aws: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(aws.service._operations, "check", broken)
    with pytest.raises(
        Refused, match=r"a fault in the sandbox itself, not in the program \(check: ZeroDivisionError: oops\)"
    ):
        aws.check(BUCKET, {})


def test_a_full_disk_is_no_fault_of_the_sandbox(aws: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(aws.service._operations, "create", full)
    with pytest.raises(
        Refused, match=r"^the simulated account cannot be written: database or disk is full\nfix: "
    ) as caught:
        aws.create(BUCKET, {"bucket": "store-3"}, "three")
    assert "fault in the sandbox" not in str(caught.value)


CACHE = {
    "description": "d",
    "nodeType": "cache.t4g.micro",
    "numCacheClusters": 1,
    "engine": "redis",
    "engineVersion": "7.1",
}


@pytest.mark.parametrize(
    ("token", "inputs", "changed", "why"),
    [
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            CACHE,
            {"engineVersion": "7.0"},
            "a lower version replaces the group",
        ),
        (
            "aws:glacier/vault:Vault",
            {"name": "v"},
            {"accessPolicy": '{"Statement": []}'},
            "no source says whether it does",
        ),
    ],
)
def test_a_change_that_may_replace_a_store_is_an_update_with_a_warning(
    aws: Provider, token: str, inputs: dict[str, object], changed: dict[str, object], why: str
) -> None:
    made = aws.create(token, inputs)
    (name,) = changed
    assert set(aws.diff(made, {**inputs, **changed}).values()) <= {"update", "add"}
    assert any(warning.startswith(f"{name}: may replace. ") and why in warning for warning in aws.warnings), (
        aws.warnings
    )


def test_a_change_of_labels_is_never_said_to_replace(aws: Provider) -> None:
    made = aws.create(BUCKET, {"tags": {"a": "1"}})
    assert aws.diff(made, {"tags": {"a": "2"}}) == {"tags.a": "update", "tagsAll.a": "update"}
    assert aws.warnings == []
