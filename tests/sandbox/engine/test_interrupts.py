"""A program that is cancelled ends tidily, says nothing that hides the cause, and never outlives its engine."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .projects import FAILED, Project

pytestmark = pytest.mark.engine


def test_a_failed_resource_is_the_only_error_shown(own_project: Project) -> None:
    own_project.write("import pulumi\npulumi.StackReference('organization/example/elsewhere')\n")
    code, output = own_project.run("up", "--yes", "--skip-preview")
    assert code == FAILED, output
    assert "organization/example/elsewhere" in output
    assert "Traceback" not in output
    assert "KeyboardInterrupt" not in output


SLEEPER = """
import os, time
try:
    open("marker", "w").write(str(os.getpid()))
    time.sleep(100)
finally:
    open("tidied", "w").close()
"""


@pytest.mark.parametrize("command", [("preview",), ("up", "--yes", "--skip-preview")])
def test_an_interrupt_ends_the_program_and_leaves_no_lock(own_project: Project, command: tuple[str, ...]) -> None:
    marker = own_project.folder / "marker"
    own_project.write(SLEEPER)
    with own_project.start(*command) as process:
        wait_until(lambda: marker.exists() and marker.read_text() != "")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode not in (0, None)
    assert "Traceback" not in output
    assert (own_project.folder / "tidied").exists()
    wait_until(lambda: not Path(f"/proc/{marker.read_text()}").exists())
    own_project.write("import pulumi\npulumi.export('a', 1)\n")
    own_project.ok("up", "--yes", "--skip-preview")


def test_a_killed_engine_leaves_no_program_behind(own_project: Project) -> None:
    marker = own_project.folder / "marker"
    own_project.write(SLEEPER)
    with own_project.start("preview") as process:
        wait_until(lambda: marker.exists() and marker.read_text() != "")
        process.kill()
        wait_until(lambda: not Path(f"/proc/{marker.read_text()}").exists())


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 40 seconds"
        time.sleep(0.05)
