"""Names, nesting, requiredness and types, as the installed SDK declares them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from blueprints.sandbox.catalog import Package, Property, ResourceType, Type
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.values import INTERNAL, Archive, Asset, Unknown, format_path, is_list, is_map
from blueprints.sandbox.provider.values import Path as At

_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_BOOLEAN_TEXT = ("true", "false", "1", "0", "")
# What the provider itself adds to inputs.
_ADDED = frozenset(("tagsAll", "version", "pluginDownloadURL"))


def check_types(package: Package, declared: ResourceType, inputs: dict[str, Any], findings: Findings) -> None:
    """Compares the inputs with the declaration."""
    checker = _Checker(package, findings, declared.token)
    checker.members(declared.inputs, inputs, (), added=_ADDED)


def unknown_type(package: Package, token: str, findings: Findings) -> None:
    """Says that the SDK declares no such type."""
    findings.error(
        "", f"{package.name} {package.version} has no resource type {token}", "sdk/type", f"{package.name} SDK"
    )


class _Checker:
    def __init__(self, package: Package, findings: Findings, token: str) -> None:
        self._package = package
        self._findings = findings
        self._token = token

    def _error(self, at: At, message: str, rule: str) -> None:
        path = format_path(at)
        source = f"pulumi-{self._package.name} {self._package.version} SDK"
        self._findings.error(path, message, f"{self._token}/{path}/{rule}", source)

    def members(
        self, declared: dict[str, Property], value: dict[str, Any], at: At, added: frozenset[str] = frozenset()
    ) -> None:
        """Judges the members of an object."""
        for name, item in value.items():
            if name.startswith(INTERNAL):
                continue
            member = declared.get(name)
            if member is not None:
                self.value(member.type, item, (*at, name))
            elif name not in added and not isinstance(item, Unknown):
                self._error((*at, name), f"unknown property `{name}`{_suggestion(name, declared)}", "unknown")
        for name, member in declared.items():
            if member.required and value.get(name) is None and member.constant is None:
                where = f" of `{format_path(at)}`" if at else ""
                self._error((*at, name), f"the required property `{name}`{where} is missing", "required")

    def value(self, declared: Type, value: Any, at: At) -> None:
        """Judges one value."""
        if isinstance(value, Unknown) or value is None:
            return
        match declared.kind:
            case "list":
                if not is_list(value):
                    self._wrong(at, "a list", value)
                elif declared.item:
                    for index, item in enumerate(value):
                        self.value(declared.item, item, (*at, index))
            case "map":
                if not is_map(value):
                    self._wrong(at, "a map", value)
                elif declared.item:
                    for key, item in value.items():
                        self.value(declared.item, item, (*at, key))
            case "object":
                if not is_map(value):
                    self._wrong(at, f"an object ({declared})", value)
                elif declared.ref:
                    self.members(self._package.object_type(declared.ref).properties, value, at)
            case "union":
                self._union(declared, value, at)
            case "enum":
                self._enum(declared, value, at)
            case "const":
                if value != declared.value:
                    self._error(at, f"`{format_path(at)}` must be {declared.value!r}, got {value!r}", "constant")
            case _:
                self._scalar(declared, value, at)

    def _scalar(self, declared: Type, value: Any, at: At) -> None:
        """Scalars convert into one another as the provider's own schema does it."""
        match declared.kind:
            case "string" if not isinstance(value, str | int | float | bool):
                self._wrong(at, "a string", value)
            case "integer" | "number" if isinstance(value, bool) or not _is_number(value):
                self._wrong(at, "a number", value)
            case "integer" if not float(value).is_integer():
                self._wrong(at, "a whole number", value)
            case "boolean" if not isinstance(value, bool) and str(value).lower() not in _BOOLEAN_TEXT:
                self._wrong(at, "a boolean", value)
            case "asset" | "archive" if not isinstance(value, Asset | Archive | str):
                self._wrong(at, f"an {declared.kind}", value)
            case _:
                pass

    def _union(self, declared: Type, value: Any, at: At) -> None:
        for option in declared.options:
            attempt = Findings()
            _Checker(self._package, attempt, self._token).value(option, value, at)
            if not attempt.items:
                return
        if is_map(value) and len(objects := [o for o in declared.options if o.kind == "object"]) == 1:
            self.value(objects[0], value, at)
        else:
            self._wrong(at, str(declared), value)

    def _enum(self, declared: Type, value: Any, at: At) -> None:
        values = self._package.enum_type(declared.ref).values if declared.ref else ()
        if values and value not in values and not any(str(value) == str(known) for known in values):
            known = ", ".join(f"`{item}`" for item in values)
            self._error(at, f"`{format_path(at)}` is {value!r}; the SDK accepts {known}", "enum")

    def _wrong(self, at: At, wanted: str, value: Any) -> None:
        self._error(at, f"`{format_path(at)}` must be {wanted}, got {_described(value)}", "type")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and bool(_NUMBER.match(value)))


def _described(value: Any) -> str:
    if is_list(value):
        return f"a list of {len(value)}"
    if is_map(value):
        return f"an object with {', '.join(f'`{key}`' for key in list(value)[:5]) or 'no members'}"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    return "a number" if isinstance(value, int | float) else f"an {type(value).__name__.lower()}"


def _suggestion(name: str, declared: dict[str, Property]) -> str:
    wire = re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)
    close = get_close_matches(wire, declared, n=1, cutoff=0.7)
    if close:
        return f"; did you mean `{close[0]}`?"
    known = ", ".join(sorted(declared)[:12]) + (", ..." if len(declared) > 12 else "")
    return f"; known here: {known}" if declared else ""
