"""What the engine bootstrap hands out, and the words in which its steps say why they could not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Source = Literal["path", "cache", "download", "compiled"]
"""Where an engine came from in this run; `cache` is one that an earlier run downloaded or compiled."""

Progress = Callable[[str], None]
"""Receives one line of text at a time, without a line break, at least every ten seconds while something runs."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi engine that can run Python programs."""

    pulumi: Path
    """The `pulumi` executable."""
    bin_dir: Path
    """The folder of `pulumi`; put it first on the PATH of the process that runs it."""
    version: str
    """Semantic version without a leading `v`."""
    source: Source
    language_host: Path
    """The `pulumi-language-python` executable; beside `pulumi` in every official release."""

    @property
    def search_path(self) -> tuple[Path, ...]:
        """The folders that have to be on PATH, in this order: the engine finds its language host there."""
        return tuple(dict.fromkeys((self.bin_dir, self.language_host.parent)))


class NotAvailable(Exception):  # noqa: N818 - an outcome of one step, which the next step may make good
    """One way to an engine is closed; the message says why, and `fix` what would open it."""

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


@dataclass(frozen=True)
class Attempt:
    """One way that was tried, and why it did not give an engine."""

    step: str
    reason: str
    fix: str = ""
