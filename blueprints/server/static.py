"""The folder of static files as one archive whose bytes depend on names and contents only."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

from blueprints.errors import Problem, SettingsError

LIMIT_MB = 20


def pack(folder: Path, at: str = "static") -> bytes:
    """The files of a folder, without hidden ones, as tar.gz. Raises `SettingsError` for what cannot be served."""
    if not folder.is_dir():
        raise SettingsError([Problem(at, "must be a folder that exists", "make it, or correct the path", str(folder))])
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*"), key=lambda found: found.relative_to(folder).parts):
            relative = path.relative_to(folder)
            # Hidden files (.git, .env) are never meant for the public.
            if any(part.startswith(".") for part in relative.parts) or path.is_dir():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
                problem = Problem(at, "must not hold links that lead out of it", "copy the file instead", str(relative))
                raise SettingsError([problem])
            content = path.read_bytes()
            entry = tarfile.TarInfo(relative.as_posix())
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    packed = gzip.compress(raw.getvalue(), mtime=0)
    if len(packed) > LIMIT_MB * 1024 * 1024:
        size = f"{len(packed) / 1024 / 1024:.0f} MB packed"
        fix = "serve large files from a bucket with a CDN (Jamstack blueprint)"
        raise SettingsError([Problem(at, f"must be at most {LIMIT_MB} MB packed", fix, size)])
    return packed
