"""The catalog's cache is shared, is never trusted blindly, and is never needed."""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from blueprints.sandbox.catalog.location import Installed, find_installed
from blueprints.sandbox.catalog.package import Package
from blueprints.sandbox.catalog.record import decode, encode
from blueprints.sandbox.catalog.store import Store, cache_file

QUEUE = "aws:sqs/queue:Queue"


def aws() -> Installed:
    found = find_installed("aws")
    assert found is not None
    return found


def write_sdk(root: Path, version: str, wire: str = "size") -> None:
    """A package of one resource, in the form that the SDK generator writes."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pulumi-plugin.json").write_text(json.dumps({"resource": True, "name": "toy", "version": version}))
    (root / "__init__.py").write_text("raise AssertionError('an SDK must not be imported')\n")
    (root / "box.py").write_text(
        f"""import pulumi

@pulumi.input_type
class BoxArgs:
    def __init__(__self__, *, {wire}: pulumi.Input[int]):
        pass

    @_builtins.property
    @pulumi.getter
    def {wire}(self) -> pulumi.Input[_builtins.int]:
        return pulumi.get(self, "{wire}")


class Box(pulumi.CustomResource):
    def _internal_init(__self__, resource_name, opts=None, {wire}=None):
            if {wire} is None and not opts.urn:
                raise TypeError("Missing required property '{wire}'")
            super(Box, __self__).__init__(
                'toy:index/box:Box',
                resource_name)
"""
    )


def test_second_process_reads_the_cache_and_not_the_sdk(tmp_path: Path) -> None:
    root = tmp_path / "sdk" / "pulumi_toy"
    write_sdk(root, "1.0.0")
    cache = tmp_path / "toy.sqlite"
    installed = Installed("toy", "1.0.0", root)
    first = Package(installed, Store(cache)).resource("toy:index/box:Box")
    (root / "box.py").unlink()
    assert Package(installed, Store(cache)).resource("toy:index/box:Box") == first
    assert first is not None
    assert first.required == {"size"}


def test_other_version_or_content_has_a_cache_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "sdk" / "pulumi_toy"
    names: set[Path] = set()
    for version, wire in (("1.0.0", "size"), ("1.0.1", "width"), ("1.0.1", "lengthOfSide")):
        write_sdk(root, version, wire)
        (root / "__init__.py").write_text(f"# {version} {wire}\n")
        found = find_installed("toy", [str(tmp_path / "sdk")])
        assert found is not None
        names.add(cache_file(found))
        resource = Package(found).resource("toy:index/box:Box")
        assert resource is not None
        assert resource.required == {wire}
    assert len(names) == 3


def test_package_of_another_publisher_is_found_by_its_manifest(tmp_path: Path) -> None:
    write_sdk(tmp_path / "sdk" / "publisher_toy", "2.0.0")
    found = find_installed("toy", [str(tmp_path / "sdk")])
    assert found == Installed("toy", "2.0.0", tmp_path / "sdk" / "publisher_toy")


def test_cache_that_nobody_used_for_a_month_is_removed(tmp_path: Path) -> None:
    old, recent = tmp_path / "aws-1.0.0-aaa.sqlite", tmp_path / "aws-1.0.1-bbb.sqlite"
    for file, days in ((old, 31), (recent, 29)):
        file.write_bytes(b"")
        stamp = time.time() - days * 24 * 60 * 60
        os.utime(file, (stamp, stamp))
    Store(tmp_path / "aws-1.0.2-ccc.sqlite").close()
    assert sorted(path.name for path in tmp_path.glob("*.sqlite")) == ["aws-1.0.1-bbb.sqlite", "aws-1.0.2-ccc.sqlite"]


def test_version_of_an_sdk_whose_manifest_has_none(tmp_path: Path) -> None:
    root = tmp_path / "pulumi_toy"
    write_sdk(root, "${VERSION}")
    assert find_installed("toy", [str(tmp_path)]) == Installed("toy", "0.0.0", root)
    (tmp_path / "pulumi_toy-3.1.4.dist-info").mkdir()
    assert find_installed("toy", [str(tmp_path)]) == Installed("toy", "3.1.4", root)


@pytest.mark.parametrize("manifest", ["", "[]", "null", "{", '{"name": 3}', '{"version": "1"}'])
def test_manifest_that_is_none(tmp_path: Path, manifest: str) -> None:
    root = tmp_path / "pulumi_toy"
    write_sdk(root, "1.0.0")
    (root / "pulumi-plugin.json").write_text(manifest)
    assert find_installed("toy", [str(tmp_path), "", str(tmp_path / "missing")]) is None


@pytest.mark.parametrize("value", ["", "relative/cache"])
def test_cache_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_file(aws()).parent == tmp_path / ".cache" / "blueprints" / "catalog"


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100, b"SQLite format 3\x00" + b"\x01" * 4096])
def test_damaged_cache_is_replaced(tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "aws.sqlite"
    cache.write_bytes(content)
    resource = Package(aws(), Store(cache)).resource(QUEUE)
    assert resource is not None
    with sqlite3.connect(cache) as connection:
        stored = connection.execute("SELECT value FROM record WHERE key = ?", (f"resource:{QUEUE}",)).fetchone()
    assert decode(stored[0]) == resource


def test_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("a file where the folder should be")
    resource = Package(aws(), Store(blocker / "catalog" / "aws.sqlite")).resource(QUEUE)
    assert resource is not None
    assert "visibilityTimeoutSeconds" in resource.inputs


def test_locked_cache_is_done_without(tmp_path: Path) -> None:
    cache = tmp_path / "aws.sqlite"
    store = Store(cache)
    with sqlite3.connect(cache, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert Package(aws(), store).resource(QUEUE) is not None


def read_types(cache: str, tokens: list[str]) -> int:
    package = Package(aws(), Store(Path(cache)))
    return sum(len(resource.inputs) for token in tokens if (resource := package.resource(token)))


def test_processes_share_one_new_cache(tmp_path: Path) -> None:
    tokens = [QUEUE, "aws:sns/topic:Topic", "aws:kms/key:Key", "aws:ec2/vpc:Vpc"]
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        counts = pool.starmap(read_types, [(str(tmp_path / "aws.sqlite"), tokens)] * 8)
    assert len(set(counts)) == 1
    assert counts[0] > 40


def test_records_survive_the_cache_unchanged() -> None:
    package = Package(aws(), Store(Path("/dev/null/none")))
    for token in (QUEUE, "aws:lambda/function:Function", "pulumi:providers:aws"):
        resource = package.resource(token)
        assert decode(encode(resource)) == resource
    function = package.function("aws:ec2/getAmi:getAmi")
    assert decode(encode(function)) == function
    assert decode(encode(None)) is None


def test_no_sdk_is_imported() -> None:
    before = {name for name in sys.modules if name.startswith("pulumi_aws")}
    assert Package(aws(), Store(Path("/dev/null/none"))).resource("aws:ebs/volume:Volume") is not None
    assert {name for name in sys.modules if name.startswith("pulumi_aws")} == before
