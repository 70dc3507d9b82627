"""What the engine's own state files say, read without starting an engine, and the locks beside them.

Layout of the engine's file backend, project-scoped: `.pulumi/stacks/<project>/<stack>.json` and
`.pulumi/locks/organization/<project>/<stack>/<id>.json`.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from blueprints.sandbox.errors import RunFailed
from blueprints.sandbox.home import Home

STACK_TYPE = "pulumi:pulumi:Stack"
_GUARD = "blueprints-sandbox.json"


@dataclass(frozen=True)
class Resource:
    """A resource as the state records it."""

    urn: str
    type: str
    name: str
    parent: str
    id: str
    custom: bool
    protected: bool
    retained: bool
    inputs: dict[str, Any]
    outputs: dict[str, Any]

    @property
    def is_provider(self) -> bool:
        """Whether it is a provider, which no person counts as a resource."""
        return self.type.startswith("pulumi:providers:")


@dataclass(frozen=True)
class StackState:
    """One stack's state."""

    resources: tuple[Resource, ...]
    pending: tuple[tuple[str, str], ...]
    """Operations that were under way when the engine was killed: what (`creating`, `deleting`, ...) and URN."""

    @property
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; secrets are still encrypted."""
        return next((item.outputs for item in self.resources if item.type == STACK_TYPE), dict[str, Any]())

    @cached_property
    def by_urn(self) -> dict[str, Resource]:
        """The resources by their URNs."""
        return {item.urn: item for item in self.resources}

    @property
    def shown(self) -> list[Resource]:
        """Resources that a person counts: not the stack itself and not the default providers."""
        return [item for item in self.resources if item.type != STACK_TYPE and not item.is_provider]


def stack_path(home: Home, project: str, stack: str) -> Path:
    """Where the engine keeps a stack's state."""
    return home.state / ".pulumi" / "stacks" / project / f"{stack}.json"


def known_stacks(home: Home, project: str) -> list[str]:
    """Stacks that have been created in the sandbox."""
    folder = home.state / ".pulumi" / "stacks" / project
    return sorted(file.stem for file in folder.glob("*.json")) if folder.is_dir() else []


def read(home: Home, project: str, stack: str) -> StackState | None:
    """A stack's state, or None where it was never created. Raises `RunFailed` for a file that is damaged."""
    path = stack_path(home, project, stack)
    try:
        return _parsed(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = error if isinstance(error, ValueError) else "it is no state document"
        raise RunFailed(
            f"the sandbox's state of {stack} is damaged: {path}: {reason}\n"
            f"    fix: put back {path.name}.bak beside it, or remove {home.folder.parent} to begin anew"
        ) from error


def put_back(home: Home, project: str, stack: str) -> bool:
    """Puts the engine's own copy of the state in place of one whose writing a kill cut off. Says whether it did."""
    path = stack_path(home, project, stack)
    copy = path.with_name(f"{path.name}.bak")
    for attributes in path.parent.glob(f"{path.name}*.attrs"):
        # The backend reads an empty one as a damaged state, and does without one that is not there.
        if not attributes.stat().st_size:
            attributes.unlink()
    if (path.exists() and path.stat().st_size) or not copy.is_file() or not copy.stat().st_size:
        return False
    path.write_bytes(copy.read_bytes())
    return True


def _parsed(content: dict[str, Any]) -> StackState:
    checkpoint = cast("dict[str, Any]", content.get("checkpoint") or {})
    latest = cast("dict[str, Any]", checkpoint.get("latest") or {})
    pending = tuple(
        (str(item["type"]), str(item["resource"]["urn"])) for item in latest.get("pending_operations") or ()
    )
    return StackState(tuple(_resource(item) for item in latest.get("resources") or ()), pending)


def _resource(item: dict[str, Any]) -> Resource:
    urn = str(item["urn"])
    return Resource(
        urn=urn,
        type=str(item["type"]),
        name=urn.rpartition("::")[2],
        parent=str(item.get("parent") or ""),
        id=str(item.get("id") or ""),
        custom=bool(item.get("custom")),
        protected=bool(item.get("protect")),
        retained=bool(item.get("retainOnDelete")),
        inputs=item.get("inputs") or {},
        outputs=item.get("outputs") or {},
    )


def _lock_folder(home: Home, project: str, stack: str) -> Path:
    return home.state / ".pulumi" / "locks" / "organization" / project / stack


def clear_stale_locks(home: Home, project: str, stack: str) -> list[int]:
    """Removes locks of engines that are gone. Returns their process ids."""
    cleared: list[int] = []
    for lock in _lock_folder(home, project, stack).glob("*.json"):
        if lock.name == _GUARD:
            continue
        try:
            content = json.loads(lock.read_text())
            pid, host = int(content["pid"]), str(content["hostname"])
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError):
            # A lock that was being written when its engine was killed.
            pid, host = 0, socket.gethostname()
        if host == socket.gethostname() and not _is_engine(pid):
            lock.unlink(missing_ok=True)
            cleared.append(pid)
    return cleared


def _is_engine(pid: int) -> bool:
    """Whether a process lives and is an engine: its number may have been given to another program since."""
    if pid <= 0:
        return False
    try:
        return b"pulumi" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        if Path("/proc/self").exists():
            return False
    from blueprints.sandbox.provider.guard import process_start

    return process_start(pid) is not None


@contextmanager
def unlocked(home: Home, project: str, others: Callable[[], bool]) -> Generator[None]:
    """Lets this run's engine at the sandbox's stacks, and no other engine before and after it.

    A real engine pointed at the sandbox's state would take simulated ids for real ones. So each stack is kept locked,
    with a lock that names the sandbox as its owner; while `others` run, it would stop them, and the last one sets it.
    """
    for lock in (home.state / ".pulumi" / "locks").glob(f"*/*/*/{_GUARD}"):
        lock.unlink(missing_ok=True)
    try:
        yield
    finally:
        for stack in [] if others() else known_stacks(home, project):
            _guard(_lock_folder(home, project, stack) / _GUARD)


def _guard(lock: Path) -> None:
    content = {
        "pid": 0,
        "username": "blueprints-sandbox (only `blueprints` and `blueprints sandbox run` may use this state)",
        "hostname": socket.gethostname(),
        "timestamp": "2000-01-01T00:00:00Z",
    }
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.write_text(json.dumps(content))
    except OSError:
        # On a full disk the run has already said so; the lock returns with the next run.
        return
