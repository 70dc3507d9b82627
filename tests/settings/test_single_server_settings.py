"""Wrong settings of a single server: each is refused with path, value, limit and fix, and never with a traceback."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprints import paths
from blueprints.errors import SettingsError
from blueprints.topologies.single_server import SingleServer, SingleServerSettings

IMAGE = "registry.example.com/team/app:1.4.2"
APP: dict[str, Any] = {"image": IMAGE}
ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x"
VALID: dict[str, Any] = {"app": APP, "tls": {"mode": "self_signed"}}

MISTAKES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("single_server_mistakes.yaml").read_text(encoding="utf-8")
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "index.html").write_text("hello\n")
    return tmp_path


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["path"])
def test_a_wrong_setting_is_refused_with_path_value_limit_and_fix(mistake: dict[str, Any], project: Path) -> None:
    with paths.rooted(project), pytest.raises(SettingsError) as refused:
        SingleServerSettings.load({**VALID, **mistake["given"]}, at="")
    path, limit = mistake["path"], mistake["limit"]
    problem = next(problem for problem in refused.value.problems if problem.path == path)
    value, fix = (
        text.replace("{root}", str(project)) if isinstance(text, str) else text
        for text in (mistake["value"], mistake["fix"])
    )
    assert (problem.value, problem.limit, problem.fix) == (value, limit, fix)
    message = str(refused.value)
    assert f"{path}: {limit}" in message
    assert "Traceback" not in message


def test_the_table_has_sixty_distinct_mistakes() -> None:
    assert len({(mistake["path"], mistake["limit"]) for mistake in MISTAKES}) >= 60


def test_secrets_given_by_mistake_are_not_repeated_in_the_message() -> None:
    mistakes = {"app": {**APP, "environment": {"DB_PASSWORD": "hunter2"}}}
    with pytest.raises(SettingsError) as refused:
        SingleServerSettings.load({**VALID, **mistakes})
    assert "hunter2" not in str(refused.value)


def test_every_mistake_is_reported_in_one_go() -> None:
    mistakes: dict[str, Any] = {
        "app": {"image": "app:latest", "port": 80},
        "release": {"strategy": "canary"},
        "instance_type": "t3.nano",
        "tags": {"cost center": "1"},
        "volume": {"throughput": 1000},
        "certificate_arn": ARN,
    }
    with pytest.raises(SettingsError) as refused:
        SingleServerSettings.load({**VALID, **mistakes}, at="")
    assert {problem.path for problem in refused.value.problems} == {
        "app.image",
        "app.port",
        "release.strategy",
        "instance_type",
        "tags.cost center",
        "volume.throughput",
        "certificate_arn",
    }


def test_waivers_and_overrides_are_judged_by_the_blueprint() -> None:
    wrong = SingleServerSettings.load(
        {
            **VALID,
            "waivers": [{"rule": "EC2.99", "reason": "there is no such rule"}],
            "overrides": {"server-instance": {"moniotring": False}, "serverinstance": {}},
            "unprotect": ["data"],
        }
    )
    found = {problem.path: problem.fix for problem in SingleServer.hatch_problems(wrong)}
    assert set(found) == {
        "waivers[0].rule",
        "overrides.server-instance.moniotring",
        "overrides.serverinstance",
        "unprotect[0]",
    }
    assert found["overrides.server-instance.moniotring"] == "did you mean `monitoring`?"
    assert "data-volume" in found["unprotect[0]"]


@pytest.mark.parametrize(
    ("role", "override", "rule"),
    [
        ("server-instance", {"metadata_options": {"http_tokens": "optional"}}, "EC2.8"),
        ("server-instance", {"metadata_options": {"http_put_response_hop_limit": 2}}, "CKV_AWS_341"),
        ("server-instance", {"root_block_device": {"encrypted": False}}, "EC2.7"),
        ("server-instance", {"key_name": "laptop"}, "BP.3"),
        ("server-attachment", {"force_detach": True}, "BP.4"),
        ("data-volume", {"encrypted": False}, "EC2.3"),
        ("network-public-subnet-0", {"map_public_ip_on_launch": True}, "EC2.15"),
        ("network-default-group", {"ingress": [{"protocol": "-1"}]}, "EC2.2"),
        ("firewall-ingress-https", {"cidr_ipv4": "0.0.0.0/0", "from_port": 22, "to_port": 22}, "EC2.18"),
        ("key-key", {"enable_key_rotation": False}, "KMS.4"),
        ("backups-public-access", {"block_public_acls": False}, "S3.8"),
        ("backups-ownership", {"rule": {"object_ownership": "ObjectWriter"}}, "S3.12"),
        ("backups-versioning", {"versioning_configuration": {"status": "Suspended"}}, "S3.14"),
        ("alarms-topic", {"kms_master_key_id": None}, "SNS.1"),
        ("host-log-group", {"kms_key_id": None}, "CKV_AWS_158"),
        ("host-log-group", {"retention_in_days": 0}, "CloudWatch.16"),
        ("secrets-db-password", {"kms_key_id": None}, "CKV_AWS_149"),
        ("registry-repository", {"image_tag_mutability": "MUTABLE"}, "ECR.2"),
        ("registry-repository", {"image_scanning_configuration": {"scan_on_push": False}}, "ECR.1"),
    ],
)
def test_an_override_that_weakens_needs_a_waiver_with_rule_and_reason(
    role: str, override: dict[str, Any], rule: str
) -> None:
    weakened = {**VALID, "overrides": {role: override}}
    (problem,) = SingleServer.hatch_problems(SingleServerSettings.load(weakened))
    assert problem.path == f"overrides.{role}"
    assert f"breaks {rule}: " in problem.limit
    assert f"or waive {rule} with a reason" in problem.fix
    waived = {**weakened, "waivers": [{"rule": rule, "reason": "an internal test stack"}]}
    assert not list(SingleServer.hatch_problems(SingleServerSettings.load(waived)))


def test_outputs_are_taken_where_a_program_has_them() -> None:
    async def load() -> SingleServerSettings:
        vpc = {"vpc_id": pulumi.Output.from_input("vpc-0123456789abcdef0"), "subnet_id": "subnet-0123456789abcdef0"}
        app = {"image": pulumi.Output.from_input(IMAGE)}
        return SingleServerSettings.load({**VALID, "app": app, "existing": {"vpc": vpc}})

    loaded = asyncio.run(load())
    assert isinstance(loaded.app.image, pulumi.Output)


FIELDS = sorted(SingleServerSettings.model_fields)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
NESTED: dict[str, list[str]] = {
    name: sorted(getattr(field.annotation, "model_fields"))  # noqa: B009  # settings classes among annotations of any kind
    for name, field in SingleServerSettings.model_fields.items()
    if hasattr(field.annotation, "model_fields")
}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4))
def test_whatever_stands_in_any_field_it_loads_or_explains(data: dict[str, Any]) -> None:
    _loads_or_explains({**VALID, **data})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(NESTED)).flatmap(
        lambda name: st.tuples(st.just(name), st.dictionaries(st.sampled_from(NESTED[name]), anything, max_size=3))
    )
)
def test_whatever_stands_in_any_nested_field_it_loads_or_explains(entry: tuple[str, dict[str, Any]]) -> None:
    name, data = entry
    _loads_or_explains({**VALID, name: {**VALID.get(name, {}), **data}})


def _loads_or_explains(data: dict[str, Any]) -> None:
    try:
        SingleServerSettings.load(data, at="")
    except SettingsError as refused:
        assert refused.problems
        for problem in refused.problems:
            assert problem.limit
            assert len(str(problem).splitlines()) <= 2
