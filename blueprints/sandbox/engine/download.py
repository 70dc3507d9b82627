"""Downloads the pinned release archive, checks it, and takes the Python part of it out.

Nothing of an archive is unpacked, let alone run, before its SHA-256 is the pinned one.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import queue
import shutil
import tarfile
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from blueprints.sandbox.engine.model import NotAvailable, Progress
from blueprints.sandbox.engine.release import Archive
from blueprints.sandbox.engine.search_path import EXECUTOR, LANGUAGE_HOST

REACH_SECONDS = 5.0
"""How long a server may take to start its answer, name resolution included, and to send the next block."""

_LIMIT_SECONDS = 1800.0  # 70 kB a second: slower is not getting there
_LIMIT_BYTES = 512 << 20
_BLOCK = 1 << 18
_TELL_EVERY = 2.0
# The simulated world needs no other language and no dynamic provider, and what is not there cannot be started.
_WANTED = ("pulumi", LANGUAGE_HOST, EXECUTOR)
_FIX = "connect this machine to the Internet, so that the release can be downloaded"


def download(archive: Archive, base_url: str, bin_dir: Path, progress: Progress) -> None:
    """Fills `bin_dir` from `<base_url>/<archive name>`.

    Raises `NotAvailable` when the server is unreachable, answers with an error, stalls, or sends anything but the
    pinned bytes.
    """
    url = f"{base_url.rstrip('/')}/{archive.name}"
    progress(f"downloading {url}")
    try:
        with tempfile.TemporaryFile(dir=bin_dir.parent) as file:
            with _opened(url) as answer:
                received = _receive(answer, file, url, progress)
            if received != archive.sha256:
                raise NotAvailable(
                    f"refused {url}: its SHA-256 is {received}, the pinned one is {archive.sha256}; "
                    "the archive was damaged or replaced on the way",
                    "find out what stands between this machine and the release server",
                )
            file.seek(0)
            _extract(file, bin_dir, url)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            cache = bin_dir.parents[1]
            raise NotAvailable(f"the disk of {cache} is full", f"free 500 MB on the disk of {cache}") from error
        raise NotAvailable(f"{url} could not be downloaded ({_reason(error)})", _FIX) from error


@contextmanager
def _opened(url: str) -> Generator[http.client.HTTPResponse]:
    """The server's answer, or `NotAvailable` after `REACH_SECONDS`.

    The socket's own timeout does not cover name resolution, which can hang for minutes: hence the thread, which is
    left behind when it is too slow.
    """
    request = urllib.request.Request(url, headers={"User-Agent": "blueprints"})  # noqa: S310 - the caller's own URL
    answers: queue.SimpleQueue[http.client.HTTPResponse | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            opened = urllib.request.urlopen(request, timeout=REACH_SECONDS)  # noqa: S310
            answers.put(cast("http.client.HTTPResponse", opened))
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=REACH_SECONDS)
    except queue.Empty:
        raise NotAvailable(f"{url} did not answer within {REACH_SECONDS:.0f} seconds", _FIX) from None
    if isinstance(answer, urllib.error.HTTPError):
        with answer:
            raise NotAvailable(f"{url} answered {answer.code} {answer.reason}", _FIX)
    if isinstance(answer, Exception):
        raise NotAvailable(f"{url} is unreachable ({_reason(answer)})", _FIX)
    with answer:
        yield answer


def _receive(answer: http.client.HTTPResponse, file: IO[bytes], url: str, progress: Progress) -> str:
    """Copies the answer's body to `file` and returns its SHA-256."""
    length = int(answer.headers.get("Content-Length") or 0)
    digest = hashlib.sha256()
    received = 0
    started = told = time.monotonic()
    try:
        while block := answer.read1(_BLOCK):
            file.write(block)
            digest.update(block)
            received += len(block)
            now = time.monotonic()
            if received > _LIMIT_BYTES:
                raise NotAvailable(f"refused {url}: it is larger than {_LIMIT_BYTES >> 20} MB")
            if now - started > _LIMIT_SECONDS:
                raise NotAvailable(f"{url} was too slow ({_amount(received, length)} in {now - started:.0f} s)", _FIX)
            if now - told >= _TELL_EVERY:
                told = now
                progress(f"downloading the engine: {_amount(received, length)} ({now - started:.0f} s)")
    except TimeoutError:
        raise NotAvailable(
            f"{url} stopped sending for {REACH_SECONDS:.0f} seconds after {_amount(received, length)}", _FIX
        ) from None
    except http.client.HTTPException as error:
        raise NotAvailable(f"{url} broke off after {_amount(received, length)} ({_reason(error)})", _FIX) from None
    if received < length:
        raise NotAvailable(f"{url} is truncated: {received} of {length} bytes arrived", _FIX)
    return digest.hexdigest()


def _extract(file: IO[bytes], bin_dir: Path, url: str) -> None:
    """Takes the wanted programs out by name, so that no path inside the archive decides where anything is written."""
    try:
        with tarfile.open(fileobj=file, mode="r:gz") as archive:
            for name in _WANTED:
                content = archive.extractfile(f"pulumi/{name}")
                if content is None:
                    raise NotAvailable(f"refused {url}: pulumi/{name} in it is not a file")
                target = bin_dir / name
                with content, target.open("wb") as program:
                    shutil.copyfileobj(content, program, _BLOCK)
                target.chmod(0o755)
    except KeyError as error:
        raise NotAvailable(f"refused {url}: {error.args[0]}") from error
    except (tarfile.TarError, EOFError) as error:
        raise NotAvailable(f"refused {url}: not a release archive ({error})") from error


def _amount(received: int, length: int) -> str:
    total = f" of {length / 1e6:.0f}" if length else ""
    return f"{received / 1e6:.0f}{total} MB"


def _reason(error: BaseException) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__
