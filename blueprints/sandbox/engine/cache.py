"""The folder that keeps downloaded and compiled engines, so that each is made once.

An entry is complete or absent: it is filled under a temporary name and renamed, and a manifest with the SHA-256 of
every file tells a damaged one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from blueprints.sandbox.engine.model import NotAvailable, Progress

_MANIFEST = "manifest.json"
_VERIFIED = "verified.json"
_UNFINISHED = ".unfinished-"
_BLOCK = 1 << 20
_TELL_EVERY = 10.0


def default_cache() -> Path:
    """`$XDG_CACHE_HOME/blueprints/engine`, or `~/.cache/blueprints/engine` where that is unset or not absolute."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"
    return base / "blueprints" / "engine"


@dataclass(frozen=True)
class Entry:
    """One engine in the cache; `folder` need not exist."""

    folder: Path

    @property
    def bin_dir(self) -> Path:
        """Where the entry's executables are."""
        return self.folder / "bin"

    def damage(self) -> str | None:
        """What is wrong with the entry: `"absent"`, a damaged file by name, or None when it is complete.

        Hashing 140 MB takes a sixth of a second, so files that have not changed since they last matched (same size,
        inode and change time, which no program can set back) are not hashed again.
        """
        if not self.folder.is_dir():
            return "absent"
        expected = _read_strings(self.folder / _MANIFEST)
        if not expected:
            return f"{_MANIFEST} is missing or unreadable"
        known = _read_strings(self.folder / _VERIFIED)
        stamps: dict[str, str] = {}
        for name, sha256 in expected.items():
            file = self.bin_dir / name
            try:
                stamps[name] = _stamp(file)
                if known.get(name) != stamps[name] and file_sha256(file) != sha256:
                    return f"bin/{name} does not have the checksum it was stored with"
            except OSError:
                return f"bin/{name} is missing or unreadable"
        if known != stamps:
            _write_quietly(self.folder / _VERIFIED, stamps)
        return None

    @contextmanager
    def filled(self) -> Generator[Path]:
        """Yields an empty `bin` folder to fill; on success it becomes the entry, on any failure it is removed.

        Hold `locked` around it: leftovers of killed runs are swept here.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        prefix = f"{_UNFINISHED}{self.folder.name}-"
        for leftover in self.folder.parent.glob(f"{prefix}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        unfinished = Path(tempfile.mkdtemp(prefix=prefix, dir=self.folder.parent))
        try:
            unfinished.chmod(0o755)  # mkdtemp makes it private; a shared cache is read by other users
            bin_dir = unfinished / "bin"
            bin_dir.mkdir()
            yield bin_dir
            checksums = {file.name: file_sha256(file) for file in sorted(bin_dir.iterdir())}
            (unfinished / _MANIFEST).write_text(json.dumps(checksums, indent=2) + "\n", encoding="utf-8")
            shutil.rmtree(self.folder, ignore_errors=True)  # only a damaged entry is ever filled again
            unfinished.rename(self.folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def locked(cache: Path, progress: Progress) -> Generator[None]:
    """One process at a time makes engines in a cache; the others wait and say so. The lock dies with its holder.

    Raises `NotAvailable` when the cache folder cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = (cache / ".lock").open("a")
    except OSError as error:
        raise NotAvailable(
            f"the cache folder {cache} cannot be written ({error.strerror or error})",
            f"make {cache} writable, or point XDG_CACHE_HOME at a folder that is",
        ) from error
    with lock:
        _acquire(lock.fileno(), progress)
        yield


def _acquire(descriptor: int, progress: Progress) -> None:
    started = time.monotonic()
    told = float("-inf")
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            elapsed = time.monotonic() - started
            if elapsed - told >= _TELL_EVERY:
                told = elapsed
                progress(f"waiting for another process that is getting the engine ({elapsed:.0f} s)")
            time.sleep(0.2)
        else:
            return


def file_sha256(file: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _stamp(file: Path) -> str:
    status = file.stat()
    return f"{status.st_size} {status.st_ino} {status.st_ctime_ns}"


def _read_strings(file: Path) -> dict[str, str]:
    """A JSON object of strings; empty when the file is anything else."""
    try:
        content: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    pairs = cast("dict[str, object]", content)
    return {name: value for name, value in pairs.items() if isinstance(value, str)}


def _write_quietly(file: Path, content: dict[str, str]) -> None:
    """Saves time for the next run only, so a cache that is read-only is no failure."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        unfinished.write_text(json.dumps(content) + "\n", encoding="utf-8")
        unfinished.replace(file)
    except OSError:
        unfinished.unlink(missing_ok=True)
