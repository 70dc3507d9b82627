"""The data volume: found by its id, formatted only where nothing at all is found on it, mounted at /srv/data.

A volume with anything unknown on it is refused, never formatted: partitions, LVM, LUKS, swap, other file systems, or
bytes that no tool recognises. Data loss needs a person.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from .errors import AgentError
from .process import run

BY_ID = Path("/dev/disk/by-id")
SUPPORTED = ("ext4", "xfs")
LABEL = "blueprints-data"
# Both ends are looked at: signatures lie in the first megabytes, those of RAID and of GPT's copy at the end.
_LOOKED_AT = 16 * 1024 * 1024


def find(volume_id: str, by_id: Path = BY_ID, wait: float = 300) -> Path:
    """Device of an EBS volume. On Nitro instances its serial number is the volume id without the dash."""
    link = by_id / f"nvme-Amazon_Elastic_Block_Store_{volume_id.replace('-', '')}"
    until = time.monotonic() + wait
    while True:
        if link.exists():
            return link.resolve()
        if time.monotonic() >= until:
            raise AgentError(
                f"data volume {volume_id} did not appear within {wait:.0f} s ({link}); "
                "attach it to this instance (aws ec2 attach-volume)"
            )
        time.sleep(min(2, max(0.05, until - time.monotonic())))


def file_system(device: Path) -> str | None:
    """Type of the file system on a device; `None` only where the device is blank. Raises `AgentError` in any doubt."""
    signatures = _signatures(device)
    children = _children(device)
    if children:
        raise AgentError(f"{device} is in use by {', '.join(children)} (partitions or mappings): not touched")
    kinds = sorted({kind for kind, _ in signatures})
    if len(kinds) == 1 and kinds[0] in SUPPORTED and all(use == "filesystem" for _, use in signatures):
        return kinds[0]
    if kinds:
        raise AgentError(f"{device} holds {', '.join(kinds)}, not one of {', '.join(SUPPORTED)}: not touched")
    if not _zero(device):
        raise AgentError(
            f"{device} has no known file system but is not empty: not touched. If its content is worthless, clear the "
            f"first 16 MiB by hand (dd if=/dev/zero of={device} bs=1M count=16) and start again"
        )
    return None


def mount(device: Path, target: Path) -> str:
    """Mounts the device, formatting a blank one first. Says what it did. Doing it twice changes nothing."""
    mounted = run(["findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint", str(target)], accept=None).strip()
    if mounted:
        if Path(mounted).resolve() != device.resolve():
            raise AgentError(f"{target} is already the mount point of {mounted}, not of {device}")
        return "already mounted"
    kind = file_system(device)
    done = "mounted"
    if kind is None:
        run(["mkfs.ext4", "-q", "-L", LABEL, str(device)], timeout=900)
        kind, done = "ext4", "formatted and mounted"
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise AgentError(
            f"{target} holds files on the root disk; move them away before the data volume is mounted there"
        )
    if kind == "ext4":
        _grow_ext4(device)
    run(["mount", "-t", kind, "-o", "noatime,nodev,nosuid,noexec", str(device), str(target)], timeout=900)
    if kind == "xfs":
        # Knows mounted file systems only; growing to the same size does nothing.
        run(["xfs_growfs", str(target)], timeout=900)
    return done


def _grow_ext4(device: Path) -> None:
    """Takes in what was added to the volume since; only then is the file system checked, which can take minutes."""
    head = run(["dumpe2fs", "-h", str(device)])
    fields = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
    size = int(fields["Block count"]) * int(fields["Block size"])
    with device.open("rb") as file:
        # Less than a block group cannot be used anyway.
        if file.seek(0, os.SEEK_END) - size < 128 * 1024 * 1024:
            return
    # 1 says that errors were found and corrected.
    run(["e2fsck", "-f", "-p", str(device)], timeout=3600, accept=(0, 1))
    run(["resize2fs", str(device)], timeout=3600)


def _signatures(device: Path) -> list[tuple[str, str]]:
    answer = run(["wipefs", "--no-act", "--json", str(device)]).strip()
    found = [(entry["type"], _usage(entry["type"])) for entry in json.loads(answer)["signatures"]] if answer else []
    # A second opinion: blkid knows formats by more than one magic number and says so when it is torn between two.
    probe = run(["blkid", "--probe", "--output", "export", str(device)], accept=None)
    fields = dict(line.split("=", 1) for line in probe.splitlines() if "=" in line)
    for key in ("TYPE", "PTTYPE"):
        if key in fields:
            found.append((fields[key], fields.get("USAGE", "partitions" if key == "PTTYPE" else "unknown")))
    return found


def _usage(kind: str) -> str:
    return "filesystem" if kind in SUPPORTED else "other"


def _children(device: Path) -> list[str]:
    answer = json.loads(run(["lsblk", "--json", "--output", "NAME", str(device)]))
    return [child["name"] for entry in answer["blockdevices"] for child in entry.get("children", [])]


def _zero(device: Path) -> bool:
    with device.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        for start in (0, max(0, size - _LOOKED_AT)):
            file.seek(start)
            if file.read(_LOOKED_AT).strip(b"\0"):
                return False
    return True
