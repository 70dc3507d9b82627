"""Gets a Pulumi engine: PATH, the cache, the pinned release, the pinned sources; in that order, and nothing else."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from semver import Version

from blueprints.sandbox.engine.cache import locked
from blueprints.sandbox.engine.compile import compile_engine
from blueprints.sandbox.engine.download import download
from blueprints.sandbox.engine.errors import EngineError
from blueprints.sandbox.engine.golang import find_go
from blueprints.sandbox.engine.model import Attempt, Engine, NotAvailable, Progress
from blueprints.sandbox.engine.release import MINIMUM, PINNED, this_platform
from blueprints.sandbox.engine.search_path import executables, find_on_path
from blueprints.sandbox.engine.sources import Sources, engine_in
from blueprints.sandbox.engine.termination import tidy_termination

_ROOM = "make room in the cache folder, or point XDG_CACHE_HOME at another disk"


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
        return places.find_cached()
    with tidy_termination(), _attempt("making one", attempts, progress), locked(places.cache, progress):
        # Another process may have made the engine while this one waited for the lock.
        with _attempt("cache", [], progress, quiet=True):
            return places.find_cached()
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


def _download(places: Sources, progress: Progress, *, offline: bool) -> Engine:
    if places.archive is None:
        raise NotAvailable(f"no checksum of Pulumi {PINNED} is pinned for {'-'.join(this_platform())}")
    if offline:
        raise NotAvailable("not tried, because offline was asked for")
    entry = places.release_entry(places.archive)
    with entry.filled() as bin_dir:
        download(places.archive, places.releases, bin_dir, progress)
    return engine_in(entry, "download")


def _compile(places: Sources, progress: Progress, *, offline: bool) -> Engine:
    module = places.module()
    go = find_go(places.path, module.minimum)
    entry = places.compiled_entry(module)
    with entry.filled() as bin_dir:
        compile_engine(go, module, bin_dir, progress, offline=offline)
    return engine_in(entry, "compiled")
