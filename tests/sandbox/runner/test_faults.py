"""With the real engine: interrupted, killed and starved runs end with a clear message, and the next run goes on."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from projects import Answer, Project

pytestmark = pytest.mark.engine

SECONDS = 60
# Says that it runs, then waits for as long as the test wants.
PROGRAM = """
import os, time
import pulumi

pulumi.export("done", True)
if not pulumi.runtime.is_dry_run() and os.path.exists("wait"):
    open("waiting", "w").close()
    while os.path.exists("wait"):
        time.sleep(0.05)
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write(
        {
            "Pulumi.yaml": "name: shop\nruntime: python\n",
            "Pulumi.dev.yaml": "config: {}\n",
            "__main__.py": PROGRAM,
            ".gitignore": "wait\nwaiting\n",
        }
    )
    assert project.run("up", "dev").status == 0
    (project.folder / "wait").touch()
    return project


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {SECONDS} s"
        time.sleep(0.05)


def engine_of(process: subprocess.Popen[str]) -> int:
    """The engine that a `blueprints` process started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    engines = [int(child) for child in children if b"pulumi" in Path(f"/proc/{child}/cmdline").read_bytes()]
    assert len(engines) == 1
    return engines[0]


def ended(process: subprocess.Popen[str]) -> Answer:
    out, err = process.communicate(timeout=SECONDS)
    return Answer(process.returncode, out, err)


def test_sigint_cancels_and_the_next_run_goes_on(shop: Project) -> None:
    process = shop.start("up", "dev")
    until((shop.folder / "waiting").exists, "the program's start")
    os.kill(process.pid, signal.SIGINT)
    until(lambda: process.poll() is not None or not (shop.folder / "wait").unlink(missing_ok=True), "the end")
    answer = ended(process)
    assert answer.status == 1
    assert "cancelling: waiting for the operations under way" in answer.err
    assert "up was interrupted" in answer.err
    assert "Traceback" not in answer.text
    assert shop.run("up", "dev").status == 0


def test_a_third_interrupt_kills_an_engine_that_does_not_end(shop: Project) -> None:
    process = shop.start("up", "dev")
    until((shop.folder / "waiting").exists, "the program's start")
    engine = engine_of(process)
    os.kill(engine, signal.SIGSTOP)
    for _ in range(3):
        os.kill(process.pid, signal.SIGINT)
        time.sleep(0.3)
    answer = ended(process)
    assert answer.status == 1
    assert "killing the engine" in answer.err
    (shop.folder / "wait").unlink(missing_ok=True)
    assert shop.run("up", "dev").status == 0


def test_after_a_killed_engine_the_next_run_clears_its_lock(shop: Project) -> None:
    process = shop.start("up", "dev")
    until((shop.folder / "waiting").exists, "the program's start")
    engine = engine_of(process)
    os.kill(engine, signal.SIGKILL)
    answer = ended(process)
    assert answer.status == 1
    assert "the engine was killed by signal 9; the state is as of its last finished step" in answer.err
    locks = [lock for lock in shop.home.rglob("locks/organization/shop/dev/*.json") if "blueprints" not in lock.name]
    assert len(locks) == 1
    (shop.folder / "wait").unlink()
    again = shop.run("up", "dev")
    assert again.status == 0
    assert f"cleared the lock that a killed engine left on dev (process {engine})" in again.err
    assert shop.run("preview", "dev", "--expect-no-changes").status == 0


def test_a_killed_command_leaves_no_engine_behind(shop: Project) -> None:
    process = shop.start("up", "dev")
    until((shop.folder / "waiting").exists, "the program's start")
    engine = engine_of(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=SECONDS)
    (shop.folder / "wait").unlink()
    until(lambda: not Path(f"/proc/{engine}").exists(), "the engine's end")
    answer = shop.run("up", "dev")
    assert answer.status == 0
    assert list((shop.home / "run").iterdir()) == []


def test_two_runs_on_one_stack_do_not_meet(shop: Project) -> None:
    first = shop.start("up", "dev")
    until((shop.folder / "waiting").exists, "the first run's program")
    second = shop.run("up", "dev")
    assert second.status == 1
    assert "the stack is currently locked by 1 lock(s)" in second.err
    (shop.folder / "wait").unlink()
    assert ended(first).status == 0


def test_unfinished_operations_are_cleared_and_told(shop: Project) -> None:
    (shop.folder / "wait").unlink()
    path = shop.home / "state" / ".pulumi" / "stacks" / "shop" / "dev.json"
    document = json.loads(path.read_text())
    urn = "urn:pulumi:dev::shop::random:index/randomId:RandomId::token"
    resource = {"urn": urn, "custom": True, "type": "random:index/randomId:RandomId"}
    document["checkpoint"]["latest"]["pending_operations"] = [{"resource": resource, "type": "creating"}]
    path.write_text(json.dumps(document))
    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    assert "the last run was interrupted while it was creating token" in answer.err
    assert "pending_operations" not in json.loads(shop.run("export", "dev").out)["deployment"]


def test_a_damaged_state_is_named(shop: Project) -> None:
    path = shop.home / "state" / ".pulumi" / "stacks" / "shop" / "dev.json"
    path.write_text(path.read_text()[:100])
    answer = shop.run("up", "dev")
    assert answer.status == 1
    assert "the sandbox's state of dev is damaged" in answer.err
    assert "Traceback" not in answer.text


def test_a_program_that_raises_fails_with_its_own_words(shop: Project) -> None:
    shop.write({"__main__.py": "raise ValueError('the queue has no name')\n"})
    answer = shop.run("up", "dev")
    assert answer.status == 1
    assert "the queue has no name" in answer.err


def test_wrong_settings_in_a_teams_own_program_are_bad_input(shop: Project) -> None:
    program = (
        "from blueprints.errors import Problem, SettingsError\n"
        "raise SettingsError([Problem('args.size', 'must be at least 8 GiB', 'write 8GB', '1GB')], subject='Server')\n"
    )
    shop.write({"__main__.py": program})
    answer = shop.run("up", "dev")
    assert answer.status == 2
    errors = answer.err[answer.err.index("error ") :].splitlines()
    assert [line.strip() for line in errors] == [
        "error 1 setting is wrong in Server; nothing was created",
        "args.size: must be at least 8 GiB (got '1GB')",
        "fix: write 8GB",
        "up failed",
    ]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB, where the machine lets us have one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.fail("this test needs the right to mount a tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_the_state_is_intact(shop: Project, small_disk: Path) -> None:
    (shop.folder / "wait").unlink()
    here = Project(small_disk / "shop", shop.environment)
    shutil.copytree(shop.folder, here.folder, dirs_exist_ok=True, symlinks=True)
    assert here.run("up", "dev").status == 0
    before = (here.home / "state" / ".pulumi" / "stacks" / "shop" / "dev.json").read_bytes()
    filler = here.folder.parent / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    answer = here.run("up", "dev")
    assert answer.status == 1
    assert re.search(r"disk is full|no space left on device", answer.err)
    assert "Traceback" not in answer.text
    assert (here.home / "state" / ".pulumi" / "stacks" / "shop" / "dev.json").read_bytes() == before
    filler.unlink()
    assert here.run("up", "dev").status == 0
