"""Lets a terminated process tidy up: SIGTERM and a closed terminal end it as Ctrl-C does, through `finally`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def tidy_termination() -> Generator[None]:
    """Within it, SIGTERM and SIGHUP raise `SystemExit` with the code that a shell gives them, 128 and the number.

    Only where nobody else handles them, and only in the main thread, which alone may.
    """
    ours = [one for one in _SIGNALS if signal.getsignal(one) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        ours = []
    for one in ours:
        signal.signal(one, _exit)
    try:
        yield
    finally:
        for one in ours:
            signal.signal(one, signal.SIG_DFL)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
