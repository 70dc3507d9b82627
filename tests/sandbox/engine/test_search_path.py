"""Which `pulumi` on PATH is used, and what is said about each one that is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from semver import Version

from blueprints.sandbox.engine import search_path
from blueprints.sandbox.engine.model import NotAvailable
from blueprints.sandbox.engine.search_path import executables, find_on_path

from .fakes import write_engine, write_program

MINIMUM = Version(3, 250, 0)


def refusal(path: str) -> str:
    with pytest.raises(NotAvailable) as caught:
        find_on_path(path, MINIMUM)
    assert "install the Pulumi CLI 3.250.0 or later" in caught.value.fix
    return caught.value.reason


@pytest.mark.parametrize("answer", ["v3.250.0", "3.259.0", "v3.260.0-alpha.x1b5949", "v3.999.1+build.5"])
def test_a_recent_engine_is_used(tmp_path: Path, answer: str) -> None:
    engine = find_on_path(str(write_engine(tmp_path, answer)), MINIMUM)
    assert engine.pulumi == tmp_path / "pulumi"
    assert engine.bin_dir == tmp_path
    assert engine.version == answer.removeprefix("v")
    assert engine.source == "path"
    assert engine.language_host == tmp_path / "pulumi-language-python"
    assert engine.search_path == (tmp_path,)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("v3.249.9", "is too old (3.249.9; 3.250.0 or later is needed)"),
        ("v3.250.0-rc.1", "is too old (3.250.0-rc.1; 3.250.0 or later is needed)"),
        ("v4.0.0", "is too new (4.0.0; below 4.0.0 is needed)"),
        ("hello", "answers 'hello' when asked for its version"),
        ("3", "answers '3' when asked for its version"),
        ("''", "answers '' when asked for its version"),
    ],
)
def test_an_unfit_engine_is_named_with_the_reason(tmp_path: Path, answer: str, reason: str) -> None:
    assert refusal(str(write_engine(tmp_path, answer))) == f"{tmp_path / 'pulumi'} {reason}"


def test_an_engine_that_fails_or_cannot_be_started_is_named(tmp_path: Path) -> None:
    write_program(tmp_path / "a", "pulumi", "exit 3")
    broken = write_program(tmp_path / "b", "pulumi", "")
    broken.write_bytes(b"\x7fELF not a program")
    reason = refusal(f"{tmp_path / 'a'}{os.pathsep}{tmp_path / 'b'}")
    assert f"{tmp_path / 'a' / 'pulumi'} failed with exit code 3 when asked for its version; " in reason
    assert f"{broken} cannot be started (Exec format error)" in reason


def test_an_engine_that_does_not_answer_is_left_after_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert search_path._ANSWER_SECONDS <= 10
    monkeypatch.setattr(search_path, "_ANSWER_SECONDS", 0.2)
    write_program(tmp_path, "pulumi", "exec /bin/sleep 20")
    assert refusal(str(tmp_path)) == f"{tmp_path / 'pulumi'} gave no version within 0.2 seconds"


def test_an_engine_without_a_language_host_is_named(tmp_path: Path) -> None:
    write_engine(tmp_path, programs=("pulumi",))
    assert "(3.259.0) has no Python language host (pulumi-language-python) beside it or on PATH" in refusal(
        str(tmp_path)
    )


def test_a_language_host_without_its_executor_does_not_count(tmp_path: Path) -> None:
    write_engine(tmp_path, programs=("pulumi", "pulumi-language-python"))
    assert "has no Python language host" in refusal(str(tmp_path))


def test_a_language_host_elsewhere_on_path_is_used_and_its_folder_is_handed_on(tmp_path: Path) -> None:
    write_engine(tmp_path / "cli", programs=("pulumi",))
    write_engine(tmp_path / "host", programs=("pulumi-language-python", "pulumi-language-python-exec"))
    engine = find_on_path(f"{tmp_path / 'cli'}{os.pathsep}{tmp_path / 'host'}", MINIMUM)
    assert engine.language_host == tmp_path / "host" / "pulumi-language-python"
    assert engine.search_path == (tmp_path / "cli", tmp_path / "host")


def test_a_link_into_the_installation_finds_the_language_host_there(tmp_path: Path) -> None:
    write_engine(tmp_path / "installed")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "installed" / "pulumi")
    engine = find_on_path(str(tmp_path / "bin"), MINIMUM)
    assert engine.pulumi == tmp_path / "bin" / "pulumi"
    assert engine.language_host == tmp_path / "installed" / "pulumi-language-python"


def test_a_later_engine_is_used_when_an_earlier_one_is_too_old(tmp_path: Path) -> None:
    write_engine(tmp_path / "old", "v3.100.0")
    write_engine(tmp_path / "new", "v3.255.0")
    path = os.pathsep.join([str(tmp_path / "old"), str(tmp_path / "new")])
    assert find_on_path(path, MINIMUM).pulumi == tmp_path / "new" / "pulumi"


def test_relative_and_empty_entries_are_never_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_engine(tmp_path / "bin")
    monkeypatch.chdir(tmp_path)
    assert refusal(os.pathsep.join(["", ".", "bin"])) == "no `pulumi` there"


def test_each_file_is_asked_once(tmp_path: Path) -> None:
    write_program(tmp_path / "a", "pulumi", "exit 1")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    path = os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "a")])
    assert list(executables(path, "pulumi")) == [tmp_path / "a" / "pulumi"]


def test_a_file_that_may_not_be_executed_is_no_engine(tmp_path: Path) -> None:
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho v3.259.0\n")
    assert refusal(str(tmp_path)) == "no `pulumi` there"
