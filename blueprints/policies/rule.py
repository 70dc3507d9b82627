"""What a security rule is: one condition on the inputs of one kind of resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from blueprints.inputs import is_known


@dataclass(frozen=True)
class Rule:
    """A condition that the inputs of a resource must meet, unless it is waived by its id."""

    id: str
    """The control's published id (`EC2.8`), or `BP.n` where no published set has one."""
    title: str
    """What must hold, as a sentence."""
    applies: tuple[str, ...]
    """Type tokens of the resources that it looks at."""
    looks_at: tuple[str, ...]
    """Paths of the inputs that decide it, in the SDK's Python names."""
    holds: Callable[[Mapping[str, Any]], bool]
    """Whether inputs meet it. Values that are not known yet are taken as met: they are checked by the provider."""
    fix: str
    """What to set."""

    def touched_by(self, override: Mapping[str, Any]) -> bool:
        """Whether an override changes anything that decides this rule."""
        return any(_touches(override, path.split(".")) for path in self.looks_at)


def value_at(inputs: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, or None where any part of it is absent."""
    here: Any = inputs
    for step in path.split("."):
        if not isinstance(here, Mapping):
            return here if not is_known(here) else None
        here = cast("Mapping[str, Any]", here).get(step)
    return here


def is_set(path: str, *allowed: Any) -> Callable[[Mapping[str, Any]], bool]:
    """A condition: the value at `path` is one of `allowed`, or is not known yet."""

    def holds(inputs: Mapping[str, Any]) -> bool:
        value = value_at(inputs, path)
        return not is_known(value) or value in allowed

    return holds


def is_given(path: str) -> Callable[[Mapping[str, Any]], bool]:
    """A condition: there is a value at `path`, whichever."""
    return lambda inputs: value_at(inputs, path) not in (None, "", [], {})


def is_not(path: str, *refused: Any) -> Callable[[Mapping[str, Any]], bool]:
    """A condition: the value at `path` is none of `refused`."""

    def holds(inputs: Mapping[str, Any]) -> bool:
        value = value_at(inputs, path)
        return not is_known(value) or value not in refused

    return holds


def _touches(override: Mapping[str, Any], steps: list[str]) -> bool:
    head, *rest = steps
    if head not in override:
        return False
    value = override[head]
    return not rest or not isinstance(value, Mapping) or _touches(cast("Mapping[str, Any]", value), rest)
