"""Compiling: Go is judged before it is started, is started with the right environment, and never half-succeeds."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from semver import Version

from blueprints.sandbox.engine import compile as compiling
from blueprints.sandbox.engine.compile import check_room, compile_engine
from blueprints.sandbox.engine.golang import Go, Module, find_go, go_version, pinned_module
from blueprints.sandbox.engine.model import NotAvailable

from .fakes import FakeGo, write_program

MINIMUM = Version(1, 25, 11)


def compiled(fake_go: FakeGo, module: Module, bin_dir: Path, lines: list[str], *, offline: bool = False) -> None:
    bin_dir.mkdir()
    go = find_go(_path(fake_go.install()), module.minimum)
    compile_engine(go, module, bin_dir, lines.append, offline=offline)


def _path(folder: Path) -> str:
    return f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"


def test_the_result_is_engine_host_and_executor(
    fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOPROXY", "https://proxy.example")
    compiled(fake_go, module, tmp_path / "bin", lines)
    assert sorted(file.name for file in (tmp_path / "bin").iterdir()) == [
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
    ]
    assert (tmp_path / "bin" / "pulumi-language-python-exec").stat().st_mode & 0o777 == 0o755
    assert fake_go.calls[1:] == [
        "0 https://proxy.example list -deps -f {{.ImportPath}} "
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi ./cmd/pulumi-language-python",
        "0 https://proxy.example build -v -trimpath -buildvcs=false -ldflags "
        "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.259.0 "
        f"-o {tmp_path}/bin/ github.com/pulumi/pulumi/pkg/v3/cmd/pulumi ./cmd/pulumi-language-python",
        "0 https://proxy.example list -m -f {{.Dir}} github.com/pulumi/pulumi/sdk/v3",
    ]
    assert [child.name for child in tmp_path.iterdir() if child.name.startswith("work-")] == []
    assert lines[0].startswith("compiling Pulumi 3.259.0 with Go 1.26.8; ")
    assert [line.split(" (")[0] for line in lines[1:]] == [
        "step 1 of 3, fetching modules",
        "step 2 of 3, compiling",
        "step 3 of 3, installing",
    ]


def test_go_works_beside_the_result_unless_told_otherwise(
    fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_go.build = f"echo $GOTMPDIR >> '{tmp_path}/seen'"
    monkeypatch.delenv("GOTMPDIR", raising=False)
    compiled(fake_go, module, tmp_path / "bin", lines)
    shutil.rmtree(tmp_path / "bin")
    monkeypatch.setenv("GOTMPDIR", "/elsewhere")
    compiled(fake_go, module, tmp_path / "bin", lines)
    first, second = (tmp_path / "seen").read_text().splitlines()
    assert Path(first).parent == tmp_path
    assert second == "/elsewhere"


def test_offline_lets_go_fetch_nothing(fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str]) -> None:
    compiled(fake_go, module, tmp_path / "bin", lines, offline=True)
    assert all(call.startswith("0 off ") for call in fake_go.calls[1:])


def test_progress_goes_on_while_go_is_silent_and_counts_packages(
    fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compiling._TELL_EVERY <= 10
    monkeypatch.setattr(compiling, "_TELL_EVERY", 0.2)
    fake_go.build = "echo package/one >&2; sleep 1"
    compiled(fake_go, module, tmp_path / "bin", lines)
    steps = [line.split(" (")[0] for line in lines]
    assert steps.count("step 2 of 3, compiling, 1 of at most 3 packages") >= 3


def test_what_go_said_is_in_the_reason(fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str]) -> None:
    fake_go.build = "echo 'm: reading proxy: 403 Forbidden' >&2; exit 1"
    with pytest.raises(NotAvailable) as caught:
        compiled(fake_go, module, tmp_path / "bin", lines)
    assert caught.value.reason == (
        "go failed with exit code 1 in step 2 of 3, compiling; it said:\n       m: reading proxy: 403 Forbidden"
    )
    assert "GOPROXY" in caught.value.fix


def test_a_disk_that_fills_up_is_named(fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str]) -> None:
    fake_go.build = "echo 'write /x/y.a: no space left on device' >&2; exit 1"
    with pytest.raises(NotAvailable) as caught:
        compiled(fake_go, module, tmp_path / "bin", lines)
    assert caught.value.reason.startswith("the disk became full in step 2 of 3, compiling; Go said:\n")
    assert caught.value.fix == "free 3.5 GB of disk"


def test_a_disk_without_room_is_named_before_go_is_started(
    fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(NotAvailable) as caught:
        compiled(fake_go, module, tmp_path / "bin", lines)
    assert caught.value.reason == f"the disk of {fake_go.folder}/mod has 0.1 GB free; compiling needs 3.5 GB"
    assert [call.split()[-6:-4] for call in fake_go.calls] == [["env", "-json"]]
    assert lines == []


def test_room_is_looked_for_where_the_folder_will_be(tmp_path: Path) -> None:
    check_room([tmp_path / "not" / "yet" / "there"], needed=1)


def test_a_go_that_makes_nothing_is_not_believed(
    fake_go: FakeGo, module: Module, tmp_path: Path, lines: list[str]
) -> None:
    fake_go.build = "exit 0"
    with pytest.raises(NotAvailable, match="made no pulumi and no pulumi-language-python"):
        compiled(fake_go, module, tmp_path / "bin", lines)


def test_no_go_is_said_with_the_version_to_install(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable) as caught:
        find_go(str(tmp_path), MINIMUM)
    assert caught.value.reason == "Go is not installed"
    assert caught.value.fix == "install Go 1.25.11 or later: https://go.dev/dl/"


@pytest.mark.parametrize("toolchain", ["local", ""])
def test_an_old_go_is_named(fake_go: FakeGo, toolchain: str) -> None:
    fake_go.version, fake_go.toolchain = "go1.24.3", toolchain
    folder = fake_go.install()
    with pytest.raises(NotAvailable) as caught:
        find_go(_path(folder), MINIMUM)
    assert caught.value.reason == f"{folder / 'go'} is too old (Go 1.24.3; 1.25.11 or later is needed)"


def test_an_old_go_that_may_fetch_a_newer_one_is_used(fake_go: FakeGo) -> None:
    fake_go.version, fake_go.toolchain = "go1.24.3", "auto"
    assert find_go(_path(fake_go.install()), MINIMUM).version == Version(1, 24, 3)


def test_a_go_from_before_self_updates_is_too_old_whatever_it_is_told(fake_go: FakeGo) -> None:
    fake_go.version, fake_go.toolchain = "go1.19.8", "auto"
    with pytest.raises(NotAvailable, match=r"is too old \(Go 1\.19\.8;"):
        find_go(_path(fake_go.install()), MINIMUM)


def test_a_broken_go_is_named(tmp_path: Path) -> None:
    write_program(tmp_path, "go", "exit 2")
    with pytest.raises(NotAvailable, match="does not work"):
        find_go(_path(tmp_path), MINIMUM)
    write_program(tmp_path, "go", "echo '{}'")
    with pytest.raises(NotAvailable, match="does not say which version it is"):
        find_go(_path(tmp_path), MINIMUM)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("go1.25.11", Version(1, 25, 11)),
        ("1.26", Version(1, 26, 0)),
        ("go1.27rc1", Version(1, 27, 0)),
        ("go1.26.8 X:nodwarf5", Version(1, 26, 8)),
        ("devel", None),
        ("", None),
    ],
)
def test_go_versions_are_read(text: str, version: Version | None) -> None:
    assert go_version(text) == version


def test_the_pinned_module_names_the_version_that_is_pinned() -> None:
    module = pinned_module()
    assert "\tgithub.com/pulumi/pulumi/pkg/v3 v3.259.0" in (module.folder / "go.mod").read_text()
    assert "\tgithub.com/pulumi/pulumi/sdk/v3 v3.259.0" in (module.folder / "go.mod").read_text()
    assert module.minimum >= Version(1, 25, 0)


def test_the_digest_follows_every_source_but_no_test(module: Module) -> None:
    first = module.digest
    (module.folder / "main_test.go").write_text("package main\n")
    (module.folder / "README.md").write_text("text\n")
    assert Module(module.folder).digest == first
    (module.folder / "main.go").write_text("package main\n")
    assert Module(module.folder).digest != first


def test_a_go_that_disappears_is_named(module: Module, tmp_path: Path) -> None:
    go = Go(str(tmp_path / "gone"), Version(1, 26, 0), ())
    with pytest.raises(NotAvailable, match=r"gone cannot be started \(No such file or directory\)"):
        compile_engine(go, module, tmp_path, [].append)
