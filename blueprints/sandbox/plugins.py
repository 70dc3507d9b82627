"""The provider executables of a sandbox: launchers of the simulated providers, and of refusals for all others.

They lie in a folder of the sandbox that is on nobody's PATH; the derived project names them to the engine one by one.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from blueprints.sandbox.environment import system_folders
from blueprints.sandbox.home import write_if_changed
from blueprints.sandbox.interpreter import Interpreter

_LAUNCHER = """#!/bin/sh
# Starts the sandbox's provider; it refuses a package that is not simulated, and any engine but this run's.
export PYTHONPATH={library} PYTHONSAFEPATH=1 PYTHONNOUSERSITE=1 XDG_CACHE_HOME={cache}
export BLUEPRINTS_SANDBOX_SEARCH_PATH={search_path}
# Set for the program, whose folder stays clean; the provider's own modules may be kept compiled.
unset PYTHONDONTWRITEBYTECODE
exec {python} -m blueprints.sandbox.provider {package} "$@"
"""
# Serves providers that a program defines itself; they would run any code with the names of real resources.
_DYNAMIC = ("pulumi-python", "pulumi-nodejs")
_PREFIX = "pulumi-resource-"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def packages_to_launch(simulated: Iterable[str], interpreter: Interpreter) -> list[str]:
    """Packages that need a launcher: those simulated, and every other one that could start instead or be missed."""
    foreign = _executables([interpreter.bin_dir, *system_folders()])
    return sorted({*simulated, *_DYNAMIC, *_installed(interpreter), *foreign})


def write_launchers(folder: Path, packages: Iterable[str], interpreter: Interpreter) -> None:
    """Writes one launcher for each package. The SDKs that `interpreter` has installed say what resources look like."""
    own = interpreter.environment == Path(sys.prefix)
    values = {
        "library": str(Path(__file__).resolve().parents[2]),
        # The providers' own cache; the engine and the program have an empty one.
        "cache": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
        "search_path": "" if own else os.pathsep.join(map(str, interpreter.site_packages())),
        "python": sys.executable,
    }
    quoted = {name: shlex.quote(value) for name, value in values.items()}
    for package in packages:
        write_if_changed(
            folder / f"pulumi-resource-{package}", _LAUNCHER.format(**quoted, package=shlex.quote(package)), mode=0o700
        )


def _installed(interpreter: Interpreter) -> set[str]:
    """Names of the Pulumi packages whose SDKs are installed for an interpreter."""
    found: set[str] = set()
    for folder in interpreter.site_packages():
        for marker in folder.glob("*/pulumi-plugin.json"):
            try:
                content = json.loads(marker.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            if not isinstance(content, dict):
                continue
            plugin = cast("dict[str, Any]", content)
            if plugin.get("resource", True):
                # Without a name of its own a package is called by its import name.
                found.add(str(plugin.get("name") or marker.parent.name.removeprefix("pulumi_").replace("_", "-")))
    return {name for name in found if _NAME.fullmatch(name)}


def _executables(folders: Sequence[Path]) -> set[str]:
    """Packages whose provider executables lie in these folders."""
    found: set[str] = set()
    for folder in folders:
        try:
            names = [entry.name for entry in folder.iterdir()]
        except OSError:
            continue
        found |= {name.removeprefix(_PREFIX).removesuffix(".exe") for name in names if name.startswith(_PREFIX)}
    return found
