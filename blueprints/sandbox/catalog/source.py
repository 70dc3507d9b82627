"""Reads one file of a generated SDK without importing it.

The files that hold nested types reach three megabytes, so a file is cut at its top-level statements by text first
and only the pieces that somebody asks for are parsed.
"""

from __future__ import annotations

import ast
import re
from functools import cached_property
from pathlib import Path

_TOP_LEVEL = re.compile(r"^(?:class|def) (\w+)", re.MULTILINE)
_IMPORT_AS = re.compile(r"^from (\.+)([\w.]*) import (\w+)(?: as (\w+))?$", re.MULTILINE)
_DECORATOR = re.compile(r"^@", re.MULTILINE)
_HEADER_END = re.compile(r"^(?:@|class |def )", re.MULTILINE)


class Source:
    """One Python file: its classes and functions by name, parsed on demand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        marks = [(match.start(), match.group(1)) for match in _TOP_LEVEL.finditer(self.text)]
        ends = [start for start, _ in marks[1:]] + [len(self.text)]
        return {name: (start, end) for (start, name), end in zip(marks, ends, strict=True)}

    @property
    def names(self) -> list[str]:
        """Top-level classes and functions in the order of the file."""
        return list(self._spans)

    def slice(self, name: str) -> str:
        """The text of one top-level class or function, without its decorators."""
        start, end = self._spans[name]
        # Decorators before the end are those of the next statement.
        decorator = _DECORATOR.search(self.text, start, end)
        return self.text[start : decorator.start() if decorator else end]

    def parse(self, name: str) -> ast.ClassDef | ast.FunctionDef | None:
        """The syntax tree of one top-level class or function; None where there is none of this name.

        Positions in the tree count from the start of `slice(name)`.
        """
        if name not in self._spans:
            return None
        statement = ast.parse(self.slice(name)).body[0]
        return statement if isinstance(statement, (ast.ClassDef, ast.FunctionDef)) else None

    @cached_property
    def imports(self) -> dict[str, tuple[int, str]]:
        """Relative imports by local name: the number of dots and the dotted rest of the module."""
        end = _HEADER_END.search(self.text)
        header = self.text[: end.start()] if end else self.text
        found: dict[str, tuple[int, str]] = {}
        for dots, module, name, alias in _IMPORT_AS.findall(header):
            found[alias or name] = (len(dots), ".".join(part for part in (module, name) if part))
        return found
