"""Gets a Pulumi engine: PATH, the cache, the pinned release, the pinned sources; in that order, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from semver import Version

from blueprints.sandbox.engine.cache import Entry, default_cache, locked
from blueprints.sandbox.engine.compile import compile_engine
from blueprints.sandbox.engine.download import download
from blueprints.sandbox.engine.errors import EngineError
from blueprints.sandbox.engine.golang import Module, find_go, pinned_module
from blueprints.sandbox.engine.model import Attempt, Engine, NotAvailable, Progress, Source
from blueprints.sandbox.engine.release import MINIMUM, PINNED, RELEASES, Archive, archive_for, this_platform
from blueprints.sandbox.engine.search_path import LANGUAGE_HOST, executables, find_on_path

_ROOM = "make room in the cache folder, or point XDG_CACHE_HOME at another disk"


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

    def cached(self) -> Iterator[Entry]:
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


def ensure_engine(
    progress: Progress, *, minimum: Version = MINIMUM, offline: bool = False, sources: Sources | None = None
) -> Engine:
    """Finds an engine or makes one; a first compile takes minutes, and `progress` hears of it every few seconds.

    `minimum` is the oldest version taken from PATH; `offline` neither downloads nor lets Go fetch modules.
    Raises `EngineError` when every way is closed; nothing half-made stays behind.
    """
    places = sources or Sources()
    attempts: list[Attempt] = []
    found = any(executables(places.path, "pulumi"))
    with _attempt("PATH", attempts, progress, quiet=not found):
        return find_on_path(places.path, minimum)
    if minimum > PINNED:
        reason = f"only Pulumi {PINNED} can be downloaded or compiled, and {minimum} or later is asked for"
        raise EngineError([*attempts, Attempt("pinned release", reason)])
    with _attempt("cache", attempts, progress, quiet=True):
        return _find_cached(places)
    with _attempt("making one", attempts, progress), locked(places.cache, progress):
        # Another process may have made the engine while this one waited for the lock.
        with _attempt("cache", [], progress, quiet=True):
            return _find_cached(places)
        with _attempt("download", attempts, progress):
            return _download(places, progress, offline=offline)
        with _attempt("compile", attempts, progress):
            return _compile(places, progress, offline=offline)
    raise EngineError(attempts)


@contextmanager
def _attempt(step: str, attempts: list[Attempt], progress: Progress, *, quiet: bool = False) -> Generator[None]:
    """Turns a closed way into a line of the final error, and says it at once unless it is the usual case."""
    try:
        yield
    except NotAvailable as problem:
        closed = Attempt(step, problem.reason, problem.fix)
    except OSError as error:
        closed = Attempt(step, f"the cache cannot be written ({error})", _ROOM)
    else:
        return
    attempts.append(closed)
    if not quiet:
        progress(f"{step}: {closed.reason}")


def _find_cached(places: Sources) -> Engine:
    problems: list[str] = []
    for entry in places.cached():
        damage = entry.damage()
        if damage is None:
            return _engine(entry, "cache")
        if damage != "absent":
            problems.append(f"{entry.folder} is damaged ({damage}); it is made anew")
    raise NotAvailable("; ".join(problems) or f"nothing in {places.cache}")


def _download(places: Sources, progress: Progress, *, offline: bool) -> Engine:
    if places.archive is None:
        raise NotAvailable(f"no checksum of Pulumi {PINNED} is pinned for {'-'.join(this_platform())}")
    if offline:
        raise NotAvailable("not tried, because offline was asked for")
    entry = places.release_entry(places.archive)
    with entry.filled() as bin_dir:
        download(places.archive, places.releases, bin_dir, progress)
    return _engine(entry, "download")


def _compile(places: Sources, progress: Progress, *, offline: bool) -> Engine:
    module = places.module()
    go = find_go(places.path, module.minimum)
    entry = places.compiled_entry(module)
    with entry.filled() as bin_dir:
        compile_engine(go, module, bin_dir, progress, offline=offline)
    return _engine(entry, "compiled")


def _engine(entry: Entry, source: Source) -> Engine:
    return Engine(entry.bin_dir / "pulumi", entry.bin_dir, str(PINNED), source, entry.bin_dir / LANGUAGE_HOST)
