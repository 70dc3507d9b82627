"""The order of the ways to an engine, what is said when one is closed, and that every end leaves the cache whole."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from semver import Version

from blueprints.sandbox.engine import cache as caching
from blueprints.sandbox.engine.bootstrap import ensure_engine
from blueprints.sandbox.engine.errors import EngineError
from blueprints.sandbox.engine.golang import Module
from blueprints.sandbox.engine.sources import Sources

from .fakes import FakeGo, ReleaseServer, release_archive, write_engine


def _with_go(sources: Sources, fake_go: FakeGo) -> Sources:
    return replace(sources, path=os.pathsep.join([str(fake_go.install()), "/usr/bin", "/bin"]))


def _without_release(releases: ReleaseServer) -> None:
    releases.answer = lambda handler, _: handler.send_error(404)


def _cached_folders(sources: Sources) -> list[str]:
    return sorted(child.name for child in sources.cache.iterdir() if child.name != ".lock")


def test_an_engine_on_path_comes_first(
    sources: Sources, releases: ReleaseServer, tmp_path: Path, lines: list[str]
) -> None:
    path = str(write_engine(tmp_path / "installed"))
    engine = ensure_engine(lines.append, sources=replace(sources, path=path))
    assert (engine.source, engine.pulumi) == ("path", tmp_path / "installed" / "pulumi")
    assert lines == []
    assert releases.requests == []
    assert not sources.cache.exists()


def test_an_old_engine_on_path_is_reported_and_the_release_is_downloaded_once(
    sources: Sources, releases: ReleaseServer, tmp_path: Path, lines: list[str]
) -> None:
    path = str(write_engine(tmp_path / "installed", "v3.100.0"))
    places = replace(sources, path=path)
    engine = ensure_engine(lines.append, sources=places)
    assert engine.source == "download"
    assert engine.version == "3.259.0"
    assert engine.bin_dir == sources.release_entry(releases.archive).bin_dir
    assert engine.language_host == engine.bin_dir / "pulumi-language-python"
    assert lines[0] == f"PATH: {path}/pulumi is too old (3.100.0; 3.250.0 or later is needed)"
    again = ensure_engine(lines.append, sources=places)
    assert (again.source, again.bin_dir) == ("cache", engine.bin_dir)
    assert len(releases.requests) == 1


def test_a_cached_engine_needs_no_words(sources: Sources, lines: list[str]) -> None:
    ensure_engine(lambda _: None, sources=sources)
    assert ensure_engine(lines.append, sources=sources).source == "cache"
    assert lines == []


def test_a_damaged_cache_is_made_anew(sources: Sources, releases: ReleaseServer) -> None:
    engine = ensure_engine(lambda _: None, sources=sources)
    engine.pulumi.write_text("damaged")
    assert ensure_engine(lambda _: None, sources=sources).source == "download"
    assert engine.pulumi.read_text() == "#!/bin/sh\necho pulumi\n"
    assert len(releases.requests) == 2


def test_a_wrong_checksum_is_said_and_the_engine_is_compiled(
    sources: Sources, releases: ReleaseServer, fake_go: FakeGo, lines: list[str]
) -> None:
    places = _with_go(sources, fake_go)
    releases.body = release_archive(("pulumi", "other"))
    engine = ensure_engine(lines.append, sources=places)
    assert engine.source == "compiled"
    assert any(line.startswith("download: refused http://127.0.0.1:") for line in lines)
    assert ensure_engine(lines.append, sources=places).source == "cache"


def test_a_platform_without_a_checksum_goes_straight_to_compiling(
    sources: Sources, releases: ReleaseServer, fake_go: FakeGo, lines: list[str]
) -> None:
    places = replace(_with_go(sources, fake_go), archive=None)
    assert ensure_engine(lines.append, sources=places).source == "compiled"
    assert any(line.startswith("download: no checksum of Pulumi 3.259.0 is pinned for ") for line in lines)
    assert releases.requests == []


def test_changed_engine_sources_are_compiled_again(
    sources: Sources, releases: ReleaseServer, fake_go: FakeGo, module: Module
) -> None:
    _without_release(releases)
    places = _with_go(sources, fake_go)
    first = ensure_engine(lambda _: None, sources=places)
    (module.folder / "main.go").write_text("package main\n")
    second = ensure_engine(lambda _: None, sources=replace(places, module=lambda: Module(module.folder)))
    assert (first.source, second.source) == ("compiled", "compiled")
    assert first.bin_dir != second.bin_dir


def test_offline_neither_downloads_nor_lets_go_fetch(
    sources: Sources, releases: ReleaseServer, fake_go: FakeGo, lines: list[str]
) -> None:
    assert ensure_engine(lines.append, sources=_with_go(sources, fake_go), offline=True).source == "compiled"
    assert "download: not tried, because offline was asked for" in lines
    assert releases.requests == []
    assert fake_go.calls[1].startswith("0 off list -deps")


def test_no_way_to_an_engine_is_one_message_with_every_way_and_every_fix(
    sources: Sources, releases: ReleaseServer
) -> None:
    _without_release(releases)
    with pytest.raises(EngineError) as caught:
        ensure_engine(lambda _: None, sources=sources)
    assert str(caught.value) == (
        "no Pulumi engine is available. Tried, in this order:\n"
        "  1. PATH: no `pulumi` there\n"
        f"  2. cache: nothing in {sources.cache}\n"
        f"  3. download: {releases.url}/pulumi-v3.259.0-linux-x64.tar.gz answered 404 Not Found\n"
        "  4. compile: Go is not installed\n"
        "Any one of these helps:\n"
        "  - install the Pulumi CLI 3.250.0 or later with its Python language host: "
        "https://www.pulumi.com/docs/install/\n"
        "  - connect this machine to the Internet, so that the release can be downloaded\n"
        "  - install Go 1.25.11 or later: https://go.dev/dl/"
    )
    assert _cached_folders(sources) == []


def test_a_minimum_above_the_pinned_version_is_not_met_by_making_one(
    sources: Sources, releases: ReleaseServer, fake_go: FakeGo
) -> None:
    with pytest.raises(EngineError, match=r"3\.300\.0 or later is asked for"):
        ensure_engine(lambda _: None, minimum=Version(3, 300, 0), sources=_with_go(sources, fake_go))
    assert releases.requests == []
    assert not sources.cache.exists()


def test_an_interrupted_compile_leaves_nothing(sources: Sources, releases: ReleaseServer, fake_go: FakeGo) -> None:
    _without_release(releases)

    def interrupt(line: str) -> None:
        if line.startswith("step 2"):
            raise KeyboardInterrupt

    places = _with_go(sources, fake_go)
    with pytest.raises(KeyboardInterrupt):
        ensure_engine(interrupt, sources=places)
    assert _cached_folders(sources) == []
    assert ensure_engine(lambda _: None, sources=places).source == "compiled"


def test_a_failed_compile_leaves_nothing(sources: Sources, releases: ReleaseServer, fake_go: FakeGo) -> None:
    _without_release(releases)
    fake_go.build = 'echo half > "${out}pulumi"; exit 1'
    with pytest.raises(EngineError, match="go failed with exit code 1"):
        ensure_engine(lambda _: None, sources=_with_go(sources, fake_go))
    assert _cached_folders(sources) == []


def test_a_cache_that_cannot_be_written_is_named_with_the_fix(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError) as caught:
        ensure_engine(lambda _: None, sources=replace(sources, cache=tmp_path / "file" / "cache"))
    assert "cannot be written (Not a directory)" in str(caught.value)
    assert "point XDG_CACHE_HOME at a folder that is" in str(caught.value)


def test_a_full_disk_under_the_cache_is_named_without_a_traceback(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caching.tempfile, "mkdtemp", full)
    with pytest.raises(EngineError) as caught:
        ensure_engine(lambda _: None, sources=sources)
    assert "download: the cache cannot be written ([Errno 28] No space left on device)" in str(caught.value)
    assert "make room in the cache folder" in str(caught.value)


def test_two_processes_make_one_engine(sources: Sources, fake_go: FakeGo, module: Module) -> None:
    fake_go.build = "sleep 1"
    places = _with_go(sources, fake_go)
    script = (
        "import sys; from pathlib import Path\n"
        "from blueprints.sandbox.engine.bootstrap import ensure_engine\n"
        "from blueprints.sandbox.engine.sources import Sources\n"
        "from blueprints.sandbox.engine.golang import Module\n"
        "path, cache, module = sys.argv[1:]\n"
        "places = Sources(path=path, cache=Path(cache), archive=None, module=lambda: Module(Path(module)))\n"
        "print(ensure_engine(lambda _: None, sources=places).source)\n"
    )
    command = [sys.executable, "-c", script, places.path, str(places.cache), str(module.folder)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = sorted(process.communicate(timeout=60)[0].strip() for process in processes)
    assert answers == ["cache", "compiled"]
    assert sum(" build " in call for call in fake_go.calls) == 1
