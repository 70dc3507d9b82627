"""Refuses to simulate outside a sandbox run.

A simulated provider that answered a real deployment would record invented resources in a real state. So it starts only
as a descendant of the sandbox run that issued its token, and only for an engine that works on that run's own backend.
The variables alone, leaked into a shell, are worth nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME_VARIABLE = "BLUEPRINTS_SANDBOX_HOME"
TOKEN_VARIABLE = "BLUEPRINTS_SANDBOX_TOKEN"  # noqa: S105 - the name of a variable
BACKEND_VARIABLE = "PULUMI_BACKEND_URL"

_ADVICE = (
    "Simulated providers run only inside the sandbox: use `blueprints preview|up|destroy` or `blueprints sandbox run`."
)


class RefusedError(Exception):
    """The provider may not start here; the message says why and what to use instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"refused: {reason}. {_ADVICE}")


@dataclass(frozen=True)
class Run:
    """The sandbox run that this provider belongs to."""

    home: Path
    stack: str
    project: str
    backend: str


def admit() -> Run:
    """The run of this process, or `RefusedError`."""
    home_text = os.environ.get(HOME_VARIABLE, "")
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not home_text or not token:
        raise RefusedError("this is not a sandbox run (no run token)")
    home = Path(home_text)
    run = _read_run(home, token)
    pid = run.get("pid")
    if not isinstance(pid, int) or run.get("token") != token:
        raise RefusedError("the run file does not fit the run token")
    if str(run.get("pid_start")) != process_start(pid):
        raise RefusedError(f"the sandbox run with process {pid} has ended")
    if pid not in ancestors(os.getpid()):
        raise RefusedError(f"this process was not started by the sandbox run with process {pid}")
    backend = str(run.get("backend") or "")
    actual = parent_variable(BACKEND_VARIABLE)
    if not backend or actual != backend:
        where = f"`{actual}`" if actual else "a backend that the sandbox did not choose"
        raise RefusedError(f"the engine works on {where}, not on the sandbox's own state")
    return Run(home, str(run.get("stack") or ""), str(run.get("project") or ""), backend)


def _read_run(home: Path, token: str) -> dict[str, Any]:
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,128}", token):
        raise RefusedError("the run token is malformed")
    try:
        content: Any = json.loads((home / "run" / f"{token}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RefusedError("the run token belongs to no live sandbox run") from None
    if not isinstance(content, dict):
        raise RefusedError("the run file does not fit the run token")
    return content  # pyright: ignore[reportUnknownVariableType]


def _ps(pid: int, column: str) -> str | None:
    """One column of `ps`, for systems without /proc."""
    done = subprocess.run(["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat after the process name, which may itself hold spaces and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def process_start(pid: int) -> str | None:
    """When a live process started, as text that tells it from a later process with the same number; None when gone."""
    if Path("/proc/self/stat").exists():
        fields = _stat(pid)
        return fields[19] if fields else None
    return _ps(pid, "lstart")


def _parent(pid: int) -> int:
    if Path("/proc/self/stat").exists():
        fields = _stat(pid)
        return int(fields[1]) if fields else 0
    return int(_ps(pid, "ppid") or 0)


def ancestors(pid: int) -> list[int]:
    """The processes above `pid`, nearest first."""
    found: list[int] = []
    while (pid := _parent(pid)) > 0 and pid not in found:
        found.append(pid)
    return found


def parent_variable(name: str) -> str:
    """A variable as the parent process was given it; this process's own where the system does not tell."""
    try:
        entries = Path(f"/proc/{os.getppid()}/environ").read_bytes().split(b"\0")
    except OSError:
        return os.environ.get(name, "") if not Path("/proc/self/environ").exists() else ""
    prefix = name.encode() + b"="
    return next((entry[len(prefix) :].decode() for entry in entries if entry.startswith(prefix)), "")
