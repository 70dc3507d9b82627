"""Fetches a bundle and proves that it is whole: the version is the hash of the manifest, which holds every file's hash.

This file stands alone: the bootstrap in the user data is this file, run as a program; the agent imports it for deploys.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

METADATA = "http://169.254.169.254"
PARAMETER_TAG = "blueprints:server-parameter"
VERSION = re.compile(r"[0-9a-f]{64}")
HOST_FILE = Path("/etc/blueprints/host.json")
RELEASES = Path("/opt/blueprints/releases")


class FetchError(Exception):
    """The bundle cannot be fetched or is not what its version says; the message says which file and why."""


def fetch(s3: Any, bucket: str, prefix: str, version: str, releases: Path) -> Path:
    """Folder of the bundle, downloaded unless it is there. Every byte is checked before the folder exists."""
    if not VERSION.fullmatch(version):
        raise FetchError(f"{version!r} is not a bundle version (64 hexadecimal digits)")
    target = releases / version
    if target.is_dir():
        return target
    manifest = _object(s3, bucket, f"{prefix}/{version}/manifest.json")
    if hashlib.sha256(manifest).hexdigest() != version:
        raise FetchError(f"manifest.json of {version} has another hash than its version: it was changed in the bucket")
    releases.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=releases, prefix=".incoming-") as scratch:
        incoming = Path(scratch) / version
        incoming.mkdir()
        (incoming / "manifest.json").write_bytes(manifest)
        for name, expected in sorted(json.loads(manifest)["files"].items()):
            content = _object(s3, bucket, f"{prefix}/files/{expected['sha256']}/{name}")
            if hashlib.sha256(content).hexdigest() != expected["sha256"]:
                raise FetchError(f"{name} of {version} has another hash than the manifest says")
            path = incoming / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(int(expected["mode"], 8))
        archive = incoming / "static.tar.gz"
        if archive.exists():
            shutil.unpack_archive(archive, incoming / "static", filter="data")
        for folder in [incoming, *(path for path in incoming.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        # A rename is all or nothing: a release folder that exists is complete.
        incoming.rename(target)
    return target


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise FetchError(f"the manifest names {name!r}, which lies outside the bundle")
    return path


def _object(s3: Any, bucket: str, key: str) -> bytes:
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except Exception as error:
        raise FetchError(f"s3://{bucket}/{key} cannot be read: {error}") from error


def write_host_file(host: dict[str, Any], path: Path) -> None:
    """Keeps what the server knows about itself, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(host, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    scratch.chmod(0o600)
    scratch.replace(path)


def _metadata(path: str, headers: dict[str, str], method: str = "GET") -> str:
    # The address is fixed and link-local; no proxy may stand between.
    request = urllib.request.Request(f"{METADATA}{path}", headers=headers, method=method)  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as answer:
        return answer.read().decode()


def _client(service: str, region: str) -> Any:
    # boto3 comes from the OS's packages; no other part of the library has it.
    return import_module("boto3").client(service, region_name=region)


def main() -> int:
    """First boot: who am I, which bundle do I run; fetches it and hands over to its agent."""

    token = _metadata("/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "300"}, "PUT")
    known = {"X-aws-ec2-metadata-token": token}
    region = _metadata("/latest/meta-data/placement/region", known)
    instance = _metadata("/latest/meta-data/instance-id", known)
    parameter = _metadata(f"/latest/meta-data/tags/instance/{PARAMETER_TAG}", known)
    answer = _client("ssm", region).get_parameter(Name=parameter)
    host = json.loads(answer["Parameter"]["Value"])
    host.update({"instance_id": instance, "parameter": parameter})
    try:
        known_before: dict[str, Any] = json.loads(HOST_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known_before = {}
    # The age of a backup that was never made counts from here.
    host["first_boot"] = known_before.get("first_boot", int(time.time()))
    write_host_file(host, HOST_FILE)
    bundle = host["bundle"]
    s3 = _client("s3", region)
    release = fetch(s3, bundle["bucket"], bundle["prefix"], bundle["version"], RELEASES)
    environment = {**os.environ, "PYTHONPATH": str(release / "host")}
    os.execve(sys.executable, [sys.executable, "-m", "agent", "install", str(release)], environment)  # noqa: S606 - a shell would add nothing


if __name__ == "__main__":
    sys.exit(main())
