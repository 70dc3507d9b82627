"""Storage that a service lets grow and never shrink."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from blueprints.sandbox.provider.errors import OperationError
from blueprints.sandbox.provider.subject import Subject

# Type -> property paths of sizes that only grow, and where that is written.
_EBS = "Amazon EBS User Guide, modify a volume: a volume's size can only be increased"
_SIZES: dict[str, tuple[tuple[str, ...], str]] = {
    "aws:ebs/volume:Volume": (("size",), _EBS),
    "aws:ec2/instance:Instance": (("rootBlockDevice", "volumeSize"), _EBS),
}


def refuse_shrinking(subject: Subject) -> None:
    """Raises `OperationError` for a change in place that asks for less storage than there is."""
    path, source = _SIZES.get(subject.type, ((), ""))
    if not path:
        return
    before, after = _at(subject.olds, path), _at(subject.inputs, path)
    if isinstance(before, int | float) and isinstance(after, int | float) and after < before:
        name = ".".join(path)
        raise OperationError(
            "InvalidParameterValue",
            f"`{name}` would shrink from {before:g} to {after:g} GiB, which the service refuses;"
            f" keep {before:g} or more, or replace the resource [aws/storage-growth; {source}]",
        )


def _at(inputs: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = inputs
    for step in path:
        here = cast("Mapping[str, Any]", here).get(step) if isinstance(here, Mapping) else None
    return here
