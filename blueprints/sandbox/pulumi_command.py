"""`blueprints sandbox run`: the real pulumi command line on any project, in the sandbox."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from blueprints.sandbox import limits, pulumi_arguments, recovery, teardown
from blueprints.sandbox.pulumi_arguments import PulumiArguments
from blueprints.sandbox.session import Line, Options, Sandbox

_DEFAULT_STACK = "dev"
# Commands that a killed run could stop, or that would stop on what it left.
_RECOVERING = {"up", "destroy", "refresh", "import"}


def run(arguments: Sequence[str], here: Path, say: Line, progress: Line, options: Options) -> int:
    """Runs pulumi with these arguments. `say` receives notes for the user. Returns pulumi's own exit code.

    Raises `BadInput` for what is refused in the sandbox.
    """
    parsed = pulumi_arguments.parse(arguments, here)
    sandbox = Sandbox.open(parsed.folder, progress, options)
    for note in sandbox.project.notes:
        say(f"note {note}")
    stack = parsed.stack or _selected(sandbox)
    existed = sandbox.state(stack) is not None
    if parsed.needs_project and (existed or parsed.creates):
        for note in sandbox.prepare(stack):
            say(f"note {note}")
    tokens = parsed.for_engine(lambda path: sandbox.derive_file(path, stack))
    with sandbox.running(stack) as launch:
        # The engine's own way to say which stack is the current one, for commands that name none.
        launch.environment["PULUMI_STACK"] = stack
        if parsed.words[:1] and parsed.words[0] in _RECOVERING and existed:
            for note in recovery.recover(sandbox, launch, stack):
                say(f"note {note}")
        status = launch.attached(tokens)
    _afterwards(sandbox, parsed, stack, status, say)
    return status if status >= 0 else 1


def _selected(sandbox: Sandbox) -> str:
    """The stack to use where none is named: the one selected, else the project's only one, else `dev`."""
    for file in (sandbox.home.engine_home / "workspaces").glob(f"{sandbox.project.name}-*-workspace.json"):
        try:
            chosen = json.loads(file.read_text()).get("stack")
        except (OSError, ValueError):
            continue
        if chosen:
            return str(chosen).rsplit("/", 1)[-1]
    stacks = sandbox.project.stacks()
    return stacks[0] if len(stacks) == 1 else _DEFAULT_STACK


def _afterwards(sandbox: Sandbox, parsed: PulumiArguments, stack: str, status: int, say: Line) -> None:
    if status < 0:
        say(f"the engine was killed by signal {-status}; the next run clears its lock and goes on from there")
    if status != 0:
        for limit in limits.in_program(sandbox.project):
            say(f"limit {limit}")
        return
    if parsed.words[:1] == ("up",):
        for line in recovery.orphans(sandbox, stack):
            say(line)
    elif parsed.words[:1] == ("destroy",):
        left = sandbox.state(stack)
        if left is None or not left.shown:
            for item in teardown.kept(sandbox, stack):
                say(f"kept {item.kind} {item.id} ({item.type}): {item.note}")
    elif parsed.words[:2] == ("stack", "rm") and sandbox.state(stack) is None:
        teardown.forget(sandbox, stack)
