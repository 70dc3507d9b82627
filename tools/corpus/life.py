"""One program's life in the sandbox: up, a second preview, destroy."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.corpus.manifest import Program
from tools.corpus.outcome import Outcome, of_failure

_BLUEPRINTS = Path(sys.executable).with_name("blueprints")


_CREATED = re.compile(r"^\s*\+ (\d+) created$", re.MULTILINE)
_CHANGED = "no changes were expected"
_PROTECTED = "because it is protected"


class _StepError(Exception):
    """A step did not succeed. `code` is None when it took too long."""

    def __init__(self, name: str, code: int | None, text: str) -> None:
        super().__init__(name)
        self.name, self.code, self.text = name, code, text


def live(program: Program, folder: Path, log: Path, seconds: int) -> Outcome:
    """Brings the program in `folder` up and takes it down. All that was printed goes to `log`."""
    life = _Life(program, folder, log, seconds)
    log.write_text("")
    resources: int | None = None
    notes: list[str] = []
    try:
        made = _CREATED.search(life.step("up", "up", "--yes"))
        resources = int(made[1]) - 1 if made else 0  # without the stack itself
        try:
            life.step("second preview", "preview", "--expect-no-changes", "--diff")
        except _StepError as failed:
            if not program.judged or _CHANGED not in failed.text:
                raise
            notes.append(f"second preview: {program.judged}")
        try:
            life.step("destroy", "destroy", "--yes")
        except _StepError as failed:
            if _PROTECTED not in failed.text:
                raise
            life.step("unprotect", "state", "unprotect", "--all", "--yes")
            life.step("destroy", "destroy", "--yes")
    except _StepError as failed:
        if failed.code is None:
            return Outcome("timeout", f"{failed.name}: more than {seconds} s", resources)
        if program.limit and program.limit in failed.text:
            return Outcome("limit", program.limit, resources)
        verdict = of_failure(failed.name, failed.text, program.judged)
        return Outcome(verdict.kind, verdict.detail, resources)
    return Outcome("true finding" if notes else "ok", "; ".join(notes), resources)


@dataclass(frozen=True)
class _Life:
    program: Program
    folder: Path
    log: Path
    seconds: int

    def step(self, name: str, *arguments: str) -> str:
        """What the step printed. Raises `_StepError`."""
        variables = [part for key, value in self.program.variables.items() for part in ("--env", f"{key}={value}")]
        command = [str(_BLUEPRINTS), "sandbox", "run", *variables, "--", *arguments, "--stack", self.program.stack]
        process = subprocess.Popen(
            [*command, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        code: int | None = None
        try:
            text, _ = process.communicate(timeout=self.seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            # The group is this process's own: the command, its engine and its providers.
            os.killpg(process.pid, signal.SIGKILL)
            text, _ = process.communicate()
        with self.log.open("a") as file:
            file.write(f"===== {name}: exit {code}\n{text}\n")
        if code != 0:
            raise _StepError(name, code, text)
        return text
