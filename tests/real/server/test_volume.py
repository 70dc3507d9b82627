"""The data volume on real block devices: blank is formatted, a file system is kept, anything else is refused."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blueprints.server.agent import volume
from blueprints.server.agent.errors import AgentError

pytestmark = pytest.mark.real

VOLUME = "vol-0123456789abcdef0"
# XFS takes no device below 300 MB.
SIZE = 320 * 1024 * 1024


def run(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def device(system: None, tmp_path: Path) -> Iterator[Path]:
    """A blank block device of 320 MB."""
    if os.geteuid() != 0:
        pytest.fail("this tier makes loop devices and mounts them; run it as root", pytrace=False)
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, SIZE)
    loop = Path(run("losetup", "--find", "--show", image))
    try:
        yield loop
    finally:
        subprocess.run(["umount", str(tmp_path / "data")], capture_output=True, check=False)
        run("losetup", "--detach", loop)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the volume is to be mounted."""
    return tmp_path / "data"


def bytes_of(device: Path) -> bytes:
    with device.open("rb") as file:
        return file.read(32 * 1024 * 1024)


def test_a_blank_volume_is_formatted_once_and_mounted(device: Path, target: Path) -> None:
    assert volume.file_system(device) is None
    assert volume.mount(device, target) == "formatted and mounted"
    assert run("findmnt", "-no", "FSTYPE", target) == "ext4"
    options = set(run("findmnt", "-no", "OPTIONS", target).split(","))
    assert {"noatime", "nodev", "nosuid", "noexec"} <= options
    assert run("blkid", "-s", "LABEL", "-o", "value", device) == "blueprints-data"
    (target / "kept").write_text("still here")
    assert volume.mount(device, target) == "already mounted"
    run("umount", target)
    assert volume.mount(device, target) == "mounted"
    assert (target / "kept").read_text() == "still here"


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_a_used_volume_keeps_its_files(device: Path, target: Path, kind: str) -> None:
    run(f"mkfs.{kind}", "-q", device)
    target.mkdir()
    run("mount", device, target)
    (target / "kept").write_text("from before")
    run("umount", target)
    identity = run("blkid", "-s", "UUID", "-o", "value", device)
    assert volume.mount(device, target) == "mounted"
    assert (target / "kept").read_text() == "from before"
    assert run("blkid", "-s", "UUID", "-o", "value", device) == identity


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_a_volume_that_was_made_larger_is_grown(system: None, tmp_path: Path, target: Path, kind: str) -> None:
    image = tmp_path / "disk.img"
    image.touch()
    os.truncate(image, SIZE)
    run(f"mkfs.{kind}", "-q", image)
    os.truncate(image, SIZE * 2)
    loop = Path(run("losetup", "--find", "--show", image))
    try:
        volume.mount(loop, target)
        status = os.statvfs(target)
        assert status.f_blocks * status.f_frsize > SIZE * 1.6
    finally:
        run("umount", target)
        run("losetup", "--detach", loop)


def partitioned(device: Path) -> None:
    subprocess.run(["sfdisk", "-q", str(device)], input="label: gpt\n,,L\n", text=True, check=True, capture_output=True)


def partitioned_the_old_way(device: Path) -> None:
    subprocess.run(["sfdisk", "-q", str(device)], input="label: dos\n,,L\n", text=True, check=True, capture_output=True)


def lvm(device: Path) -> None:
    run("pvcreate", "-qq", "-y", device)


def luks(device: Path) -> None:
    command = [
        "cryptsetup",
        "luksFormat",
        "-q",
        "--pbkdf",
        "pbkdf2",
        "--pbkdf-force-iterations",
        "1000",
        str(device),
        "-",
    ]
    subprocess.run(command, input="key", text=True, check=True, capture_output=True)


def swap(device: Path) -> None:
    run("mkswap", device)


def other_file_system(device: Path) -> None:
    run("mkfs.ext2", "-q", device)


def raw_bytes(device: Path) -> None:
    with device.open("r+b") as file:
        file.seek(3 * 1024 * 1024)
        file.write(b"somebody's bytes")


def raw_bytes_at_the_end(device: Path) -> None:
    with device.open("r+b") as file:
        file.seek(-4096, os.SEEK_END)
        file.write(b"somebody's bytes")


def two_signatures(device: Path) -> None:
    run("mkfs.ext4", "-q", device)
    with device.open("r+b") as file:
        file.seek(510)
        file.write(b"\x55\xaa")
        file.seek(0x1BE)
        file.write(bytes([0, 1, 1, 0, 0x83, 1, 1, 0, 1, 0, 0, 0, 0, 8, 0, 0]))


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (partitioned, "gpt"),
        (partitioned_the_old_way, "dos"),
        (lvm, "LVM2_member"),
        (luks, "crypto_LUKS"),
        (swap, "swap"),
        (other_file_system, "ext2"),
        (raw_bytes, "not empty"),
        (raw_bytes_at_the_end, "not empty"),
        (two_signatures, "dos"),
    ],
)
def test_anything_else_is_refused_and_not_touched(
    device: Path, target: Path, spoil: Callable[[Path], None], named: str
) -> None:
    spoil(device)
    before = bytes_of(device)
    with pytest.raises(AgentError) as caught:
        volume.mount(device, target)
    assert named in str(caught.value)
    assert "not touched" in str(caught.value)
    assert bytes_of(device) == before
    assert not target.exists() or not any(target.iterdir())


def test_files_on_the_root_disk_are_not_covered(device: Path, target: Path) -> None:
    target.mkdir()
    (target / "stray").write_text("x")
    with pytest.raises(AgentError, match="holds files on the root disk"):
        volume.mount(device, target)


def test_another_volume_at_the_mount_point_is_an_error(device: Path, target: Path, tmp_path: Path) -> None:
    target.mkdir()
    run("mount", "-t", "tmpfs", "tmpfs", target)
    with pytest.raises(AgentError, match="already the mount point of"):
        volume.mount(device, target)


def test_the_volume_is_found_by_its_id_and_by_nothing_else(device: Path, tmp_path: Path) -> None:
    by_id = tmp_path / "by-id"
    by_id.mkdir()
    (by_id / "nvme-Amazon_Elastic_Block_Store_vol0fedcba9876543210").symlink_to("/dev/null")
    with pytest.raises(AgentError, match=f"data volume {VOLUME} did not appear"):
        volume.find(VOLUME, by_id, wait=0.1)
    (by_id / "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0").symlink_to(device)
    assert volume.find(VOLUME, by_id, wait=0) == device
