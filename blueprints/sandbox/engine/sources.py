"""Where engines are looked for on this machine, and what the cache already holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from blueprints.sandbox.engine.cache import Entry, default_cache
from blueprints.sandbox.engine.golang import Module, pinned_module
from blueprints.sandbox.engine.model import Engine, NotAvailable, Source
from blueprints.sandbox.engine.release import PINNED, RELEASES, Archive, archive_for, this_platform
from blueprints.sandbox.engine.search_path import LANGUAGE_HOST


@dataclass(frozen=True)
class Sources:
    """Where engines are looked for. The defaults are this machine's; tests put a server and folders of their own."""

    path: str = field(default_factory=lambda: os.environ.get("PATH", ""))
    """Folders that are searched for `pulumi` and `go`, separated as in PATH."""
    cache: Path = field(default_factory=default_cache)
    releases: str = RELEASES
    """URL of the folder that holds the release archives."""
    archive: Archive | None = field(default_factory=lambda: archive_for(*this_platform()))
    """The pinned archive; None where no checksum is published for the platform."""
    module: Callable[[], Module] = pinned_module
    """Finds the Go module to compile."""

    def find_cached(self) -> Engine:
        """The engine that an earlier run left in the cache.

        Raises `NotAvailable` when there is none, or only a damaged one.
        """
        damaged: list[str] = []
        for entry in self._candidates():
            damage = entry.damage()
            if damage is None:
                return engine_in(entry, "cache")
            if damage != "absent":
                damaged.append(f"{entry.folder} is damaged ({damage}); it is made anew")
        raise NotAvailable("; ".join(damaged) or f"nothing in {self.cache}")

    def _candidates(self) -> Iterator[Entry]:
        """Every place in the cache where a usable engine of this platform would be, the release first."""
        if self.archive is not None:
            yield self.release_entry(self.archive)
        try:
            yield self.compiled_entry(self.module())
        except NotAvailable:
            return

    def release_entry(self, archive: Archive) -> Entry:
        """The cache entry of a downloaded release, named by the archive's checksum."""
        return self._entry(archive.sha256[:12])

    def compiled_entry(self, module: Module) -> Entry:
        """The cache entry of a compiled engine, named by the module's sources."""
        return self._entry(module.digest)

    def _entry(self, digest: str) -> Entry:
        return Entry(self.cache / f"{PINNED}-{'-'.join(this_platform())}-{digest}")


def engine_in(entry: Entry, source: Source) -> Engine:
    """The engine of a complete cache entry."""
    return Engine(entry.bin_dir / "pulumi", entry.bin_dir, str(PINNED), source, entry.bin_dir / LANGUAGE_HOST)
