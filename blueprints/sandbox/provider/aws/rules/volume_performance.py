"""Which volume types take IOPS and throughput, and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/volume-performance"
SOURCE = "Amazon EBS User Guide, volume types"


# Type -> (least and most GiB, least and most IOPS where it takes any).
_TYPES: dict[str, tuple[tuple[int, int], tuple[int, int] | None]] = {
    "gp2": ((1, 16384), None),
    "gp3": ((1, 65536), (3000, 80000)),
    "io1": ((4, 16384), (100, 64000)),
    "io2": ((4, 65536), (100, 256000)),
    "st1": ((125, 16384), None),
    "sc1": ((125, 16384), None),
    "standard": ((1, 1024), None),
}


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds sizes and speeds that the type does not have."""
    kind = subject.inputs.get("type", "gp2")
    if not isinstance(kind, str) or kind not in _TYPES:
        return
    (least, most), speeds = _TYPES[kind]
    size, iops, throughput = (subject.inputs.get(name) for name in ("size", "iops", "throughput"))
    if isinstance(size, int) and not least <= size <= most:
        findings.error("size", f"`size` is {size} GiB; a {kind} volume has from {least} to {most}", RULE, SOURCE)
    if isinstance(iops, int) and iops:
        if speeds is None:
            findings.error("iops", f"`iops` cannot be set for a {kind} volume", RULE, SOURCE)
        elif not speeds[0] <= iops <= speeds[1]:
            findings.error(
                "iops", f"`iops` is {iops}; a {kind} volume has from {speeds[0]} to {speeds[1]}", RULE, SOURCE
            )
    if speeds and iops is None and kind != "gp3":
        findings.error("iops", f"`iops` must be set for a {kind} volume", RULE, SOURCE)
    if isinstance(throughput, int) and throughput and kind != "gp3":
        findings.error("throughput", f"`throughput` is for gp3 volumes; this one is {kind}", RULE, SOURCE)
    if isinstance(throughput, int) and kind == "gp3" and not 125 <= throughput <= 2000:
        findings.error("throughput", f"`throughput` is {throughput} MiB/s; it must be from 125 to 2000", RULE, SOURCE)
