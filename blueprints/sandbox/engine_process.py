"""One engine process: how it is started, how it is interrupted, and what comes back from it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

_LAUNCHER = Path(__file__).with_name("launcher.py")
_KILLED_AFTER = 3

Line = Callable[[str], None]


@dataclass
class Interrupts:
    """How often the user asked this run to stop."""

    count: int = 0
    notify: Callable[[int], None] = field(default=lambda _: None)


def command(pulumi: Path, arguments: Sequence[str], covered: Sequence[str], network: bool) -> list[str]:
    """The command line of an engine process, behind the walls that there can be."""
    line = [str(pulumi), *arguments]
    if sys.platform != "linux":
        return line
    walls = [*(word for path in covered for word in ("--cover", path)), *(["--network"] if network else [])]
    return [sys.executable, "-I", "-S", str(_LAUNCHER), *walls, "--", *line]


def capture(line: Sequence[str], environment: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a short engine command and keeps what it prints."""
    return subprocess.run(
        line, env=dict(environment), cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


def stream(
    line: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    out: Line,
    err: Line,
    *,
    interrupts: Interrupts | None = None,
) -> int:
    """Runs the engine and hands over each line that it prints, as it comes. Returns its exit code."""
    process = subprocess.Popen(
        line,
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        # Of its own group, so that a Ctrl-C at the terminal reaches it once, from us, and not twice.
        process_group=0,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    errors = threading.Thread(target=_each_line, args=(process.stderr, err), daemon=True)
    errors.start()
    with _forwarding(process, interrupts or Interrupts()):
        _each_line(process.stdout, out)
        status = process.wait()
    errors.join(timeout=5)
    return status


def attached(line: Sequence[str], environment: Mapping[str, str] | None, folder: Path) -> int:
    """Runs the engine on the user's own terminal, with its own prompts, colours and Ctrl-C. Returns its exit code."""
    own_group = not sys.stdin.isatty()
    process = subprocess.Popen(
        line, env=None if environment is None else dict(environment), cwd=folder, process_group=0 if own_group else None
    )
    # At a terminal the engine is in our group and gets the signal from there; ours is only to wait for it.
    with _forwarding(process, Interrupts(), send=own_group):
        return process.wait()


def _each_line(source: Iterable[str], consume: Line) -> None:
    for text in source:
        consume(text.rstrip("\n"))


@contextmanager
def _forwarding(process: subprocess.Popen[Any], interrupts: Interrupts, send: bool = True) -> Generator[None]:
    """While this lasts, the first interrupt asks the engine to cancel, the second to stop, the third kills it."""

    def handle(number: int, _frame: FrameType | None) -> None:
        interrupts.count += 1
        if process.poll() is not None:
            return
        if interrupts.count >= _KILLED_AFTER:
            process.kill()
        elif send or number != signal.SIGINT:
            process.send_signal(signal.SIGINT)
        interrupts.notify(interrupts.count)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handled = [signal.SIGINT, signal.SIGTERM]
    if os.name != "nt":
        handled.append(signal.SIGHUP)
    previous = {number: signal.signal(number, handle) for number in handled}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
