"""Looks at this machine and says what was found, which versions, and what to do about what is missing.

No engine is fetched or made, and no network is needed. It has to work where the Pulumi SDK does not, so nothing that it
imports imports the SDK.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, cast

from packaging.requirements import InvalidRequirement, Requirement

from blueprints.sandbox.engine.compile import NEEDED_BYTES
from blueprints.sandbox.engine.golang import find_go
from blueprints.sandbox.engine.model import Engine, NotAvailable
from blueprints.sandbox.engine.release import MINIMUM, PINNED, this_platform
from blueprints.sandbox.engine.search_path import find_on_path
from blueprints.sandbox.engine.sources import Sources

DISTRIBUTION = "pulumi-deployment-blueprints"
IMPORT_NAME = "blueprints"

Status = Literal["ok", "warn", "missing"]
"""`missing`: nothing runs without it; `warn`: something does not, or soon will not."""

_OLDEST_PYTHON = (3, 11)
_DOCKER_SECONDS = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for."""

    name: str
    status: Status
    found: str
    """Version and place of what is there, or what is not."""
    fix: str = ""
    """What to do; empty where there is nothing to do."""
    path: str = ""
    """Where it is; empty where it is not, or is in no one place."""

    def as_json(self) -> dict[str, str]:
        """The finding as `blueprints doctor --json` prints it."""
        return asdict(self)


def examine(sources: Sources | None = None) -> list[Finding]:
    """Everything that a run needs, in the order in which a person would put it right."""
    places = sources or Sources()
    return [
        _python(),
        _virtual_environment(),
        *_packages(),
        _import_name(),
        *_engine(places),
        _cache(places),
        _disk(places),
        _docker(places.path),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    oldest = ".".join(map(str, _OLDEST_PYTHON))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Finding(
            "Python", "missing", f"{version} is too old", f"install Python {oldest} or later", sys.executable
        )
    return Finding("Python", "ok", version, path=sys.executable)


def _virtual_environment() -> Finding:
    if sys.prefix != sys.base_prefix:
        return Finding("virtual environment", "ok", sys.prefix, path=sys.prefix)
    fix = "python3 -m venv .venv && .venv/bin/pip install -e . (or, in a checkout: make up STACK=single-server-dev)"
    return Finding("virtual environment", "warn", "none: packages are shared with everything else here", fix)


def _packages() -> Iterator[Finding]:
    """The packages that the distribution requires, each against the range that it was tested with."""
    try:
        required = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding(DISTRIBUTION, "missing", "not installed", "pip install -e . in the checkout")
        return
    yield Finding(DISTRIBUTION, "ok", importlib.metadata.version(DISTRIBUTION))
    for line in required:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            yield _package(requirement)


def _package(requirement: Requirement) -> Finding:
    fix = f"{sys.executable} -m pip install '{requirement.name}{requirement.specifier}'"
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(requirement.name, "missing", f"not installed ({requirement.specifier} is needed)", fix)
    if not requirement.specifier.contains(version, prereleases=True):
        found = f"{version} is outside the supported range {requirement.specifier}"
        return Finding(requirement.name, "missing", found, fix)
    return Finding(requirement.name, "ok", f"{version} (supported: {requirement.specifier})")


def _import_name() -> Finding:
    """PyPI has a stranger's distribution, blue-prints, whose files land in our folder: either may win the import."""
    owners = importlib.metadata.packages_distributions().get(IMPORT_NAME, [])
    strangers = sorted({owner for owner in owners if owner.lower().replace("_", "-") != DISTRIBUTION})
    if not strangers:
        return Finding("import name", "ok", f"`{IMPORT_NAME}` is ours", path=str(Path(__file__).parents[1]))
    names = " ".join(strangers)
    return Finding(
        "import name",
        "missing",
        f"`{IMPORT_NAME}` also belongs to {names}, another project's distribution",
        f"{sys.executable} -m pip uninstall {names}, then install {DISTRIBUTION} again",
    )


def _engine(places: Sources) -> Iterator[Finding]:
    engine, notes = _usable_engine(places)
    go, go_problem = _go(places)
    if engine is not None:
        where = "on PATH" if engine.source == "path" else "in the cache"
        yield Finding("Pulumi engine", "ok", f"{engine.version} {where}", path=str(engine.pulumi))
        yield Finding("language host", "ok", f"of the engine {where}", path=str(engine.language_host))
    else:
        yield _engine_to_come(places, notes, go_available=go is not None)
    if go is not None:
        yield go
    elif engine is not None:
        yield Finding("Go", "ok", f"{go_problem.reason}; not needed, the engine is there")
    else:
        yield Finding("Go", "warn", go_problem.reason, go_problem.fix)


def _usable_engine(places: Sources) -> tuple[Engine | None, str]:
    try:
        return find_on_path(places.path, MINIMUM), ""
    except NotAvailable as problem:
        notes = problem.reason
    try:
        return places.find_cached(), ""
    except NotAvailable as problem:
        return None, f"{notes}; {problem.reason}"


def _engine_to_come(places: Sources, notes: str, *, go_available: bool) -> Finding:
    ways: list[str] = []
    if places.archive is not None:
        ways.append(f"downloaded from {places.releases}")
    if go_available:
        ways.append("compiled with Go, which takes about five minutes")
    install = f"install the Pulumi CLI {MINIMUM} or later: https://www.pulumi.com/docs/install/"
    if not ways:
        found = f"none ({notes}), none to download for {'-'.join(this_platform())} and no Go to compile one"
        return Finding("Pulumi engine", "missing", found, install)
    found = f"none yet ({notes}); the first run gets {PINNED}, {' or else '.join(ways)}"
    return Finding("Pulumi engine", "warn", found, f"nothing, or {install}")


def _go(places: Sources) -> tuple[Finding | None, NotAvailable]:
    try:
        minimum = places.module().minimum
        go = find_go(places.path, minimum)
    except NotAvailable as problem:
        return None, problem
    return Finding("Go", "ok", f"{go.version} ({minimum} or later compiles the engine)", path=go.program), NotAvailable(
        ""
    )


def _cache(places: Sources) -> Finding:
    size = sum(file.stat().st_size for file in places.cache.rglob("*") if file.is_file())
    return Finding("engine cache", "ok", f"{size / 1e6:.0f} MB; may be deleted at any time", path=str(places.cache))


def _disk(places: Sources) -> Finding:
    there = next(folder for folder in (places.cache, *places.cache.parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:.1f} GB free"
    if free < NEEDED_BYTES:
        fix = f"free {NEEDED_BYTES / 1e9:.1f} GB there: compiling the engine needs that much"
        return Finding("disk space", "warn", found, fix, str(there))
    return Finding("disk space", "ok", found, path=str(there))


def _docker(path: str) -> Finding:
    purpose = "only image builds and the real tests of the server bundle need it"
    program = shutil.which("docker", path=path)
    if program is None:
        return Finding("Docker", "warn", f"not installed; {purpose}", "install Docker: https://docs.docker.com/engine/")
    command = [program, "version", "--format", "{{json .Server.Version}}"]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_DOCKER_SECONDS, check=True, env=os.environ
        )
        version: object = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        fix = "start the Docker engine, or set DOCKER_HOST"
        return Finding("Docker", "warn", f"the client is there, the engine does not answer; {purpose}", fix, program)
    return Finding("Docker", "ok", f"engine {cast('str', version)}", path=program)
