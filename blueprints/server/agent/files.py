"""Files that are whole or not there, with owner and mode set before they have their name."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from .errors import AgentError


def write(path: Path, content: bytes, *, uid: int = 0, gid: int = 0, mode: int = 0o644) -> bool:
    """Writes a file unless it already is exactly so. Says whether it changed."""
    try:
        status = path.stat()
        same = (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (uid, gid, mode)
        if same and path.read_bytes() == content:
            return False
    except FileNotFoundError:
        pass
    scratch = path.with_name(f".{path.name}.new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchown(descriptor, uid, gid)
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    scratch.replace(path)
    return True


def folder(path: Path, *, uid: int = 0, gid: int = 0, mode: int = 0o755) -> Path:
    """A folder with this owner and mode."""
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, uid, gid)
    path.chmod(mode)
    return path


def mirror(source: Path, target: Path) -> None:
    """Makes `target` a copy of `source`, file by file, while others may read it."""
    target.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(source) for path in source.rglob("*")}
    for relative in sorted(wanted):
        here = source / relative
        if here.is_dir():
            folder(target / relative)
        else:
            write(target / relative, here.read_bytes(), mode=here.stat().st_mode & 0o7777)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.relative_to(target) not in wanted:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def exclusive(lock: Path, wait: bool = False) -> Generator[None]:
    """Holds the server's lock: one change at a time. Without `wait` a second one is refused at once."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AgentError("another change of this server is under way; try again when it is done") from None
        yield
