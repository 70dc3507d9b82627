"""Drift, removal, orphans and what is kept, as the command line asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprints.sandbox.account import manage
from blueprints.sandbox.account.paths import parse_path
from blueprints.sandbox.account.records import Draft
from blueprints.sandbox.account.schema import FILE_NAME
from blueprints.sandbox.account.store import Account
from blueprints.sandbox.provider.values import Sealed

URN = "urn:pulumi:dev::shop::aws:ec2/securityGroup:SecurityGroup::web"
INPUTS = {
    "name": "web",
    "ingress": [{"fromPort": 80, "toPort": 80, "protocol": "tcp"}],
    "tags": {"a.b": "c"},
    "secret": "s",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    account = Account(tmp_path)
    hidden: list[tuple[str | int, ...]] = [("secret",)]
    inputs, outputs = Sealed(INPUTS, hidden), Sealed({**INPUTS, "arn": "arn:1"}, hidden)
    token = "aws:ec2/securityGroup:SecurityGroup"
    account.add(Draft(URN, "sg-1", token, "web", "eu-central-1", inputs, outputs, frozenset(("sg-1",)), ()))
    account.close()
    return tmp_path


def state(home: Path) -> tuple[dict[str, object], dict[str, object]]:
    account = Account(home)
    row = account.latest(URN)
    assert row is not None
    return account.inputs(row), account.outputs(row)


def test_drift_changes_inputs_and_outputs_at_a_path(home: Path) -> None:
    manage.drift(home, URN, "ingress[0].fromPort", 22)
    manage.drift(home, URN, 'tags["a.b"]', None)
    manage.drift(home, URN, "description", "by hand")
    inputs, outputs = state(home)
    assert inputs["ingress"] == outputs["ingress"] == [{"fromPort": 22, "toPort": 80, "protocol": "tcp"}]
    assert inputs["tags"] == outputs["tags"] == {}
    assert inputs["description"] == outputs["description"] == "by hand"


def test_drift_of_what_only_aws_decides_is_no_input(home: Path) -> None:
    manage.drift(home, URN, "arn", "arn:2")
    inputs, outputs = state(home)
    assert outputs["arn"] == "arn:2"
    assert "arn" not in inputs


@pytest.mark.parametrize(
    ("urn", "path", "message"),
    [
        (URN.replace("web", "wep"), "name", r"no resource .*::wep; did you mean .*::web\?"),
        (URN, "nonsense", "has no property `nonsense`\n    fix: one of arn, "),
        (URN, "ingress[5].fromPort", r"`ingress\[5\]\.fromPort` leads nowhere: there is no `5`"),
        (URN, "ingress[", r"`ingress\[` is not a property path: unexpected `\[`"),
        (URN, "secret", "the account holds no secrets, so one cannot drift"),
    ],
)
def test_drift_that_cannot_be(home: Path, urn: str, path: str, message: str) -> None:
    with pytest.raises(manage.AccountError, match=message):
        manage.drift(home, urn, path, "x")


def test_a_resource_is_removed_once(home: Path) -> None:
    assert manage.remove(home, URN) == manage.Resource(URN, "sg-1", "aws:ec2/securityGroup:SecurityGroup")
    with pytest.raises(manage.AccountError, match="the simulated account has no resource"):
        manage.remove(home, URN)


def test_orphans_are_those_that_the_state_does_not_know(home: Path) -> None:
    assert [item.urn for item in manage.orphans(home, "dev", [])] == [URN]
    assert manage.orphans(home, "dev", [URN]) == []
    assert manage.orphans(home, "prod", []) == []


def test_what_an_interrupted_run_made_is_discarded_and_nothing_else(home: Path) -> None:
    assert manage.discard_interrupted(home, [URN], [(URN, "sg-1")]) == []
    assert manage.discard_interrupted(home, [], []) == []
    assert [item.id for item in manage.discard_interrupted(home, [URN], [])] == ["sg-1"]
    assert manage.orphans(home, "dev", []) == []


def test_an_account_that_nobody_used_is_empty_and_stays_unmade(tmp_path: Path) -> None:
    assert manage.orphans(tmp_path, "dev", []) == manage.kept(tmp_path, "dev") == []
    assert manage.discard_interrupted(tmp_path, [URN], []) == []
    assert manage.forget(tmp_path, "dev") == 0
    with pytest.raises(manage.AccountError, match="nothing has been brought up"):
        manage.remove(tmp_path, URN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("tags.Name", ("tags", "Name")),
        ("a[0].b[12]", ("a", 0, "b", 12)),
        ('tags["a.b\\"c"].d', ("tags", 'a.b"c', "d")),
    ],
)
def test_paths(text: str, steps: tuple[str | int, ...]) -> None:
    assert parse_path(text) == steps


@pytest.mark.parametrize("text", ["", "[0]", "a[", "a..b", 'a["b]'])
def test_paths_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"unexpected|must start with"):
        parse_path(text)


def test_a_misspelt_property_gets_the_one_that_was_meant(home: Path) -> None:
    with pytest.raises(
        manage.AccountError, match=r"web \(aws:.*\) has no property `tag`\n    fix: did you mean `tags`\?"
    ):
        manage.drift(home, URN, "tag", "x")


@pytest.mark.parametrize("at", [0, 4096])
def test_a_damaged_account_is_named_with_what_to_do(home: Path, at: int) -> None:
    manage.check(home)
    file = home / FILE_NAME
    content = bytearray(file.read_bytes())
    content[at : at + 4096] = b"\xff" * 4096
    file.write_bytes(content)
    with pytest.raises(manage.AccountDamagedError, match=rf"is damaged: {file}: (?s:.*)fix: remove {home.parent}"):
        manage.check(home)


def test_an_account_that_is_not_there_is_not_damaged(tmp_path: Path) -> None:
    manage.check(tmp_path)
    assert not (tmp_path / FILE_NAME).exists()
