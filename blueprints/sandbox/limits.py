"""Limits of the sandbox that a program can run into without the engine's words saying that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from blueprints.sandbox.events import Finding
from blueprints.sandbox.project import Project

_STACK_REFERENCE = re.compile(r"\bStackReference\(")
_SKIPPED = {"node_modules", "site-packages", "__pycache__"}


def in_findings(project: Project, findings: list[Finding]) -> list[str]:
    """The limits that these findings come from, one sentence each."""
    return [_stack_references(project)] if any("StackReference" in finding.urn for finding in findings) else []


def in_program(project: Project) -> list[str]:
    """The limits that a program's files show signs of, where only the engine itself saw the findings."""
    found = any(
        _STACK_REFERENCE.search(path.read_text(encoding="utf-8", errors="replace"))
        for path in _sources(project.program)
    )
    return [_stack_references(project)] if found else []


def _stack_references(project: Project) -> str:
    return (
        "stack references: the sandbox holds the stacks of this project only and has no organizations; a reference must"
        f" read organization/{project.name}/<stack>, and that stack must have been brought up"
    )


def _sources(folder: Path) -> Iterator[Path]:
    """Python files of a program, without environments and hidden folders."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in _SKIPPED or entry.is_symlink():
            continue
        if entry.is_dir() and not (entry / "pyvenv.cfg").exists():
            yield from _sources(entry)
        elif entry.suffix == ".py":
            yield entry
