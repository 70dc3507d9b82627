"""The files that an image is built from, and one hash over all of them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath


def context_hash(context: Path, recipe: Sequence[str]) -> str:
    """16 hexadecimal digits that change when a file of the build context or a part of the recipe does.

    Times and owners do not count, so the same commit gives the same tag on every machine. What `.dockerignore` names
    does not count either.
    """
    total = hashlib.sha256()
    for part in recipe:
        total.update(f"{len(part)}:{part}".encode())
    for path in files_of(context):
        relative = path.relative_to(context).as_posix()
        executable = bool(path.lstat().st_mode & 0o100)
        total.update(f"{len(relative)}:{relative}:{executable:d}:".encode())
        total.update(_content_hash(path))
    return total.hexdigest()[:16]


def files_of(context: Path) -> list[Path]:
    """Files of a build context in a fixed order, without those that its `.dockerignore` names."""
    ignored = list(_patterns(context / ".dockerignore"))
    # With an exception in the list a file below an ignored folder may still count, so folders cannot be skipped.
    prune = not any(negated for negated, _ in ignored)
    found: list[Path] = []
    for folder, names, files in os.walk(context):
        here = Path(folder)
        if prune:
            names[:] = [name for name in names if not _ignored(here / name, context, ignored)]
        links = [name for name in names if (here / name).is_symlink()]
        found += [here / name for name in (*files, *links) if not _ignored(here / name, context, ignored)]
    return sorted(found, key=lambda path: path.relative_to(context).as_posix())


def _content_hash(path: Path) -> bytes:
    if path.is_symlink():
        return hashlib.sha256(f"-> {path.readlink()}".encode()).digest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _patterns(ignore_file: Path) -> Iterator[tuple[bool, re.Pattern[str]]]:
    if not ignore_file.is_file():
        return
    for line in ignore_file.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        negated = text.startswith("!")
        cleaned = PurePosixPath(text.lstrip("!").strip().lstrip("/")).as_posix()
        yield negated, re.compile(f"{_regular(cleaned)}(?:/.*)?", re.DOTALL)


def _regular(pattern: str) -> str:
    """A `.dockerignore` pattern (Go's filepath.Match, and `**` for any number of folders) as a regular expression."""
    result = ""
    rest = pattern
    while rest:
        if rest.startswith("**/"):
            result, rest = result + "(?:.*/)?", rest[3:]
        elif rest.startswith("**"):
            result, rest = result + ".*", rest[2:]
        elif rest[0] == "*":
            result, rest = result + "[^/]*", rest[1:]
        elif rest[0] == "?":
            result, rest = result + "[^/]", rest[1:]
        else:
            result, rest = result + re.escape(rest[0]), rest[1:]
    return result


def _ignored(path: Path, context: Path, patterns: Sequence[tuple[bool, re.Pattern[str]]]) -> bool:
    relative = path.relative_to(context).as_posix()
    ignored = False
    # The last pattern that matches decides (Docker's build reference, ".dockerignore file").
    for negated, pattern in patterns:
        if pattern.fullmatch(relative):
            ignored = not negated
    return ignored
