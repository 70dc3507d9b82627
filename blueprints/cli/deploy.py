"""`preview`, `up` and `destroy` in the sandbox."""

from __future__ import annotations

import argparse
import sys

from blueprints.cli import tree
from blueprints.cli.run_view import (
    Watcher,
    changes_line,
    heading,
    show_advice,
    show_commands,
    show_findings,
    show_kept,
    show_outputs,
    show_steps,
)
from blueprints.cli.stacks import opened, program
from blueprints.cli.terminal import paint, say
from blueprints.sandbox import operations
from blueprints.sandbox.operations import Result


def preview(typed: argparse.Namespace) -> int:
    """Shows what an update would change."""
    chosen = {"--expect-no-changes": typed.expect_no_changes, "--refresh": typed.refresh}
    flags = [flag for flag, on in chosen.items() if on]
    with opened(typed, f"checking {typed.stack}") as (sandbox, line):
        if typed.json or typed.diff:
            shape = "--json" if typed.json else "--diff"
            return operations.preview_text(
                sandbox, typed.stack, print, line.line, [shape, *flags], unprotect=typed.unprotect
            )
        result = operations.preview(sandbox, typed.stack, Watcher(line, typed.stack), flags, typed.unprotect)
    show_findings(result)
    if result.status == 0:
        show_steps(result.report)
        print(f"{typed.stack}: {changes_line(result.report, planned=True)}")
        show_advice(result)
    elif typed.expect_no_changes and not result.report.errors:
        show_steps(result.report)
        say(
            f"{paint('error', 'red', sys.stderr)} no changes were expected: {changes_line(result.report, planned=True)}"
        )
    else:
        _failed("preview", result)
    return result.status


def up(typed: argparse.Namespace) -> int:
    """Brings a stack up and shows what came up."""
    raw = print if typed.json else None
    with opened(typed, f"bringing {typed.stack} up") as (sandbox, line):
        flags = ["--refresh"] if typed.refresh else []
        result = operations.up(
            sandbox, typed.stack, Watcher(line, typed.stack), flags, unprotect=typed.unprotect, raw=raw
        )
    show_findings(result)
    if typed.json:
        return result.status
    if result.status != 0:
        _failed("up", result)
        if result.report.applied:
            say(f"    {changes_line(result.report, planned=False)} before that; the same command goes on from there")
        return result.status
    state = sandbox.state(typed.stack)
    assert state is not None
    print(f"{paint('up', 'green')} {typed.stack}: {changes_line(result.report, planned=False)}")
    heading(f"Resources ({tree.count(state)})")
    for text in tree.lines(state):
        print(f"  {text}")
    heading("Outputs")
    show_outputs(result.report.outputs)
    show_advice(result)
    heading("Next")
    name = program()
    show_commands(
        [
            (f"{name} preview {typed.stack}", "after a change in its settings: what it would do"),
            (f"{name} outputs {typed.stack} --json", "what the stack publishes, for a program"),
            (f"{name} destroy {typed.stack}", "take it down again"),
        ]
    )
    return result.status


def destroy(typed: argparse.Namespace) -> int:
    """Takes a stack down and says what is kept."""
    raw = print if typed.json else None
    with opened(typed, f"destroying {typed.stack}") as (sandbox, line):
        result = operations.destroy(sandbox, typed.stack, Watcher(line, typed.stack), raw)
    show_findings(result)
    if typed.json:
        return result.status
    if result.status != 0:
        _failed("destroy", result)
        return result.status
    done = changes_line(result.report, planned=False, retained=result.retained)
    print(f"{paint('destroyed', 'green')} {typed.stack}: {done}")
    if result.kept:
        heading(f"Kept ({len(result.kept)})")
        show_kept(result.kept)
    else:
        print("nothing is kept: the state and the simulated account are empty")
    return result.status


def _failed(verb: str, result: Result) -> None:
    how = "was interrupted" if result.interrupted else "failed"
    say(f"{paint(verb, 'red', sys.stderr)} {how}")
