"""Logical backups: pg_dump streamed to the backup bucket, a manifest last; restoring into a new database.

A backup without its manifest is not one: the manifest is written when everything before it has succeeded.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, BinaryIO

from .compose import Compose
from .errors import AgentError
from .layout import Layout

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class _Hashed:
    """A stream that knows what went through it; ends in an error when the program behind it failed."""

    def __init__(self, source: BinaryIO, process: subprocess.Popen[bytes]) -> None:
        self._source = source
        self._process = process
        self.sha256 = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        # Checked before the upload hears of the end: half a dump must never become an object.
        if (not block or size < 0) and self._process.wait(timeout=600):
            error = self._process.stderr.read().decode(errors="replace") if self._process.stderr else ""
            raise AgentError(f"pg_dump failed: {error.strip()[-800:]}")
        self.sha256.update(block)
        self.size += len(block)
        return block


def backup(layout: Layout, s3: Any) -> str:
    """Dumps every database of the bundle. Key of the manifest."""
    host, description = layout.host(), layout.description()
    where = host["backup"]
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    folder = f"{where['prefix']}/{host['server']}/{stamp}"
    extra = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": where["kms_key_arn"]}
    dumps: dict[str, dict[str, Any]] = {}
    for database in description["databases"]:
        key = f"{folder}/{database}.dump"
        stream = _dump(layout, s3, database, (where["bucket"], key), extra)
        dumps[database] = {"key": key, "sha256": stream.sha256.hexdigest(), "size": stream.size}
    manifest = {"format": 1, "created": stamp, "release": layout.current.resolve().name, "databases": dumps}
    key = f"{folder}/manifest.json"
    s3.put_object(Bucket=where["bucket"], Key=key, Body=json.dumps(manifest, sort_keys=True).encode(), **extra)
    _last(layout).parent.mkdir(parents=True, exist_ok=True)
    _last(layout).write_text(json.dumps({"time": time.time(), "manifest": key}), encoding="utf-8")
    return key


def age_hours(layout: Layout) -> float:
    """Age of the newest complete backup; counted from the first boot where there is none."""
    try:
        since = json.loads(_last(layout).read_text(encoding="utf-8"))["time"]
    except (FileNotFoundError, ValueError, KeyError):
        since = layout.host().get("first_boot", 0)
    return max(0.0, time.time() - float(since)) / 3600


def restore(layout: Layout, s3: Any, manifest_key: str, database: str, target: str) -> str:
    """Restores one database of a backup into a new one, after its checksum was found right. Never overwrites."""
    if not _NAME.fullmatch(target):
        raise AgentError(f"{target!r} is not a database name (lower-case letters, digits, underscores)")
    bucket = layout.host()["backup"]["bucket"]
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=manifest_key)["Body"].read())
    if database not in manifest["databases"]:
        raise AgentError(f"the backup holds {', '.join(sorted(manifest['databases']))}, not {database}")
    entry = manifest["databases"][database]
    compose = Compose(layout)
    known = compose.execute(
        "postgres", "psql", "--no-psqlrc", "--tuples-only", "--command", "SELECT datname FROM pg_database"
    )
    if target in known.split():
        raise AgentError(f"database {target} exists already; restore into a new one and swap afterwards")
    with tempfile.TemporaryDirectory(dir=layout.state) as scratch:
        path = Path(scratch) / "dump"
        s3.download_file(bucket, entry["key"], str(path))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != entry["sha256"]:
            raise AgentError(f"{entry['key']} is damaged: its checksum is not the manifest's; nothing was restored")
        compose.execute("postgres", "createdb", "--owner", database, "--template", "template0", target)
        _feed(compose, path, ["pg_restore", "--exit-on-error", "--no-owner", "--role", database, "--dbname", target])
    return target


def _dump(layout: Layout, s3: Any, database: str, target: tuple[str, str], extra: dict[str, str]) -> _Hashed:
    command = Compose(layout).command(
        "exec", "--no-TTY", "postgres", "pg_dump", "--format=custom", "--compress=6", database
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        if process.stdout is None:
            raise AgentError("pg_dump has no output")
        stream = _Hashed(process.stdout, process)  # pyright: ignore[reportArgumentType] - a pipe is a BinaryIO
        try:
            s3.upload_fileobj(stream, *target, ExtraArgs=extra)
        except BaseException:
            process.kill()
            raise
    return stream


def _feed(compose: Compose, path: Path, command: list[str]) -> None:
    with path.open("rb") as dump:
        done = subprocess.run(
            compose.command("exec", "--no-TTY", "postgres", *command), stdin=dump, capture_output=True, check=False
        )
    if done.returncode:
        raise AgentError(f"pg_restore failed: {done.stderr.decode(errors='replace').strip()[-800:]}")


def _last(layout: Layout) -> Path:
    return layout.state / "last-backup.json"
