"""The cache of what was read: one SQLite file for each installed SDK, shared by all processes.

Losing it costs a second, so every failure (read-only folder, full disk, damaged file, lock held) means no cache, and
never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import time
from pathlib import Path

from .location import Installed

_KEEP_DAYS = 30
"""How long the cache of an SDK, or of a version of this reader, that no longer exists is kept."""


class Store:
    """Text by key. Safe for threads and for processes that share the file."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        if not path.exists():
            _remove_old(path.parent)
        self._connection = _open(path)
        if self._connection is None:
            # What is left of a damaged file would fail each run anew.
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            self._connection = _open(path)

    def get(self, key: str) -> str | None:
        if self._connection is None:
            return None
        with self._lock, contextlib.suppress(sqlite3.Error):
            row = self._connection.execute("SELECT value FROM record WHERE key = ?", (key,)).fetchone()
            return str(row[0]) if row else None
        return None

    def put(self, key: str, value: str) -> None:
        if self._connection is None:
            return
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._connection.execute("INSERT OR REPLACE INTO record VALUES (?, ?)", (key, value))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _open(path: Path) -> sqlite3.Connection | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Autocommit: a record is complete in itself, and a reader never waits for a longer transaction.
        connection = sqlite3.connect(path, timeout=0.5, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
            connection.execute("SELECT count(*) FROM record").fetchone()
        except sqlite3.Error:
            connection.close()
            return None
    except (OSError, sqlite3.Error):
        return None
    return connection


def cache_file(installed: Installed) -> Path:
    """`$XDG_CACHE_HOME/blueprints/catalog/<package>-<version>-<digest>.sqlite`.

    The digest covers the SDK's folder and manifest (two environments may hold one version with different content) and
    the files of this reader, so that what another version of it wrote never answers.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not base.is_absolute():
        try:
            base = Path.home() / ".cache"
        except RuntimeError:  # a user without a home: no cache
            base = Path(os.devnull)
    digest = hashlib.sha256(str(installed.root.resolve()).encode())
    manifest = [installed.root / name for name in ("__init__.py", "pulumi-plugin.json")]
    for file in (*manifest, *sorted(Path(__file__).parent.glob("*.py"))):
        with contextlib.suppress(OSError):
            status = file.stat()
            digest.update(f"\0{file.name}\0{status.st_size}\0{status.st_mtime_ns}".encode())
    name = f"{installed.name}-{installed.version}-{digest.hexdigest()[:12]}.sqlite"
    return base / "blueprints" / "catalog" / name


def _remove_old(folder: Path) -> None:
    limit = time.time() - _KEEP_DAYS * 24 * 60 * 60
    with contextlib.suppress(OSError):
        for file in folder.glob("*.sqlite"):
            if file.stat().st_mtime < limit:
                file.unlink(missing_ok=True)
