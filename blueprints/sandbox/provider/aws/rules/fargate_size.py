"""Fargate runs tasks only in certain combinations of CPU and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_list

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/fargate-size"
SOURCE = "Amazon ECS Developer Guide, task size on Fargate"


# CPU units -> (least, most, step) of memory in MiB; 256 has three sizes of its own.
_SIZES = {
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
_SMALLEST = (512, 1024, 2048)


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a combination that Fargate refuses."""
    wanted = subject.inputs.get("requiresCompatibilities")
    if not is_list(wanted) or "FARGATE" not in wanted:
        return
    for name in ("cpu", "memory"):
        if subject.inputs.get(name) is None:
            findings.error(name, f"`{name}` must be set for Fargate", RULE, SOURCE)
    network = subject.inputs.get("networkMode")
    if network is None or (isinstance(network, str) and network != "awsvpc"):
        findings.error("networkMode", f"`networkMode` must be `awsvpc` for Fargate, got {network!r}", RULE, SOURCE)
    cpu, memory = _number(subject.inputs.get("cpu"), 1024, "vcpu"), _number(subject.inputs.get("memory"), 1024, "gb")
    if cpu is None or memory is None:
        return
    if cpu == 256:
        if memory not in _SMALLEST:
            findings.error(
                "memory", f"`memory` is {memory}; with 256 CPU units it must be one of {_SMALLEST}", RULE, SOURCE
            )
    elif cpu not in _SIZES:
        known = ", ".join(str(size) for size in (256, *_SIZES))
        findings.error("cpu", f"`cpu` is {cpu}; on Fargate it must be one of {known}", RULE, SOURCE)
    else:
        least, most, step = _SIZES[cpu]
        if not least <= memory <= most or (memory - least) % step:
            findings.error(
                "memory",
                f"`memory` is {memory} MiB; with {cpu} CPU units it must be from {least} to {most} in steps of {step}",
                RULE,
                SOURCE,
            )


def _number(value: Any, factor: int, unit: str) -> int | None:
    """`512`, `"512"`, `".5 vCPU"` or `"1 GB"` as CPU units or MiB."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    text = value.lower().replace(" ", "")
    try:
        return int(float(text.removesuffix(unit)) * factor) if text.endswith(unit) else int(text)
    except ValueError:
        return None
