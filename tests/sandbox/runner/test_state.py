"""The engine's state files, read without an engine, and the locks that keep other engines out."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from blueprints.errors import BlueprintError
from blueprints.sandbox import runs, state
from blueprints.sandbox.home import Home


def write_state(home: Home, **latest: object) -> Path:
    path = state.stack_path(home, "shop", "dev")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "x", "latest": latest}}))
    return path


def write_lock(home: Home, name: str, text: str) -> Path:
    lock = home.state / ".pulumi" / "locks" / "organization" / "shop" / "dev" / f"{name}.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(text)
    return lock


def test_a_stack_that_was_never_created_has_no_state(home: Home) -> None:
    assert state.read(home, "shop", "dev") is None
    assert state.known_stacks(home, "shop") == []


def test_resources_pending_operations_and_outputs_are_read(home: Home) -> None:
    bucket = {"urn": "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs", "type": "aws:s3/bucket:Bucket", "id": "logs-1"}
    stack = {
        "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        "type": state.STACK_TYPE,
        "outputs": {"a": 1},
    }
    provider = {"urn": "urn:pulumi:dev::shop::pulumi:providers:aws::default", "type": "pulumi:providers:aws"}
    pending = [{"type": "creating", "resource": {"urn": "urn:x"}}]
    write_state(
        home,
        resources=[stack, provider, {**bucket, "custom": True, "protect": True, "retainOnDelete": True}],
        pending_operations=pending,
    )
    found = state.read(home, "shop", "dev")
    assert found is not None
    assert found.outputs == {"a": 1}
    assert found.pending == (("creating", "urn:x"),)
    assert [(item.name, item.id, item.protected, item.retained) for item in found.shown] == [
        ("logs", "logs-1", True, True)
    ]
    assert state.known_stacks(home, "shop") == ["dev"]


def test_an_empty_stack_has_an_empty_state(home: Home) -> None:
    path = write_state(home)
    path.write_text('{"version": 3, "checkpoint": {"stack": "x"}}')
    assert state.read(home, "shop", "dev") == state.StackState((), ())


def test_a_damaged_state_is_named_with_what_to_do(home: Home) -> None:
    path = write_state(home)
    path.write_text('{"version": 3, "check')
    with pytest.raises(BlueprintError) as caught:
        state.read(home, "shop", "dev")
    assert f"the sandbox's state of dev is damaged: {path}" in str(caught.value)
    assert f"put back {path.name}.bak" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[1]",
        '{"version": 3, "checkpoint": [1]}',
        '{"version": 3, "checkpoint": {"latest": {"resources": [{"a": 1}]}}}',
    ],
)
def test_a_document_of_another_kind_is_no_state(home: Home, text: str) -> None:
    write_state(home).write_text(text)
    with pytest.raises(BlueprintError, match=r"is damaged: .*: it is no state document"):
        state.read(home, "shop", "dev")


def lock_of(pid: int, host: str | None = None) -> str:
    return json.dumps({"pid": pid, "username": "u", "hostname": host or socket.gethostname(), "timestamp": "2026"})


def test_locks_of_engines_that_are_gone_are_cleared_and_others_are_not(home: Home) -> None:
    gone = write_lock(home, "gone", lock_of(2**22 - 3))
    # This process lives, and is no engine: the number was given away again.
    reused = write_lock(home, "reused", lock_of(os.getpid()))
    torn = write_lock(home, "torn", '{"pid": 12')
    elsewhere = write_lock(home, "elsewhere", lock_of(1, "another-machine"))
    assert sorted(state.clear_stale_locks(home, "shop", "dev")) == sorted([2**22 - 3, os.getpid(), 0])
    assert [lock.exists() for lock in (gone, reused, torn, elsewhere)] == [False, False, False, True]


def test_stacks_are_locked_against_any_other_engine_except_during_a_run(home: Home) -> None:
    write_state(home)
    guard = home.state / ".pulumi" / "locks" / "organization" / "shop" / "dev" / "blueprints-sandbox.json"
    with state.unlocked(home, "shop", lambda: False):
        assert not guard.exists()
    assert "blueprints-sandbox" in json.loads(guard.read_text())["username"]
    assert state.clear_stale_locks(home, "shop", "dev") == []
    with state.unlocked(home, "shop", lambda: False):
        assert not guard.exists()
    assert guard.exists()


def test_a_run_that_ends_beside_another_does_not_lock_that_one_out(home: Home) -> None:
    write_state(home)
    guard = home.state / ".pulumi" / "locks" / "organization" / "shop" / "dev" / "blueprints-sandbox.json"
    with runs.run(home, "shop", "dev") as first, runs.run(home, "shop", "dev") as second:
        assert runs.others(home, first.token)
        with state.unlocked(home, "shop", lambda: runs.others(home, second.token)):
            pass
        assert not guard.exists()
    with runs.run(home, "shop", "dev") as last, state.unlocked(home, "shop", lambda: runs.others(home, last.token)):
        pass
    assert guard.exists()


def test_a_state_whose_writing_was_cut_off_comes_back_from_the_engines_copy(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = state.stack_path(home, "p", "dev")
    path.parent.mkdir(parents=True)
    path.with_name("dev.json.bak").write_text("{}")
    assert state.put_back(home, "p", "dev")
    assert path.read_text() == "{}"
    path.write_text("")
    path.with_name("dev.json.attrs").touch()
    assert state.put_back(home, "p", "dev")
    assert not path.with_name("dev.json.attrs").exists()
    assert not state.put_back(home, "p", "dev")
