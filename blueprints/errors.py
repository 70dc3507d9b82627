"""The few exceptions that are meant for people.

They derive from `pulumi.RunError`, so a Pulumi host prints the message alone, without a traceback.

    BlueprintError          base; the message says what to do
    └── SettingsError       one or more settings are wrong; lists every one
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pulumi

_SHOWN = 80


@dataclass(frozen=True)
class Problem:
    """One wrong setting: where it is, what was given, which limit it broke and how to fix it."""

    path: str
    """Where the value stands, as the user wrote it: `blueprints:settings.server.volume.size`."""
    limit: str
    """The rule that was broken, in words: `must be at least 8 GiB`."""
    fix: str = ""
    """What to type instead; empty only where the limit already says it."""
    value: object = None
    """The value given; `None` where there is none to show (a missing field, a secret)."""

    def __str__(self) -> str:
        given = "" if self.value is None else f" (got {shown(self.value)})"
        fix = f"\n    fix: {self.fix}" if self.fix else ""
        # A key may hold anything, and a terminal obeys control characters.
        path = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in self.path)
        return f"  {path}: {self.limit}{given}{fix}"

    def under(self, prefix: str) -> Problem:
        """The same problem, seen from one level further out."""
        return Problem(join(prefix, self.path), self.limit, self.fix, self.value)


def join(*parts: str) -> str:
    """Joins parts of a settings path: `join("a", "[0]", "b")` is `a[0].b`."""
    path = ""
    for part in parts:
        if part and path and not part.startswith("["):
            path += "."
        path += part
    return path


def shown(value: object) -> str:
    """A value as an error may print it: on one line and never longer than a line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


class BlueprintError(pulumi.RunError):
    """An error for people: the message is complete and needs no traceback."""


class SettingsError(BlueprintError):
    """One or more settings are wrong. Nothing has been created.

    `problems` holds every one of them, in the order of their paths in the file.
    """

    def __init__(self, problems: Iterable[Problem], subject: str = "settings") -> None:
        self.problems = tuple(problems)
        self.subject = subject
        count = len(self.problems)
        noun = "setting is" if count == 1 else "settings are"
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{count} {noun} wrong in {subject}; nothing was created\n{lines}")
