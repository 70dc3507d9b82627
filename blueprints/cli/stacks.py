"""From the name of a stack as typed to the sandbox that holds it."""

from __future__ import annotations

import argparse
import difflib
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from blueprints.cli.terminal import Status, paint, say, status
from blueprints.sandbox import state
from blueprints.sandbox.errors import BadInput
from blueprints.sandbox.project import Project
from blueprints.sandbox.session import BANNER, Options, Sandbox


def banner() -> None:
    """The first line of everything that happens in the sandbox."""
    say(paint(BANNER, "blue", sys.stderr))


@contextmanager
def opened(typed: argparse.Namespace, doing: str) -> Generator[tuple[Sandbox, Status]]:
    """The sandbox for a command on a stack, with a status line. Raises `BadInput` for a stack that is not known."""
    banner()
    fail_on: str = getattr(typed, "fail_on", "")
    check_fail_on(fail_on)
    with status(doing) as line:
        sandbox = Sandbox.open(Path(typed.cwd), line.update, Options(fail_on=fail_on, program=program()))
        require(sandbox.project, typed.stack)
        for note in sandbox.project.notes:
            line.line(f"{paint('note', 'blue', sys.stderr)} {note}")
        yield sandbox, line


def require(project: Project, stack: str) -> None:
    """Raises `BadInput` unless the stack has a file or has been created in the sandbox."""
    known = sorted({*project.stacks(), *state.known_stacks(project.home, project.name)})
    if stack in known:
        return
    close = difflib.get_close_matches(stack, known, n=1, cutoff=0.5)
    fix = f"did you mean `{close[0]}`?" if close else f"add {project.config_dir / f'Pulumi.{stack}.yaml'}"
    listed = ", ".join(known) or "none"
    raise BadInput(f"there is no stack {stack!r} in {project.home.project_root}; stacks: {listed}\n    fix: {fix}")


def check_fail_on(text: str) -> None:
    """Raises `BadInput` for a `--fail-on` that is not understood."""
    from blueprints.sandbox.provider.faults import parse

    try:
        parse(text)
    except ValueError as error:
        raise BadInput(f"--fail-on: {error}") from error


def program() -> str:
    """How this program is typed here: by its name, where that finds it, else by the path it was called with."""
    found = shutil.which("blueprints")
    called = Path(sys.argv[0])
    if called.name != "blueprints" or (found and Path(found).resolve() == called.resolve()):
        return "blueprints"
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(called)
