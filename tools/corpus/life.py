"""One program's life in the sandbox: up, a second preview, destroy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.corpus.manifest import Program
from tools.corpus.outcome import Outcome, of_failure

_BLUEPRINTS = Path(sys.executable).with_name("blueprints")


@dataclass(frozen=True)
class _Step:
    code: int | None
    """None when it took too long."""
    text: str


def live(program: Program, folder: Path, log: Path, seconds: int) -> Outcome:
    """Brings the program in `folder` up and takes it down. All that was printed goes to `log`."""
    steps = (
        ("up", ["up", "--yes"]),
        ("second preview", ["preview", "--expect-no-changes", "--diff"]),
        ("destroy", ["destroy", "--yes"]),
    )
    resources: int | None = None
    log.write_text("")
    for name, arguments in steps:
        step = _run(program, folder, arguments, seconds)
        with log.open("a") as file:
            file.write(f"===== {name}: exit {step.code}\n{step.text}\n")
        if step.code is None:
            return Outcome("timeout", f"{name}: more than {seconds} s", resources)
        if step.code:
            verdict = of_failure(name, step.text, program.judged)
            return Outcome(verdict.kind, verdict.detail, resources)
        if name == "up":
            resources = len(_left(program, folder, seconds))
    left = _left(program, folder, seconds)
    if left:
        return Outcome("false alarm", f"destroy: left {', '.join(left[:3])}", resources)
    return Outcome("ok", program.judged, resources)


def _run(program: Program, folder: Path, arguments: list[str], seconds: int) -> _Step:
    variables = [part for name, value in program.variables.items() for part in ("--env", f"{name}={value}")]
    command = [str(_BLUEPRINTS), "sandbox", "run", *variables, "--", *arguments, "--stack", program.stack]
    process = subprocess.Popen(
        [*command, "--non-interactive", "--color", "never"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        text, _ = process.communicate(timeout=seconds)
        return _Step(process.returncode, text)
    except subprocess.TimeoutExpired:
        # The group is this process's own: the command, its engine and its providers.
        os.killpg(process.pid, signal.SIGKILL)
        text, _ = process.communicate()
        return _Step(None, text)


def _left(program: Program, folder: Path, seconds: int) -> list[str]:
    """URNs in the state, except the stack, its providers and retained ones."""
    command = [str(_BLUEPRINTS), "sandbox", "run", "--", "stack", "export", "--stack", program.stack]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True, timeout=seconds)
    if done.returncode:
        return [f"unreadable state: {done.stderr.strip()[-200:]}"]
    found = json.loads(done.stdout)["deployment"].get("resources") or []
    return [
        resource["urn"]
        for resource in found
        if resource["type"] != "pulumi:pulumi:Stack" and not resource["type"].startswith("pulumi:providers:")
    ]
