"""The Go side of compiling an engine: where the pinned module is, which Go is there, and whether it is new enough."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from semver import Version

from blueprints.sandbox.engine.model import NotAvailable

_ANSWER_SECONDS = 20
_FIRST_SELF_UPDATING = Version(1, 21, 0)
_SOURCES = (".go", ".py", ".mod", ".sum")


@dataclass(frozen=True)
class Module:
    """The Go module that pins the engine and holds the language host."""

    folder: Path

    @cached_property
    def minimum(self) -> Version:
        """The Go version that the module's `go` line asks for."""
        version = go_version(re.sub(r"(?ms).*^go (\S+)$.*", r"\1", (self.folder / "go.mod").read_text("utf-8")))
        if version is None:
            raise NotAvailable(f"{self.folder / 'go.mod'} has no `go` line")
        return version

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any source file of the module, its go.sum included."""
        digest = hashlib.sha256()
        for file in sorted(self.folder.rglob("*")):
            if file.suffix in _SOURCES and not file.name.endswith("_test.go"):
                digest.update(file.relative_to(self.folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return digest.hexdigest()[:12]


def pinned_module() -> Module:
    """The module as this installation carries it: inside the package (a wheel) or in `tools/engine` (a checkout).

    Raises `NotAvailable` where neither is there.
    """
    packaged = Path(__file__).parent / "go"
    checkout = Path(__file__).parents[3] / "tools" / "engine"
    for folder in (packaged, checkout):
        if (folder / "go.mod").is_file():
            return Module(folder)
    raise NotAvailable(
        "this installation carries no engine sources",
        "reinstall pulumi-deployment-blueprints: its files are incomplete",
    )


@dataclass(frozen=True)
class Go:
    """A Go toolchain that can compile the module."""

    program: str
    version: Version
    folders: tuple[Path, ...]
    """Where Go keeps modules and compiled packages: the disks that have to have room."""


def find_go(path: str, minimum: Version, environment: Mapping[str, str] | None = None) -> Go:
    """The Go on `path`.

    Raises `NotAvailable` when there is none, or one too old that may not fetch a newer toolchain by itself.
    """
    fix = f"install Go {minimum} or later: https://go.dev/dl/"
    program = shutil.which("go", path=path)
    if program is None:
        raise NotAvailable("Go is not installed", fix)
    settings = _settings(program, fix, environment)
    version = go_version(settings.get("GOVERSION", ""))
    if version is None:
        raise NotAvailable(f"{program} does not say which version it is", fix)
    # Go 1.21 and later fetch the toolchain that a module asks for, unless they are told to stay what they are.
    updates_itself = version >= _FIRST_SELF_UPDATING and settings.get("GOTOOLCHAIN", "local") not in {"local", ""}
    if version < minimum and not updates_itself:
        raise NotAvailable(f"{program} is too old (Go {version}; {minimum} or later is needed)", fix)
    folders = tuple(Path(settings[name]) for name in ("GOMODCACHE", "GOCACHE") if settings.get(name))
    return Go(program, version, folders)


def go_version(text: str) -> Version | None:
    """`go1.25.11` or `1.26` as a version; a release candidate counts as its release."""
    match = re.fullmatch(r"(?:go)?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:rc\d+|beta\d+|[ +-].*)?", text.strip())
    return None if match is None else Version(*(int(part or 0) for part in match.groups()))


def _settings(program: str, fix: str, environment: Mapping[str, str] | None) -> dict[str, str]:
    command = [program, "env", "-json", "GOVERSION", "GOTOOLCHAIN", "GOMODCACHE", "GOCACHE"]
    try:
        # From the root folder: inside a module Go answers for the toolchain that the module asks for.
        answer = subprocess.run(
            command,
            cwd=os.sep,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_SECONDS,
            check=True,
        )
        settings: object = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise NotAvailable(f"{program} does not work ({error})", fix) from error
    return cast("dict[str, str]", settings) if isinstance(settings, dict) else {}
