"""The account remembers what exists, who refers to whom and which names are taken, for several processes at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blueprints.sandbox.account.records import Draft, NameTakenError, Remainder
from blueprints.sandbox.account.sealing import Sealing
from blueprints.sandbox.account.store import Account
from blueprints.sandbox.provider.values import Archive, Asset, Sealed, Secret

STACK = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::"


def draft(name: str, identity: str = "", names: tuple[tuple[str, str], ...] = (), refers: str = "") -> Draft:
    return Draft(
        urn=f"{STACK}{name}",
        id=identity or name,
        type="aws:sqs/queue:Queue",
        name=name,
        region="eu-central-1",
        inputs=Sealed({"name": name}),
        outputs=Sealed({"name": name, "url": f"https://{name}"}),
        handles=frozenset((identity or name, f"https://{name}")),
        mentions=((refers, "target"),) if refers else (),
        names=names,
    )


@pytest.fixture
def account(tmp_path: Path) -> Account:
    return Account(tmp_path)


def test_a_resource_is_found_by_urn_id_type_stack_and_whatever_refers_to_it(account: Account) -> None:
    account.add(draft("jobs"))
    row = account.get(f"{STACK}jobs", "jobs")
    assert row is not None
    assert (row.stack, row.project, row.region) == ("dev", "shop", "eu-central-1")
    assert account.outputs(row) == {"name": "jobs", "url": "https://jobs"}
    assert account.by_handle("https://jobs") == account.of_stack("dev", "shop") == account.of_type(row.type) == [row]
    assert account.by_id(row.type, "jobs") == account.latest(row.urn) == row
    assert account.of_stack("dev", "another") == account.of_stack("prod") == []


def test_dependents_are_those_that_mention_a_handle(account: Account) -> None:
    account.add(draft("jobs"))
    account.add(draft("worker", refers="https://jobs"))
    jobs = account.latest(f"{STACK}jobs")
    assert jobs is not None
    assert [(row.name, path) for row, path in account.dependents(jobs)] == [("worker", "target")]


def test_a_name_is_taken_until_its_resource_goes_and_longer_where_it_is_held(account: Account) -> None:
    taken = (("queue eu", "jobs"),)
    account.add(draft("one", names=taken))
    with pytest.raises(NameTakenError, match=r"jobs in queue eu is taken by .*::one"):
        account.add(draft("two", names=taken))
    assert account.latest(f"{STACK}two") is None
    one = account.latest(f"{STACK}one")
    assert one is not None
    account.remove(one, [("queue eu", "jobs", "still deleting")])
    with pytest.raises(NameTakenError) as held:
        account.add(draft("two", names=taken))
    assert held.value.held == "still deleting"


def test_a_failed_change_leaves_nothing_behind(account: Account) -> None:
    with pytest.raises(RuntimeError), account.change():
        account.add(draft("jobs"))
        raise RuntimeError
    assert account.of_stack("dev") == []
    assert account.generation(f"{STACK}jobs") == 0


def test_generations_count_creations_and_survive_deletion(account: Account) -> None:
    for number in range(3):
        account.add(draft("jobs", f"id-{number}"))
        row = account.latest(f"{STACK}jobs")
        assert row is not None
        account.remove(row)
    assert account.generation(f"{STACK}jobs") == 3
    account.forget("dev")
    assert account.generation(f"{STACK}jobs") == 0


def test_what_stays_is_listed_by_stack(account: Account) -> None:
    account.leave(f"{STACK}db", Remainder("final snapshot", "last", f"{STACK}db", "aws:rds/instance:Instance", "note"))
    assert [item.id for item in account.remainders("dev")] == ["last"]
    assert account.remainders("prod") == []
    assert account.remainders("dev", "another") == []


WRITER = """
import sys
from pathlib import Path
from blueprints.sandbox.account.records import Draft
from blueprints.sandbox.account.store import Account
from blueprints.sandbox.provider.values import Sealed
account = Account(Path(sys.argv[1]))
for number in range(40):
    name = f"{sys.argv[2]}-{number}"
    urn = f"urn:pulumi:dev::p::t:t:T::{name}"
    account.add(Draft(urn, name, "t:t:T", name, "", Sealed({}), Sealed({}), frozenset((name,)), ()))
"""


def test_processes_write_at_the_same_time_without_loss(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(n)]) for n in range(4)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0, 0]
    assert len(Account(tmp_path).of_type("t:t:T")) == 160


def test_stored_secrets_are_digests_and_come_back_only_from_who_knows_them() -> None:
    sealing = Sealing(b"k" * 32)
    value = {
        "user": "app",
        "password": "hunter2-hunter2",
        "file": Asset(text="x"),
        "zip": Archive({"a": Asset(text="b")}),
    }
    text = sealing.dump(value, [("password",)])
    assert "hunter2" not in text
    assert sealing.load(text, value) == {**value, "password": Secret("hunter2-hunter2")}
    stranger = sealing.load(text, {"password": "wrong"})
    assert stranger["password"].value.startswith("sandbox-secret-")
    assert stranger["file"].content_hash() == value["file"].content_hash()
    assert Sealing(b"j" * 32).dump(value, [("password",)]) != text
