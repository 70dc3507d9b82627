"""What the command line may do on this terminal: colour, a line that is redrawn, and how wide."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TextIO

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_PLAIN_SECONDS = 5.0
_REDRAW_SECONDS = 0.1
_QUIET_SECONDS = 1.0

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35"}


def coloured(stream: TextIO) -> bool:
    """Whether a stream may be coloured: only a terminal, and never when NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, style: str, stream: TextIO | None = None) -> str:
    """Text in a style, where the stream may be coloured."""
    return f"\033[{_CODES[style]}m{text}\033[0m" if coloured(stream or sys.stdout) else text


def say(text: str = "") -> None:
    """A line for the person, beside the result: it goes to the error stream."""
    print(text, file=sys.stderr, flush=True)


class Status:
    """One line that says what is going on: redrawn on a terminal, repeated every few seconds elsewhere.

    Nothing is shown of what is over within a second.
    """

    def __init__(self, text: str, stream: TextIO | None = None) -> None:
        self._text = text
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._started = time.monotonic()
        self._printed = self._started
        self._shown = ""
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)

    def update(self, text: str) -> None:
        """Changes what the line says."""
        self._text = text

    def line(self, text: str) -> None:
        """Prints a line that stays."""
        with self._lock:
            self._clear()
            print(text, file=self._stream, flush=True)

    def __enter__(self) -> Status:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        with self._lock:
            self._clear()

    def _loop(self) -> None:
        turn = 0
        while not self._stop.wait(_REDRAW_SECONDS):
            now = time.monotonic()
            if now - self._started < _QUIET_SECONDS:
                continue
            elapsed = f"{now - self._started:.0f} s"
            if self._live:
                turn += 1
                width = shutil.get_terminal_size().columns
                text = f"{_SPINNER[turn % len(_SPINNER)]} {self._text}"[: width - len(elapsed) - 2] + f"  {elapsed}"
                with self._lock:
                    self._clear()
                    self._stream.write(text)
                    self._stream.flush()
                    self._shown = text
            # Plain output says at once that something has begun, and then only what is new, or that it goes on.
            elif self._shown == "" or (now - self._printed >= _PLAIN_SECONDS):
                self._shown = f"  {self._text}  {elapsed}"
                self._printed = now
                with self._lock:
                    print(self._shown, file=self._stream, flush=True)

    def _clear(self) -> None:
        if self._live and self._shown:
            self._stream.write("\r\033[2K")
            self._shown = ""


@contextmanager
def status(text: str) -> Generator[Status]:
    """Shows a status line while a block runs."""
    with Status(text) as line:
        yield line


def progress(line: Status) -> Callable[[str], None]:
    """A function that takes progress messages, for what reports in plain text."""
    return line.update
