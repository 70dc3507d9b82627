"""Values in the form that their declaration wants, where a bridged provider would bring them into it."""

from __future__ import annotations

import re
from typing import Any

from blueprints.sandbox.catalog import Package, Property, Type
from blueprints.sandbox.provider.values import Unknown, is_list, is_map


def conform(package: Package, declared: dict[str, Property], value: dict[str, Any]) -> dict[str, Any]:
    """The object with single values made lists of one where lists are declared, lists of one opened for objects, and
    texts, numbers and booleans made what is declared where they say the same.

    So the Terraform bridge reads its inputs (pkg/tfbridge/schema.go, makeTerraformInput and CoerceTerraformString).
    """
    found: dict[str, Any] = {}
    for name, item in value.items():
        member = declared.get(name)
        made = item if member is None else _conformed(package, member.type, item)
        if made is not None:
            found[name] = made
    return found


def _conformed(package: Package, declared: Type, value: Any) -> Any:
    if value is None or isinstance(value, Unknown):
        return value
    if declared.kind == "list":
        items: list[Any] = value if is_list(value) else [value]
        return [_conformed(package, declared.item, item) for item in items] if declared.item else items
    if declared.kind == "object" and declared.ref:
        if is_list(value):
            if len(value) > 1:
                return value
            value = value[0] if value else None
        return conform(package, package.object_type(declared.ref).properties, value) if is_map(value) else value
    if declared.kind == "map" and is_map(value) and declared.item:
        return {key: _conformed(package, declared.item, item) for key, item in value.items()}
    if declared.kind == "union":
        # Bridged packages declare unions of a text or number with its enumeration only: the plain member decides.
        plain = next((option for option in declared.options if option.kind in _SCALARS), None)
        return _scalar(plain.kind, value) if plain else value
    return _scalar(declared.kind, value)


_SCALARS = ("string", "integer", "number", "boolean")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def _scalar(kind: str, value: Any) -> Any:
    """The value as the declared kind, or as it is where it does not say the same."""
    if kind == "string" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "string" and isinstance(value, int | float):
        return str(value)
    if kind == "boolean" and isinstance(value, str):
        return _BOOLEANS.get(value.lower(), value)
    if kind in ("integer", "number") and isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value
