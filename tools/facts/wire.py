"""Finds the wire name that the SDK gives to a property which another schema names its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from blueprints.sandbox.catalog import Package, Property, Type


def squash(name: str) -> str:
    """`VpcSecurityGroupIds`, `vpc_security_group_ids` and `vpcSecurityGroupIds` are one name."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def match_name(foreign: str, names: Iterable[str]) -> str | None:
    """The one of `names` that spells `foreign`, in singular or plural; None where none or several do."""
    wanted = squash(foreign)
    exact = [name for name in names if squash(name) == wanted]
    if len(exact) == 1:
        return exact[0]
    forms = {f"{wanted}s", f"{wanted}es", re.sub("y$", "ies", wanted), re.sub("s$", "", wanted)}
    plural = [name for name in names if squash(name) in forms]
    return plural[0] if not exact and len(plural) == 1 else None


def object_of(kind: Type) -> tuple[str, str | None]:
    """The steps (`[]`, `{}`) from a property to the object in it, and the object's key."""
    steps = ""
    while kind.kind in ("list", "map") and kind.item is not None:
        steps += "[]" if kind.kind == "list" else "{}"
        kind = kind.item
    if kind.kind == "union":
        kind = next((option for option in kind.options if option.kind == "object"), kind)
    return steps, kind.ref if kind.kind == "object" else None


def walk(package: Package, inputs: dict[str, Property], deep: int = 5) -> Iterator[tuple[str, Property]]:
    """Every input property of a resource with its path."""

    def visit(properties: dict[str, Property], prefix: str, seen: tuple[str, ...]) -> Iterator[tuple[str, Property]]:
        for name, prop in properties.items():
            path = f"{prefix}{name}"
            yield path, prop
            steps, ref = object_of(prop.type)
            if ref is not None and ref not in seen and len(seen) < deep:
                yield from visit(package.object_type(ref).properties, f"{path}{steps}.", (*seen, ref))

    return visit(inputs, "", ())
