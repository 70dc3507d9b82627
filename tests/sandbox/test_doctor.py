"""`doctor` says what this machine has and lacks, in words that name the fix, and works where the SDK is broken."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from semver import Version

from blueprints.sandbox import doctor
from blueprints.sandbox.doctor import Finding, examine
from blueprints.sandbox.engine.golang import Module
from blueprints.sandbox.engine.release import Archive
from blueprints.sandbox.engine.sources import Sources

from .engine.fakes import FakeGo, write_engine, write_program

ARCHIVE = Archive("pulumi-v3.259.0-linux-x64.tar.gz", "0" * 64)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """A machine with nothing on PATH and an empty cache."""
    folder = tmp_path / "module"
    folder.mkdir()
    (folder / "go.mod").write_text("module m\n\ngo 1.25.11\n")
    return Sources(
        path=str(tmp_path / "nowhere"),
        cache=tmp_path / "cache",
        releases="https://releases.example",
        archive=ARCHIVE,
        module=lambda: Module(folder),
    )


def found(name: str, sources: Sources) -> Finding:
    (one,) = [finding for finding in examine(sources) if finding.name == name]
    return one


def test_an_engine_on_path_is_named_with_version_and_place(sources: Sources, tmp_path: Path) -> None:
    places = replace(sources, path=str(write_engine(tmp_path / "bin", "v3.255.0")))
    assert found("Pulumi engine", places) == Finding(
        "Pulumi engine", "ok", "3.255.0 on PATH", path=str(tmp_path / "bin" / "pulumi")
    )
    assert found("language host", places) == Finding(
        "language host", "ok", "of the engine on PATH", path=str(tmp_path / "bin" / "pulumi-language-python")
    )
    assert found("Go", places) == Finding("Go", "ok", "Go is not installed; not needed, the engine is there")


def test_an_engine_in_the_cache_is_named(sources: Sources) -> None:
    entry = sources.release_entry(ARCHIVE)
    with entry.filled() as bin_dir:
        write_engine(bin_dir)
    engine = found("Pulumi engine", sources)
    assert (engine.status, engine.found, engine.path) == ("ok", "3.259.0 in the cache", str(entry.bin_dir / "pulumi"))
    assert found("engine cache", sources).found == "0 MB; may be deleted at any time"


def test_a_machine_without_an_engine_is_told_where_it_would_come_from(sources: Sources) -> None:
    engine = found("Pulumi engine", sources)
    assert engine.status == "warn"
    assert engine.found == (
        f"none yet (no `pulumi` there; nothing in {sources.cache}); "
        "the first run gets 3.259.0, downloaded from https://releases.example"
    )
    assert engine.fix == "nothing, or install the Pulumi CLI 3.250.0 or later: https://www.pulumi.com/docs/install/"
    go = found("Go", sources)
    assert (go.status, go.found, go.fix) == (
        "warn",
        "Go is not installed",
        "install Go 1.25.11 or later: https://go.dev/dl/",
    )
    assert not sources.cache.exists()


def test_with_go_it_is_told_that_the_engine_can_be_compiled(sources: Sources, tmp_path: Path) -> None:
    fake_go = FakeGo(tmp_path / "fake-go")
    places = replace(sources, path=os.pathsep.join([str(fake_go.install()), "/usr/bin", "/bin"]), archive=None)
    engine = found("Pulumi engine", places)
    assert engine.status == "warn"
    assert engine.found.endswith("the first run gets 3.259.0, compiled with Go, which takes about five minutes")
    go = found("Go", places)
    assert (go.status, go.found) == ("ok", "1.26.8 (1.25.11 or later compiles the engine)")


def test_no_way_to_an_engine_is_missing(sources: Sources) -> None:
    engine = found("Pulumi engine", replace(sources, archive=None))
    assert engine.status == "missing"
    assert "none to download for" in engine.found
    assert "install the Pulumi CLI 3.250.0 or later" in engine.fix


def test_an_engine_that_is_too_old_is_named(sources: Sources, tmp_path: Path) -> None:
    places = replace(sources, path=str(write_engine(tmp_path / "bin", "v3.1.0")))
    assert "is too old (3.1.0; 3.250.0 or later is needed)" in found("Pulumi engine", places).found


def test_a_damaged_cache_is_named(sources: Sources) -> None:
    entry = sources.release_entry(ARCHIVE)
    with entry.filled() as bin_dir:
        write_engine(bin_dir)
    (entry.bin_dir / "pulumi").write_text("")
    assert "is damaged (bin/pulumi does not have the checksum" in found("Pulumi engine", sources).found


def test_this_environment_meets_the_supported_ranges(sources: Sources) -> None:
    names = ["pulumi", "pulumi-aws", "pulumi-docker", "pulumi-kubernetes", "pydantic", "pyyaml"]
    findings = {finding.name: finding for finding in examine(sources)}
    assert [findings[name].status for name in names] == ["ok"] * len(names)
    assert findings["pulumi"].found.startswith(importlib.metadata.version("pulumi"))
    assert findings["Python"].path == sys.executable
    assert "pytest" not in findings


@pytest.mark.parametrize(
    ("requirement", "status", "text"),
    [
        ("pulumi>=99,<100", "missing", "is outside the supported range <100,>=99"),
        ("pulumi>=1,<3", "missing", "is outside the supported range <3,>=1"),
        ("no-such-package>=1", "missing", "not installed (>=1 is needed)"),
    ],
)
def test_a_package_outside_its_range_is_named_with_the_command(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, requirement: str, status: str, text: str
) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: [requirement, "other>=1; extra == 'dev'"])
    name = requirement.partition(">")[0]
    finding = found(name, sources)
    assert finding.status == status
    assert text in finding.found
    assert finding.fix.startswith(f"{sys.executable} -m pip install '{name}")
    assert [one for one in examine(sources) if one.name == "other"] == []


def test_a_strangers_distribution_with_our_import_name_is_found(tmp_path: Path) -> None:
    stranger = tmp_path / "blue_prints-1.0.dist-info"
    stranger.mkdir()
    (stranger / "METADATA").write_text("Metadata-Version: 2.1\nName: blue-prints\nVersion: 1.0\n")
    (stranger / "RECORD").write_text("blueprints/other.py,,\n")
    (tmp_path / "blueprints").mkdir()
    (tmp_path / "blueprints" / "other.py").write_text("")
    answer = run(tmp_path)
    finding = answer["import name"]
    assert finding["status"] == "missing"
    assert finding["found"] == "`blueprints` also belongs to blue-prints, another project's distribution"
    assert "pip uninstall blue-prints, then install pulumi-deployment-blueprints again" in finding["fix"]


def test_it_works_where_the_sdk_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "pulumi.py").write_text("raise ImportError('broken on purpose')\n")
    answer = run(tmp_path)
    assert answer["Python"]["status"] == "ok"
    assert answer["import name"]["status"] == "ok"


def run(folder: Path) -> dict[str, dict[str, str]]:
    """The findings of a fresh interpreter that searches `folder` after its own program folder and before the rest."""
    script = (
        "import json, sys\nfrom blueprints.sandbox.doctor import examine\n"
        "json.dump([one.as_json() for one in examine()], sys.stdout)\n"
    )
    # The checkout comes first, so that only the metadata of what lies in `folder` counts, not its modules.
    checkout = str(Path(doctor.__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([checkout, str(folder)])}
    answer = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=folder, capture_output=True, text=True, check=True
    )
    return {one["name"]: one for one in json.loads(answer.stdout)}


def test_docker_that_answers_is_named(sources: Sources, tmp_path: Path) -> None:
    write_program(tmp_path / "bin", "docker", """echo '"20.10.24"'""")
    places = replace(sources, path=os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    assert found("Docker", places) == Finding("Docker", "ok", "engine 20.10.24", path=str(tmp_path / "bin" / "docker"))


def test_docker_that_does_not_answer_is_no_failure(sources: Sources, tmp_path: Path) -> None:
    write_program(tmp_path / "bin", "docker", "exit 1")
    docker = found("Docker", replace(sources, path=str(tmp_path / "bin")))
    assert docker.status == "warn"
    assert docker.found.startswith("the client is there, the engine does not answer; only ")
    assert found("Docker", sources).found.startswith("not installed; only ")


def test_a_disk_without_room_is_named(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    disk = found("disk space", sources)
    assert (disk.status, disk.found, disk.path) == ("warn", "1.0 GB free", str(tmp_path))
    assert disk.fix == "free 3.5 GB there: compiling the engine needs that much"


def test_without_a_virtual_environment_it_says_how_to_make_one(
    sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    environment = found("virtual environment", sources)
    assert environment.status == "warn"
    assert environment.fix.startswith("python3 -m venv .venv && .venv/bin/pip install -e .")


def test_an_installation_without_its_distribution_is_named(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, "requires", missing)
    assert found("pulumi-deployment-blueprints", sources).status == "missing"


def test_findings_are_json(sources: Sources) -> None:
    document = json.loads(json.dumps([finding.as_json() for finding in examine(sources)]))
    assert all(set(one) == {"name", "status", "found", "fix", "path"} for one in document)
    assert {one["status"] for one in document} <= {"ok", "warn", "missing"}


def test_the_oldest_engine_accepted_is_not_newer_than_the_pinned_one() -> None:
    assert Version(3, 238, 0) <= doctor.MINIMUM <= doctor.PINNED
