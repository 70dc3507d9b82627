"""How a run is shown: one line while it goes on, then findings, changes and what to type next."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from blueprints.cli import tree
from blueprints.cli.terminal import Status, paint, say
from blueprints.sandbox.account.records import Remainder
from blueprints.sandbox.events import REPLACING, UNKNOWN, Finding, Report, Step
from blueprints.sandbox.operations import Result

_VERBS = {
    "create": ("creating", "created"),
    "update": ("updating", "updated"),
    "delete": ("deleting", "deleted"),
    "create-replacement": ("replacing", "replaced"),
    "replace": ("replacing", "replaced"),
    "delete-replaced": ("deleting the old", "old ones deleted"),
    "import": ("importing", "imported"),
    "refresh": ("reading", "read"),
}
_COLOURS = {"create": "green", "update": "yellow", "delete": "red", "replace": "magenta"}
# What a reader must not miss comes first.
_ORDER = {"delete": -4, "replace": -3, "update": -2, "import": -1}
_MANY = 10
# The engine's last words where this program says the same in its own.
_REPEATED = ("error: update failed", "error: no changes were expected")
_SIGNS = {"create": "+", "update": "~", "delete": "-", "replace": "±"}


class Watcher:
    """Turns the events of a run into its status line."""

    def __init__(self, status: Status, stack: str) -> None:
        self._status = status
        self._stack = stack

    def interrupted(self, words: str) -> None:
        """Says at once what an interrupt does; the engine may take its time."""
        self._status.line(paint(words, "yellow", sys.stderr))

    def __call__(self, report: Report, what: Step | Finding | None) -> None:
        """Shows one event."""
        if isinstance(what, Finding):
            return
        if report.planning:
            self._status.update(f"checking {self._stack}: {report.done + report.unchanged} resources")
            return
        step = next(reversed(report.running.values()), None)
        now = f": {_VERBS.get(step.operation, (step.operation,))[0]} {step.name}" if step else ""
        total = max(report.planned, report.done)
        done = f"{report.done} of {total} operations" if total else "nothing to do so far"
        self._status.update(f"{self._stack}: {done}{now}")


def show_findings(result: Result) -> None:
    """Everything that the checks and the engine found, each once, errors last."""
    report = result.report
    for note in result.notes:
        say(f"{paint('note', 'blue', sys.stderr)} {note}")
    for line in report.printed:
        say(paint(line, "dim", sys.stderr))
    for finding in _once([*report.warnings, *report.errors]):
        say(finding_line(finding))
    told = " ".join(finding.message for finding in report.errors)
    for line in result.said:
        # What the engine repeats of its own events says nothing new.
        if line.removeprefix("error: ").strip() not in told and not line.startswith(_REPEATED):
            say(line)


def finding_line(finding: Finding) -> str:
    """A finding as one paragraph: the resource it is about, then what was found."""
    colour = "red" if finding.severity == "error" else "yellow"
    head = paint(finding.severity, colour, sys.stderr)
    about = f" {paint(_resource(finding.urn), 'bold', sys.stderr)}:" if _resource(finding.urn) else ""
    message = finding.message.removeprefix(f"{finding.severity}: ").removeprefix("sandbox: ")
    return f"{head}{about} " + message.replace("\n", "\n    ")


def changes_line(report: Report, *, planned: bool, retained: int = 0) -> str:
    """What changed, or would: `12 to create, 1 to replace`, coloured by how much it matters.

    `retained` of the deletions took a resource out of the state and left it in the account.
    """
    words: list[str] = []
    changes = report.changes
    for operation in ("create", "update", "replace", "delete", "import"):
        number = changes[operation] - (retained if operation == "delete" else 0)
        if number:
            verb = f"to {operation}" if planned else _VERBS[operation][1]
            words.append(paint(f"{number} {verb}", _COLOURS.get(operation, "blue")))
    same = f", {report.unchanged} unchanged" if report.unchanged else ""
    if retained:
        words.append(f"{retained} kept")
    return (", ".join(words) or "no changes") + same


def show_steps(report: Report) -> None:
    """What a preview would do: what is destroyed first, and many of a kind that are only created as one line."""
    steps: dict[str, tuple[str, Step]] = {}
    for step in report.steps:
        operation = "replace" if step.operation in REPLACING else step.operation
        # Of a replacement's steps, the deletion of the old one does not say what changed.
        if step.urn not in steps or (operation == "replace" and step.changed):
            steps[step.urn] = (operation, step)
    rows = sorted(steps.values(), key=lambda row: (_ORDER.get(row[0], 0), row[1].type, row[1].name))
    many = Counter((operation, step.type) for operation, step in rows)
    shown: Counter[tuple[str, str]] = Counter()
    for operation, step in rows:
        kind = (operation, step.type)
        shown[kind] += 1
        if operation == "create" and many[kind] > _MANY and shown[kind] > 1:
            continue
        sign = paint(_SIGNS.get(operation, "?"), _COLOURS.get(operation, "blue"))
        print(f"  {sign} {step.name:<44} {paint(tree.short_type(step.type), 'dim')}{_changed(step)}")
        if operation == "create" and many[kind] > _MANY:
            print(f"    {paint(f'... and {many[kind] - 1} more', 'dim')}")


def _changed(step: Step) -> str:
    """Which properties an update changes, and which of them make it a replacement."""
    if step.operation == "create" or not step.changed:
        return ""
    words = [f"{path} (replaces)" if path in step.forcing else path for path in step.changed]
    return f"  {', '.join(words)}"


def show_outputs(outputs: dict[str, Any]) -> None:
    """Outputs by name; long values are cut, and structures are shown as JSON."""
    if not outputs:
        print("  none")
        return
    width = max(map(len, outputs))
    for name, value in sorted(outputs.items()):
        text = value if isinstance(value, str) else json.dumps(value)
        print(f"  {name:<{width}}  {'(known after up)' if text == UNKNOWN else text}")


def show_kept(kept: Sequence[Remainder]) -> None:
    """Everything that a destroyed stack leaves, under what it means that it is left."""
    for (kind, note), items in groupby(kept, key=lambda item: (item.kind, item.note)):
        rows = [(item.urn.rpartition("::")[2], tree.short_type(item.type), item.id) for item in items]
        print(f"  {paint(f'{len(rows)} x {kind}', 'yellow')}: {note}")
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for name, kind_of, identity in rows:
            print(f"    {name:<{widths[0]}}  {paint(f'{kind_of:<{widths[1]}}', 'dim')}  {identity}")


def show_advice(result: Result) -> None:
    """What the settings suggest although nothing is wrong with them."""
    if result.advice:
        heading("To think about")
        for text in result.advice:
            print(f"  - {text}")


def heading(text: str) -> None:
    """A heading above a block of output."""
    print()
    print(paint(text, "bold"))


def show_commands(commands: Sequence[tuple[str, str]]) -> None:
    """Commands to type next, each with what it is for."""
    width = max(len(command) for command, _ in commands)
    for command, purpose in commands:
        print(f"  {command:<{width}}  {paint('# ' + purpose, 'dim')}")


def _resource(urn: str) -> str:
    kind = urn.rpartition("::")[0].rpartition("::")[2].rpartition("$")[2]
    return "" if not urn or kind == "pulumi:pulumi:Stack" else f"{urn.rpartition('::')[2]} ({tree.short_type(kind)})"


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without those that differ only in what the engine put around them."""
    return list(Counter(findings))
