"""What an instance type offers: hypervisor, processor architecture and memory, as far as its name tells."""

from __future__ import annotations

import re
from typing import Literal

_TYPE = re.compile(r"(?P<series>[a-z]+)(?P<generation>\d+)(?P<options>[a-z-]*)\.(?P<size>[a-z0-9-]+)")

# Memory of the burstable sizes in MB (EC2 instance types guide, "General purpose").
_BURSTABLE = {
    "nano": 512,
    "micro": 1024,
    "small": 2048,
    "medium": 4096,
    "large": 8192,
    "xlarge": 16384,
    "2xlarge": 32768,
}
# GB for each processor of the series whose name tells it (the same guide).
_RATIO = {"c": 2, "m": 4, "r": 8}
_HOST_MEMORY = 512
# EC2 instance types guide, "Xen-based instances": closed, as every type since 2017 is built on Nitro.
_XEN = {
    *("c1", "c3", "c4", "cc2", "cg1", "cr1", "d2", "f1", "g2", "g3", "g3s", "h1", "hs1", "i2", "i3", "m1", "m2", "m3"),
    *("m4", "p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e"),
}


def architecture(instance_type: str) -> Literal["amd64", "arm64"]:
    """`arm64` for Graviton types, whose options hold a `g` (t4g, m7gd, c6gn); `amd64` for all others."""
    match = _TYPE.fullmatch(instance_type)
    if match is None:
        return "amd64"
    return "arm64" if "g" in match["options"] or (match["series"], match["generation"]) == ("a", "1") else "amd64"


def on_nitro(instance_type: str) -> bool:
    """Whether volumes are NVMe devices whose serial number is the volume's id, as on all but the oldest types."""
    family, _, size = instance_type.partition(".")
    return family not in _XEN or size == "metal"


def memory_for_containers(instance_type: str) -> int | None:
    """Megabytes left for containers: the instance's memory without what the system and Docker need, 512 MB.

    None for types whose name does not tell their memory.
    """
    match = _TYPE.fullmatch(instance_type)
    if match is None:
        return None
    if match["series"] == "t":
        memory = _BURSTABLE.get(match["size"])
    else:
        ratio = _RATIO.get(match["series"])
        processors = _processors(match["size"])
        memory = ratio * processors * 1024 if ratio and processors else None
    return None if memory is None else memory - _HOST_MEMORY


def _processors(size: str) -> int | None:
    if size in ("medium", "large"):
        return {"medium": 1, "large": 2}[size]
    match = re.fullmatch(r"(\d*)xlarge", size)
    return 4 * int(match[1] or 1) if match else None
