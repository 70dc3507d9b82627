# ruff: noqa: E501 - programs of tests read better unbroken
"""The packages beside AWS: values hold still, nothing is built, run or contacted, objects are kept as a server keeps them."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprints.sandbox.provider.values import Secret, Unknown

from .client import Failed, Provider, Refused

Make = Callable[..., Provider]
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "nginx"}]},
        },
    },
}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    length=st.integers(4, 90),
    special=st.booleans(),
    upper=st.booleans(),
    numeric=st.booleans(),
    minimum=st.integers(0, 3),
)
def test_a_password_has_what_was_asked_for(  # noqa: PLR0917
    provider: Make, length: int, special: bool, upper: bool, numeric: bool, minimum: int
) -> None:
    random = provider("random")
    inputs = {
        "length": length,
        "special": special,
        "upper": upper,
        "numeric": numeric,
        "minLower": minimum,
        "overrideSpecial": "!-",
    }
    made = random.create(
        "random:index/randomPassword:RandomPassword", inputs, f"p{length}{special}{upper}{numeric}{minimum}"
    )
    assert isinstance(made.outputs["result"], Secret)
    text = made.outputs["result"].value
    assert len(text) == length
    assert sum(c.islower() for c in text) >= minimum
    allowed = string.ascii_lowercase + "!-" * special + string.ascii_uppercase * upper + string.digits * numeric
    assert set(text) <= set(allowed)
    assert text.encode() not in (random.home / "account.sqlite").read_bytes()


def test_random_values_hold_still_and_change_with_a_keeper(provider: Make) -> None:
    random, token = provider("random"), "random:index/randomId:RandomId"
    made = random.create(token, {"byteLength": 4, "keepers": {"v": "1"}})
    assert isinstance(random.plan(token, {"byteLength": 4}, "other")["hex"], Unknown)
    assert base64.urlsafe_b64decode(made.id + "==").hex() == made.outputs["hex"]
    assert random.diff(made, {"byteLength": 4, "keepers": {"v": "1"}}) == {}
    assert random.diff(made, {"byteLength": 4, "keepers": {"v": "2"}}) == {"keepers.v": "update!"}
    assert random.create(token, {"byteLength": 4, "keepers": {"v": "2"}}).outputs["hex"] != made.outputs["hex"]


@pytest.mark.parametrize(
    ("token", "inputs", "message"),
    [
        ("randomPassword:RandomPassword", {"length": 4, "minLower": 3, "minUpper": 3}, "the minima add up to 6"),
        ("randomString:RandomString", {"length": 4, "lower": False, "upper": False, "numeric": False, "special": False},
         "every kind of character is switched off"),
        ("randomInteger:RandomInteger", {"min": 9, "max": 1}, "`min` .9. is above `max` .1."),
    ],
)  # fmt: skip
def test_random_values_that_cannot_be_made(provider: Make, token: str, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(Failed, match=message):
        provider("random").check(f"random:index/{token}", inputs)


def test_other_random_values(provider: Make) -> None:
    random = provider("random")
    number = random.create("random:index/randomInteger:RandomInteger", {"min": 5, "max": 7}).outputs["result"]
    assert number in (5, 6, 7)
    shuffled = random.create("random:index/randomShuffle:RandomShuffle", {"inputs": ["a", "b", "c"], "resultCount": 5})
    assert sorted(set(shuffled.outputs["results"])) == ["a", "b", "c"]
    assert len(shuffled.outputs["results"]) == 5
    assert random.create("random:index/randomPet:RandomPet", {"prefix": "my", "length": 3}).id.count("-") == 3
    uuid = random.create("random:index/randomUuid:RandomUuid", {}).outputs["result"]
    assert __import__("uuid").UUID(uuid).version == 4


@pytest.mark.parametrize(
    ("algorithm", "prefix"), [("RSA", "ssh-rsa "), ("ECDSA", "ecdsa-sha2-nistp256 "), ("ED25519", "ssh-ed25519 ")]
)
def test_a_key_is_a_marked_placeholder_with_a_well_formed_public_half(
    provider: Make, algorithm: str, prefix: str
) -> None:
    made = provider("tls").create("tls:index/privateKey:PrivateKey", {"algorithm": algorithm, "ecdsaCurve": "P256"})
    public = made.outputs["publicKeyOpenssh"]
    assert public.startswith(prefix)
    blob = base64.b64decode(public.split()[1])
    assert blob[4 : 4 + blob[3]].decode() == prefix.strip()
    private = made.outputs["privateKeyPem"]
    assert isinstance(private, Secret)
    body = "".join(private.value.splitlines()[1:-1])
    assert b"sandbox placeholder, not a real" in base64.b64decode(body)


def test_commands_are_not_run(provider: Make, tmp_path: Path) -> None:
    command = provider("command")
    made = command.create("command:local:Command", {"create": f"touch {tmp_path / 'ran'}", "triggers": [1]})
    assert made.outputs["stdout"] == ""
    assert not (tmp_path / "ran").exists()
    assert any("runs no commands" in warning for warning in command.warnings)
    assert command.diff(made, {"create": "echo", "triggers": [2]}) == {"create": "update", "triggers[0]": "update!"}
    assert command.invoke("command:local:run", command=f"touch {tmp_path / 'ran'}")["stdout"] == ""
    assert not (tmp_path / "ran").exists()


def test_an_image_changes_with_its_context(provider: Make, tmp_path: Path) -> None:
    docker = provider("docker")
    context = tmp_path / "app"
    (context / ".git").mkdir(parents=True)
    (context / "Dockerfile").write_text("FROM scratch\n")
    inputs = {"imageName": "registry.example.com/app:v1", "build": {"context": str(context)}}
    made = docker.create("docker:index/image:Image", inputs)
    assert made.outputs["repoDigest"].startswith("registry.example.com/app@sha256:")
    (context / ".git" / "HEAD").write_text("x")
    assert docker.diff(made, inputs) == {}
    (context / "Dockerfile").write_text("FROM scratch\nUSER 1\n")
    assert docker.diff(made, inputs) == {"build.context": "update"}
    assert isinstance(docker.update(made, inputs, preview=True).outputs["repoDigest"], Unknown)
    assert docker.update(made, inputs).outputs["repoDigest"] != made.outputs["repoDigest"]
    with pytest.raises(Failed, match="there is no such folder"):
        docker.check("docker:index/image:Image", {"imageName": "a", "build": {"context": str(tmp_path / "none")}})


def test_an_object_gets_name_namespace_and_status(provider: Make) -> None:
    kubernetes, token = provider("kubernetes"), "kubernetes:apps/v1:Deployment"
    planned = kubernetes.plan(token, DEPLOYMENT, "web")
    made = kubernetes.create(token, DEPLOYMENT, "web")
    name = made.outputs["metadata"]["name"]
    assert planned["metadata"]["name"] == name
    assert made.id == f"default/{name}"
    assert name.startswith("web-")
    assert made.outputs["status"]["readyReplicas"] == 2
    assert kubernetes.diff(made, DEPLOYMENT) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"spec": {**DEPLOYMENT["spec"], "replicas": 3}}, {"spec.replicas": "update"}),
        ({"metadata": {"name": "other"}}, {"metadata.annotations": "delete", "metadata.name": "update!"}),
        (
            {"spec": {**DEPLOYMENT["spec"], "selector": {"matchLabels": {"app": "api"}}}},
            {"spec.selector.matchLabels.app": "update!"},
        ),
    ],
)
def test_immutable_fields_replace(provider: Make, change: dict[str, Any], expected: dict[str, str]) -> None:
    kubernetes = provider("kubernetes")
    made = kubernetes.create("kubernetes:apps/v1:Deployment", DEPLOYMENT)
    assert kubernetes.diff(made, {**DEPLOYMENT, **change}) == expected


def test_an_object_whose_name_was_chosen_is_deleted_first(provider: Make) -> None:
    kubernetes, token = provider("kubernetes"), "kubernetes:core/v1:ConfigMap"
    inputs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "1"}}
    made = kubernetes.create(token, inputs)
    assert kubernetes.diff(made, {**inputs, "data": {"a": "2"}}) == {"data.a": "update!", "delete first": "yes"}
    with pytest.raises(Refused, match="AlreadyExists: ConfigMap `default/settings` already exists"):
        kubernetes.create(token, inputs, "second")


def test_custom_resources_and_wrong_objects(provider: Make) -> None:
    kubernetes = provider("kubernetes")
    made = kubernetes.create(
        "kubernetes:example.com/v1:Widget", {"apiVersion": "example.com/v1", "kind": "Widget", "spec": {"a": 1}}
    )
    assert made.outputs["spec"] == {"a": 1}
    with pytest.raises(Failed, match="unknown property `replica`; did you mean `replicas`"):
        kubernetes.check("kubernetes:apps/v1:Deployment", {**DEPLOYMENT, "spec": {**DEPLOYMENT["spec"], "replica": 1}})
    with pytest.raises(Failed, match=r"`metadata.name` is `Not_Valid`"):
        kubernetes.check("kubernetes:apps/v1:Deployment", {**DEPLOYMENT, "metadata": {"name": "Not_Valid"}})


def test_manifests_are_decoded_and_charts_refused(provider: Make) -> None:
    kubernetes = provider("kubernetes")
    text = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n---\nkind: Namespace\napiVersion: v1\nmetadata: {name: n}\n"
    result = kubernetes.invoke("kubernetes:yaml:decode", text=text, defaultNamespace="here")["result"]
    assert [item["metadata"] for item in result] == [{"name": "a", "namespace": "here"}, {"name": "n"}]
    with pytest.raises(Refused, match="does not simulate the function kubernetes:helm:template"):
        kubernetes.invoke("kubernetes:helm:template", jsonOpts="{}")
