"""What has changed between two sets of inputs, property by property."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from blueprints.sandbox.provider.equality import same
from blueprints.sandbox.provider.values import INTERNAL, Path, has_unknown, is_list, is_map

Kind = Literal["add", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs."""

    path: Path
    kind: Kind
    replaces: bool
    certain: bool = True
    """False where no source says whether the change replaces the resource."""


class Meaning(Protocol):
    """What is known about the properties of a resource type. Paths are those of the changed values."""

    def replaces(self, path: Path) -> bool | None:
        """Whether a change there replaces the resource; None where no source says."""
        ...

    def unordered(self, path: Path) -> bool:
        """Whether the list there is a set."""
        ...


def differences(old: dict[str, Any], new: dict[str, Any], meaning: Meaning) -> list[Change]:
    """Every change from `old` to `new`, both plain, in the order of the property names."""
    return [
        Change(path, kind, bool(replaces), certain=replaces is not None)
        for path, kind in _walk(old, new, (), meaning)
        for replaces in (meaning.replaces(path),)
    ]


def _walk(old: Any, new: Any, at: Path, meaning: Meaning) -> Iterator[tuple[Path, Kind]]:
    name = next((step for step in reversed(at) if isinstance(step, str)), "")
    if is_map(old) and is_map(new):
        for key in sorted({*old, *new}):
            if key.startswith(INTERNAL):
                continue
            before, after = old.get(key), new.get(key)
            if before is None and after is not None:
                yield (*at, key), "add"
            elif after is None and before is not None:
                yield (*at, key), "delete"
            elif before is not None:
                yield from _walk(before, after, (*at, key), meaning)
    elif is_list(old) and is_list(new):
        if not has_unknown(new) and same(old, new, name, as_set=meaning.unordered(at)):
            return
        shared = min(len(old), len(new))
        for index in range(shared):
            yield from _walk(old[index], new[index], (*at, index), meaning)
        for index in range(shared, max(len(old), len(new))):
            yield (*at, index), "add" if len(new) > shared else "delete"
    elif not same(old, new, name):
        yield at, "update"
