"""Finds patterns that take too long: some of AWS' own backtrack for ever on a text that does not fit.

A pattern that hangs cannot be stopped from within, so each is tried in a process that can be ended.
"""

from __future__ import annotations

import multiprocessing
import re
import time
from collections.abc import Iterable
from multiprocessing.pool import Pool

LIMIT = 0.02
"""Seconds that a pattern may take for all trials; a sound one takes well under a millisecond."""
_PATIENCE = 3.0
_PIECES = (
    "a",
    "A",
    "1",
    "-",
    "_",
    "/",
    ":",
    ".",
    " ",
    "a-",
    "a.",
    "a_",
    "a/",
    "0.",
    "=,",
    "@",
    "aA0",
    "a b",
    "arn:aws:",
)
TRIALS = [piece * (200 // len(piece)) + end for piece in _PIECES for end in ("!", "\n")]


def slow_patterns(patterns: Iterable[str]) -> set[str]:
    """Those of `patterns` that some text keeps busy for too long."""
    found: set[str] = set()
    pool = _pool()
    for pattern in sorted(set(patterns)):
        try:
            seconds = pool.apply_async(try_pattern, (pattern,)).get(timeout=_PATIENCE)
        except multiprocessing.TimeoutError:
            pool.terminate()
            pool = _pool()
            seconds = _PATIENCE
        if seconds > LIMIT:
            found.add(pattern)
    pool.terminate()
    return found


def try_pattern(pattern: str) -> float:
    """Seconds for all trials."""
    compiled = re.compile(pattern)
    start = time.process_time()
    for text in TRIALS:
        compiled.fullmatch(text)
    return time.process_time() - start


def _pool() -> Pool:
    return multiprocessing.get_context("spawn").Pool(1)
