"""`--real`: the same verbs on the user's own backend and account, with the user's own pulumi and environment.

The engine is the user's; this only says first what it will act on, and refuses what can only be a mix-up with the
sandbox.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from blueprints.cli.stacks import require
from blueprints.cli.terminal import paint, say, status
from blueprints.sandbox.errors import BadInput, RunFailed
from blueprints.sandbox.home import FOLDER, Home, find_project_root
from blueprints.sandbox.project import read_project

SANDBOX_ACCOUNT = "000000000000"
_SECONDS = 60
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Target:
    """What a real run acts on; `unknown` where nothing says it before the engine runs."""

    account: str
    region: str
    backend: str

    def banner(self) -> str:
        """The first line of every real run."""
        return f"REAL account {self.account} region {self.region} backend {self.backend}"


def run(typed: argparse.Namespace) -> int:
    """Runs a verb for real. Returns pulumi's own exit code."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise RunFailed(
            "--real needs your own pulumi on PATH\n    fix: install it, or leave --real out to use the sandbox"
        )
    root = find_project_root(Path(typed.cwd))
    project = read_project(Home(root))
    require(project, typed.stack)
    config = _config(root, typed.stack)
    with status("asking pulumi for its backend"):
        target = Target(_account(config), str(config.get("aws:region") or _region()), _backend(pulumi, root))
    say(paint(target.banner(), "magenta", sys.stderr))
    _refuse_sandbox(target, config, typed.stack)
    exported = _exported(pulumi, root, typed.stack)
    if exported is not None and SANDBOX_ACCOUNT in exported:
        raise BadInput(
            f"the state of {typed.stack} holds account {SANDBOX_ACCOUNT}, which only the sandbox has\n"
            "    fix: this state was made by the sandbox; use another backend or leave --real out"
        )
    if typed.verb == "destroy":
        _confirmed(typed.stack, typed.confirm)
    return _engine([pulumi, *_arguments(typed)], root, typed.stack)


def _arguments(typed: argparse.Namespace) -> list[str]:
    stack = ["--stack", typed.stack]
    if getattr(typed, "fail_on", "") or getattr(typed, "unprotect", []):
        raise BadInput(
            "--fail-on and --unprotect are for the sandbox\n"
            "    fix: leave them out; for real, name the stores under `unprotect` in the stack's settings"
        )
    if typed.verb == "preview":
        chosen = {
            "--json": typed.json,
            "--diff": typed.diff,
            "--expect-no-changes": typed.expect_no_changes,
            "--refresh": typed.refresh,
        }
        return ["preview", *stack, *(flag for flag, on in chosen.items() if on)]
    if typed.verb == "up":
        chosen = {"--yes": typed.yes, "--json": typed.json, "--refresh": typed.refresh}
        return ["up", *stack, *(flag for flag, on in chosen.items() if on)]
    if typed.verb == "destroy":
        # The name was typed: that is the confirmation.
        return ["destroy", *stack, "--yes", *(["--json"] if typed.json else [])]
    if typed.verb == "export":
        return ["stack", "export", *stack]
    flags = {"--json": typed.json, "--show-secrets": typed.show_secrets}
    return ["stack", "output", *stack, *(flag for flag, on in flags.items() if on)]


def _engine(line: list[str], root: Path, stack: str) -> int:
    """Runs pulumi on the user's terminal; its error stream is read on the way, for a lock that somebody left."""
    process = subprocess.Popen(line, cwd=root, stderr=subprocess.PIPE, text=True, errors="replace")
    assert process.stderr is not None
    locked = False
    while True:
        try:
            for text in process.stderr:
                sys.stderr.write(text)
                locked = locked or "currently locked" in text
            code = process.wait()
            break
        except KeyboardInterrupt:
            # pulumi got the same Ctrl-C from the terminal and is cancelling; it is its own to end.
            continue
    if locked:
        say(
            f"    advice: see whether the process named above still runs. If it was killed, and only then, type\n"
            f"      pulumi cancel --stack {stack}\n"
            f"    and look at `pulumi preview --refresh --stack {stack}` before the next update"
        )
    return code if code >= 0 else 1


def _config(root: Path, stack: str) -> dict[str, Any]:
    from blueprints import stack as program

    try:
        return program.config_of(root, stack)
    except FileNotFoundError:
        return {}


def _account(config: dict[str, Any]) -> str:
    allowed = config.get("aws:allowedAccountIds")
    if isinstance(allowed, str):
        try:
            allowed = json.loads(allowed)
        except ValueError:
            allowed = [allowed]
    accounts = [str(item) for item in cast("list[Any]", allowed)] if isinstance(allowed, list) else []
    return " or ".join(accounts) if accounts else f"{_UNKNOWN} (aws:allowedAccountIds is not set)"


def _region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _UNKNOWN


def _backend(pulumi: str, root: Path) -> str:
    try:
        answer = subprocess.run(
            [pulumi, "whoami", "--verbose", "--json", "--non-interactive"],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return str(json.loads(answer.stdout)["url"])
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return os.environ.get("PULUMI_BACKEND_URL") or _UNKNOWN


def _refuse_sandbox(target: Target, config: dict[str, Any], stack: str) -> None:
    place = f"/{FOLDER}/"
    if place in target.backend:
        raise BadInput(
            f"the backend {target.backend} is a sandbox's own state; its resources exist nowhere\n"
            "    fix: log in to your own backend, or leave --real out"
        )
    leaked = sorted(name for name in os.environ if name.startswith("BLUEPRINTS_SANDBOX_"))
    if leaked:
        raise BadInput(
            f"this shell holds variables of a sandbox run: {', '.join(leaked)}\n    fix: unset them, then try again"
        )
    simulated = [str(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if place in f"{folder}/"]
    if simulated:
        raise BadInput(f"PATH holds a sandbox's folder: {simulated[0]}\n    fix: take it out of PATH, then try again")
    for key, value in config.items():
        if SANDBOX_ACCOUNT in json.dumps(value, default=str):
            raise BadInput(
                f"Pulumi.{stack}.yaml: {key} holds account {SANDBOX_ACCOUNT}, which only the sandbox has\n"
                "    fix: write your own account id"
            )


def _exported(pulumi: str, root: Path, stack: str) -> str | None:
    """The stack's state, or None where there is none yet. Raises `RunFailed` where it cannot be read."""
    with status("reading the state"):
        answer = subprocess.run(
            [pulumi, "stack", "export", "--stack", stack, "--non-interactive"],
            cwd=root,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if answer.returncode == 0:
        return answer.stdout
    words = answer.stderr.strip()
    if "no stack named" in words or "not found" in words:
        return None
    raise RunFailed(f"the state of {stack} cannot be read, so nothing is done: {words.removeprefix('error: ')}")


def _confirmed(stack: str, typed: str) -> None:
    if not typed and sys.stdin.isatty():
        sys.stderr.write(f"This destroys {stack} for real. Type its name to go on: ")
        sys.stderr.flush()
        typed = sys.stdin.readline().strip()
    if typed != stack:
        given = f"got {typed!r}" if typed else "nothing typed"
        raise BadInput(f"destroy --real needs the stack's name typed once more ({given})\n    fix: --confirm {stack}")
