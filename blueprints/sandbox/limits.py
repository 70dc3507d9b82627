"""Limits of the sandbox that a program can run into without the engine's words saying that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from blueprints.sandbox.project import Project

_SIGNS = {
    re.compile(r"\bStackReference\("): (
        "stack references: the sandbox holds the stacks of this project only and has no organizations; a reference must"
        " read organization/{project}/<stack> and that stack must have been brought up"
    ),
}
_SKIPPED = {"node_modules", "site-packages", "__pycache__"}


def in_program(project: Project) -> Iterator[str]:
    """The limits that the program's own files show signs of, one sentence each."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in _sources(project.home.project_root)]
    for sign, words in _SIGNS.items():
        if any(sign.search(text) for text in texts):
            yield words.format(project=project.name)


def _sources(folder: Path) -> Iterator[Path]:
    """Python files of the project, without environments and hidden folders."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in _SKIPPED or entry.is_symlink():
            continue
        if entry.is_dir() and not (entry / "pyvenv.cfg").exists():
            yield from _sources(entry)
        elif entry.suffix == ".py":
            yield entry
