"""Fixtures of the engine tests: fakes of the outside world, and the real engine with a project to run."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from blueprints.sandbox.engine.bootstrap import ensure_engine
from blueprints.sandbox.engine.golang import Module
from blueprints.sandbox.engine.model import Engine
from blueprints.sandbox.engine.sources import Sources

from .fakes import FakeGo, ReleaseServer
from .hosts import Host, start_host
from .projects import Project


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
    return ensure_engine(lambda line: print(line, file=sys.stderr, flush=True))


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Project:
    folder, home = tmp_path / "project", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    made = Project(engine, folder, home).write("")
    made.ok("stack", "init", "test")
    return made


@pytest.fixture
def host(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    with start_host(engine, tmp_path) as started:
        yield started
