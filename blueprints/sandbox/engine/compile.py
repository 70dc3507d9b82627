"""Compiles the engine and the language host from the pinned Go module."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from blueprints.sandbox.engine.golang import Go, Module
from blueprints.sandbox.engine.model import NotAvailable, Progress
from blueprints.sandbox.engine.release import PINNED
from blueprints.sandbox.engine.search_path import EXECUTOR, LANGUAGE_HOST

NEEDED_BYTES = 3_500_000_000
"""Room for a first build: 1.4 GB of modules, 1.6 GB of compiled packages (measured), the rest for work and result."""

_ENGINE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_HOST = f"./cmd/{LANGUAGE_HOST}"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_VERSION_VARIABLE = f"{_SDK}/go/common/version.Version"
_TELL_EVERY = 5.0
_SHOWN_LINES = 12
_STOP_SECONDS = 5.0


def compile_engine(go: Go, module: Module, bin_dir: Path, progress: Progress, *, offline: bool = False) -> None:
    """Fills `bin_dir` with `pulumi`, its language host and the executor script. Takes minutes the first time.

    Raises `NotAvailable` when the disk has no room or Go fails; Go is stopped when this call is interrupted.
    """
    check_room((*go.folders, bin_dir))
    # Not in the system's folder for temporary files, which may be small, or may not hold programs that run.
    with tempfile.TemporaryDirectory(prefix="work-", dir=bin_dir.parent) as work:
        run = _Run(go.program, module.folder, _environment(work, offline=offline), progress)
        _compile(go, run, bin_dir, progress)


def _compile(go: Go, run: _Run, bin_dir: Path, progress: Progress) -> None:
    progress(f"compiling Pulumi {PINNED} with Go {go.version}; the first time takes several minutes, later runs none")
    packages = run("step 1 of 3, fetching modules", ["list", "-deps", "-f", "{{.ImportPath}}", _ENGINE, _HOST])
    flags = ["-trimpath", "-buildvcs=false", "-ldflags", f"-s -w -X {_VERSION_VARIABLE}={PINNED}"]
    # -v prints each package as it is compiled: that is what there is to show of the progress.
    run("step 2 of 3, compiling", ["build", "-v", *flags, "-o", f"{bin_dir}{os.sep}", _ENGINE, _HOST], len(packages))
    sdk = run("step 3 of 3, installing", ["list", "-m", "-f", "{{.Dir}}", _SDK])
    executor = Path(sdk[-1] if sdk else "") / "python" / "cmd" / EXECUTOR
    try:
        shutil.copyfile(executor, bin_dir / EXECUTOR)
        (bin_dir / EXECUTOR).chmod(0o755)
    except OSError as error:
        raise NotAvailable(f"the module {_SDK} has no {EXECUTOR} ({error.strerror or error})") from error
    missing = [name for name in ("pulumi", LANGUAGE_HOST) if not (bin_dir / name).is_file()]
    if missing:
        raise NotAvailable(f"go build said nothing but made no {' and no '.join(missing)}")


def check_room(folders: Iterable[Path], needed: int = NEEDED_BYTES) -> None:
    """Raises `NotAvailable` when one of the disks that a build writes to has less than `needed` bytes free."""
    for folder in folders:
        there = next((parent for parent in (folder, *folder.parents) if parent.is_dir()), Path(os.sep))
        free = shutil.disk_usage(there).free
        if free < needed:
            amount = f"{needed / 1e9:.1f} GB"
            raise NotAvailable(
                f"the disk of {folder} has {free / 1e9:.1f} GB free; compiling needs {amount}",
                f"free {amount} on the disk of {folder}, or point GOCACHE, GOMODCACHE and XDG_CACHE_HOME elsewhere",
            )


def _environment(work: str, *, offline: bool) -> Mapping[str, str]:
    """What Go runs with: the user's own settings (proxy, checksums, toolchain), and no C compiler needed."""
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GO111MODULE": "on"}
    environment.setdefault("GOTMPDIR", work)
    environment.pop("GOOS", None)
    environment.pop("GOARCH", None)
    if offline:
        environment["GOPROXY"] = "off"
    return environment


class _Run:
    """Runs one `go` command after the other and says what is going on while they are silent."""

    def __init__(self, program: str, folder: Path, environment: Mapping[str, str], progress: Progress) -> None:
        self._program = program
        self._folder = folder
        self._environment = environment
        self._progress = progress
        self._started = time.monotonic()

    def __call__(self, step: str, arguments: Sequence[str], total: int = 0) -> list[str]:
        """Standard output's lines; standard error's are counted against `total` and kept for an error message."""
        try:
            process = subprocess.Popen(
                [self._program, *arguments],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                process_group=0,  # so that stopping it stops the compilers that it has started
            )
        except OSError as error:
            raise NotAvailable(f"{self._program} cannot be started ({error.strerror or error})") from error
        output: list[str] = []
        last: deque[str] = deque(maxlen=_SHOWN_LINES)
        with process:
            try:
                self._follow(step, process, output, last, total)
                code = process.wait()
            except BaseException:
                _stop(process)
                raise
        if code != 0:
            raise NotAvailable(*_failure(step, code, last))
        return output

    def _follow(
        self, step: str, process: subprocess.Popen[str], output: list[str], last: deque[str], total: int
    ) -> None:
        lines: queue.SimpleQueue[tuple[bool, str | None]] = queue.SimpleQueue()
        for is_error, stream in ((False, process.stdout), (True, process.stderr)):
            threading.Thread(target=_read, args=(stream, is_error, lines), daemon=True).start()
        open_streams, errors, told = 2, 0, float("-inf")
        while open_streams:
            now = time.monotonic()
            if now - told >= _TELL_EVERY:
                told = now
                share = f", {errors} of at most {total} packages" if total and errors else ""
                self._progress(f"{step}{share} ({now - self._started:.0f} s)")
            try:
                is_error, line = lines.get(timeout=max(0.0, told + _TELL_EVERY - now))
            except queue.Empty:
                continue
            if line is None:
                open_streams -= 1
            elif is_error:
                errors += 1
                last.append(line)
            else:
                output.append(line)


def _read(stream: Iterable[str], is_error: bool, lines: queue.SimpleQueue[tuple[bool, str | None]]) -> None:
    for line in stream:
        lines.put((is_error, line.rstrip("\n")))
    lines.put((is_error, None))


def _failure(step: str, code: int, last: Sequence[str]) -> tuple[str, str]:
    said = "\n".join(f"       {line}" for line in last) or "       (nothing)"
    if any("no space left on device" in line.lower() for line in last):
        return f"the disk became full in {step}; Go said:\n{said}", f"free {NEEDED_BYTES / 1e9:.1f} GB of disk"
    fix = "connect this machine to a Go module proxy (GOPROXY), or read what Go said above"
    return f"go failed with exit code {code} in {step}; it said:\n{said}", fix


def _stop(process: subprocess.Popen[str]) -> None:
    """Ends Go and every compiler that it has started, also those that outlive it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_STOP_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
