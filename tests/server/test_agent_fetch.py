"""Fetching a bundle: what was changed, cut short or pointed elsewhere in the bucket never becomes a release."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from blueprints.server import Bundle, BundleSpec, render_bundle
from blueprints.server.agent.fetch import FetchError, fetch, write_host_file


class Bucket:
    """An S3 client over a dictionary."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.asked: list[str] = []

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        self.asked.append(Key)
        if Key not in self.objects:
            raise KeyError("NoSuchKey")
        return {"Body": io.BytesIO(self.objects[Key])}


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "a.css").write_text("a")
    settings = {"app": {"image": "shop:1"}, "domains": ["shop.example.com"], "static": str(tmp_path / "public")}
    return render_bundle(BundleSpec.load(settings))


@pytest.fixture
def bucket(bundle: Bundle) -> Bucket:
    return Bucket({f"bundles/{bundle.key(path)}": file.content for path, file in bundle.files.items()})


def refused(bucket: Bucket, version: str, releases: Path) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(bucket, "b", "bundles", version, releases)
    assert not list(releases.glob("*")) if releases.exists() else True
    return str(caught.value)


def test_a_whole_bundle_becomes_a_release_with_its_modes(bundle: Bundle, bucket: Bucket, tmp_path: Path) -> None:
    release = fetch(bucket, "b", "bundles", bundle.version, tmp_path / "releases")
    for name, file in bundle.files.items():
        assert (release / name).read_bytes() == file.content
    assert (release / "host/blueprints").stat().st_mode & 0o777 == 0o755
    assert (release / "static/a.css").read_text() == "a"
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [bundle.version]


def test_a_release_that_is_there_is_not_fetched_again(bundle: Bundle, bucket: Bucket, tmp_path: Path) -> None:
    fetch(bucket, "b", "bundles", bundle.version, tmp_path)
    asked = len(bucket.asked)
    fetch(bucket, "b", "bundles", bundle.version, tmp_path)
    assert len(bucket.asked) == asked


def test_a_changed_manifest_is_refused(bundle: Bundle, bucket: Bucket, tmp_path: Path) -> None:
    bucket.objects[f"bundles/{bundle.version}/manifest.json"] += b" "
    assert "another hash than its version" in refused(bucket, bundle.version, tmp_path / "releases")


@pytest.mark.parametrize("path", ["compose.yaml", "host/agent/fetch.py", "static.tar.gz"])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_file_is_refused(bundle: Bundle, bucket: Bucket, tmp_path: Path, path: str, damage: str) -> None:
    key = f"bundles/{bundle.key(path)}"
    if damage == "gone":
        del bucket.objects[key]
    else:
        bucket.objects[key] = bucket.objects[key][:-1] if damage == "cut" else b"#" + bucket.objects[key]
    assert path in refused(bucket, bundle.version, tmp_path / "releases")


@pytest.mark.parametrize("name", ["../outside", "/etc/cron.d/x", "a/../../outside", ""])
def test_a_manifest_cannot_write_outside_its_release(tmp_path: Path, name: str) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    manifest = json.dumps({"files": {name: {"sha256": digest, "size": 1, "mode": "0644"}}}).encode()
    version = hashlib.sha256(manifest).hexdigest()
    bucket = Bucket({f"bundles/{version}/manifest.json": manifest, f"bundles/files/{digest}/{name}": b"x"})
    assert "outside the bundle" in refused(bucket, version, tmp_path / "releases")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("version", ["", "latest", "../" + "a" * 61, "A" * 64, "a" * 63])
def test_what_is_no_version_is_refused_before_anything_is_asked(tmp_path: Path, version: str) -> None:
    bucket = Bucket({})
    assert "is not a bundle version" in refused(bucket, version, tmp_path / "releases")
    assert bucket.asked == []


def test_the_host_file_is_for_root_alone(tmp_path: Path) -> None:
    path = tmp_path / "etc/host.json"
    write_host_file({"region": "eu-west-1"}, path)
    assert json.loads(path.read_text()) == {"region": "eu-west-1"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["host.json"]
