"""Finds an engine on PATH and says of each one found why it is not used."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from semver import Version

from blueprints.sandbox.engine.model import Engine, NotAvailable
from blueprints.sandbox.engine.release import TOO_NEW

LANGUAGE_HOST = "pulumi-language-python"
EXECUTOR = "pulumi-language-python-exec"
"""The script that the language host needs beside it."""

_ANSWER_SECONDS = 10
_INSTALL = "https://www.pulumi.com/docs/install/"


def find_on_path(path: str, minimum: Version) -> Engine:
    """The first usable engine on `path`.

    Raises `NotAvailable` naming every `pulumi` that was found and why it was passed over.
    """
    fix = f"install the Pulumi CLI {minimum} or later with its Python language host: {_INSTALL}"
    reasons: list[str] = []
    for pulumi in executables(path, "pulumi"):
        try:
            return _examine(pulumi, path, minimum)
        except NotAvailable as problem:
            reasons.append(f"{pulumi} {problem.reason}")
    raise NotAvailable("; ".join(reasons) or "no `pulumi` there", fix)


def executables(path: str, name: str) -> Iterator[Path]:
    """Every executable called `name` on `path`, in order, each file once.

    Relative entries are skipped: they would run whatever the current folder happens to hold.
    """
    seen: set[Path] = set()
    for entry in path.split(os.pathsep):
        folder = Path(entry)
        candidate = folder / name
        if not entry or not folder.is_absolute() or not _is_executable(candidate):
            continue
        target = candidate.resolve()
        if target not in seen:
            seen.add(target)
            yield candidate


def version_of(pulumi: Path) -> Version:
    """Asks an engine for its version; `NotAvailable` when it gives no answer that is one."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [str(pulumi), "version"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_ANSWER_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotAvailable(f"gave no version within {_ANSWER_SECONDS} seconds") from None
    except OSError as error:
        raise NotAvailable(f"cannot be started ({error.strerror or error})") from None
    text = answer.stdout.decode(errors="replace").strip()
    if answer.returncode != 0:
        raise NotAvailable(f"failed with exit code {answer.returncode} when asked for its version")
    try:
        return Version.parse(text.removeprefix("v"))
    except ValueError:
        raise NotAvailable(f"answers {text[:60]!r} when asked for its version") from None


def _examine(pulumi: Path, path: str, minimum: Version) -> Engine:
    version = version_of(pulumi)
    if version < minimum:
        raise NotAvailable(f"is too old ({version}; {minimum} or later is needed)")
    if version >= TOO_NEW:
        raise NotAvailable(f"is too new ({version}; below {TOO_NEW} is needed)")
    host = _language_host(pulumi, path)
    if host is None:
        raise NotAvailable(f"({version}) has no Python language host ({LANGUAGE_HOST}) beside it or on PATH")
    return Engine(pulumi, pulumi.parent, str(version), "path", host)


def _language_host(pulumi: Path, path: str) -> Path | None:
    """The host that the engine itself would start: PATH comes before the engine's own folder."""
    beside = (pulumi.parent / LANGUAGE_HOST, pulumi.resolve().parent / LANGUAGE_HOST)
    for host in (*executables(path, LANGUAGE_HOST), *beside):
        if _is_executable(host) and _has_executor(host):
            return host
    return None


def _has_executor(host: Path) -> bool:
    return any((folder / EXECUTOR).is_file() for folder in (host.parent, host.resolve().parent))


def _is_executable(file: Path) -> bool:
    try:
        return file.is_file() and os.access(file, os.X_OK)
    except OSError:  # a folder that may not be entered
        return False
