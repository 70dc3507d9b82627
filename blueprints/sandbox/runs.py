"""Run files: what tells a simulated provider that the engine which started it belongs to a live sandbox run."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from blueprints.sandbox.home import Home
from blueprints.sandbox.provider.guard import process_start


@dataclass(frozen=True)
class Run:
    """One run of the engine in the sandbox."""

    token: str
    bin_dir: Path
    """The run's own folder, first on the engine's PATH: links to the engine's programs and to nothing beside them."""


@contextmanager
def run(home: Home, project: str, stack: str) -> Generator[Run]:
    """Issues a token for as long as the engine runs, and takes it back."""
    clear_ended(home)
    token = secrets.token_hex(16)
    file = home.runs / f"{token}.json"
    content = {
        "token": token,
        "pid": os.getpid(),
        "pid_start": process_start(os.getpid()),
        "backend": home.backend,
        "stack": stack,
        "project": project,
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(content))
    bin_dir = file.with_suffix(".bin")
    try:
        yield Run(token, bin_dir)
    finally:
        file.unlink(missing_ok=True)
        shutil.rmtree(bin_dir, ignore_errors=True)


def others(home: Home, token: str) -> bool:
    """Whether another run is under way in this sandbox."""
    clear_ended(home)
    return any(file.stem != token for file in home.runs.glob("*.json"))


def clear_ended(home: Home) -> None:
    """Takes away what runs left behind that were killed."""
    for file in home.runs.glob("*.json"):
        try:
            content = json.loads(file.read_text())
            alive = process_start(int(content["pid"])) == str(content["pid_start"])
        except (OSError, ValueError, KeyError, TypeError):
            alive = False
        if not alive:
            file.unlink(missing_ok=True)
            shutil.rmtree(file.with_suffix(".bin"), ignore_errors=True)
