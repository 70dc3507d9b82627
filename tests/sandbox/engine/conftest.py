"""Fixtures of the engine tests: fakes of the outside world, and the real engine with a project to run."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from blueprints.sandbox.engine.bootstrap import ensure_engine
from blueprints.sandbox.engine.golang import Module, find_go
from blueprints.sandbox.engine.model import Engine, NotAvailable
from blueprints.sandbox.engine.release import MINIMUM
from blueprints.sandbox.engine.search_path import find_on_path
from blueprints.sandbox.engine.sources import Sources

from .fakes import FakeGo, ReleaseServer
from .hosts import Host, start_host
from .projects import Project, new_project


@pytest.fixture
def fake_go(tmp_path: Path) -> FakeGo:
    return FakeGo(tmp_path / "fake-go")


@pytest.fixture
def module(tmp_path: Path) -> Module:
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "go.mod").write_text("module m\n\ngo 1.25.11\n")
    (folder / "go.sum").write_text("")
    return Module(folder)


@pytest.fixture
def releases() -> Iterator[ReleaseServer]:
    served = ReleaseServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests.append(self.path)
            if served.answer is not None:
                served.answer(self, served.body)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(served.body)))
            self.end_headers()
            self.wfile.write(served.body)

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # hanging up on a bad server is what is tested
                super().handle()

        def log_message(self, *_: object) -> None:
            """Keeps the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}/releases"
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sources(tmp_path: Path, module: Module, releases: ReleaseServer) -> Sources:
    """Nothing on PATH, an empty cache, a working release server and a module that no Go compiles."""
    return Sources(
        path=os.fspath(tmp_path / "nowhere"),
        cache=tmp_path / "cache",
        releases=releases.url,
        archive=releases.archive,
        module=lambda: module,
    )


@pytest.fixture
def lines() -> list[str]:
    """Collects progress: pass `lines.append`."""
    return []


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine that this machine has or gets; the first time that takes minutes, and says so."""
    return ensure_engine(tell)


@pytest.fixture(scope="session")
def own_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The engine that is compiled here, with this project's own language host, whatever else the machine has."""
    try:
        return OWN.find_cached()
    except NotAvailable:
        folder = tmp_path_factory.mktemp("go")
        (folder / "go").symlink_to(find_go(OWN.path, OWN.module().minimum).program)
        return ensure_engine(tell, sources=replace(OWN, path=str(folder)))


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


OWN = Sources(archive=None)
"""This machine without the release archive: what is in the cache is compiled, and so is what is made."""


def why_not_own() -> str | None:
    """Why the tests of our own language host would make this machine compile an engine that it does not need."""
    try:
        OWN.find_cached()
    except NotAvailable:
        try:
            return f"this machine runs {find_on_path(OWN.path, MINIMUM).pulumi}, and has compiled none"
        except NotAvailable:
            pass
        try:
            find_go(OWN.path, OWN.module().minimum)
        except NotAvailable as problem:
            return f"none can be compiled: {problem.reason}"
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out, and says so, what tests an engine that this machine neither has nor needs."""
    own = [item for item in items if "own_engine" in getattr(item, "fixturenames", ())]
    reason = why_not_own() if own else None
    if reason is None:
        return
    items[:] = [item for item in items if item not in own]
    config.hook.pytest_deselected(items=own)
    # A warning, because it is what a parallel run's workers can tell the person who reads the summary.
    text = f"NOT RUN: {len(own)} tests of the compiled engine's own language host; {reason}"
    warnings.warn(pytest.PytestWarning(text), stacklevel=1)


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Project:
    return new_project(engine, tmp_path)


@pytest.fixture
def own_project(own_engine: Engine, tmp_path: Path) -> Project:
    """A project that is run with our own language host."""
    return new_project(own_engine, tmp_path)


@pytest.fixture
def host(own_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    with start_host(own_engine, tmp_path) as started:
        yield started
