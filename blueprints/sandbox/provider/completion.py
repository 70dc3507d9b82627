"""Fills in outputs that a program did not set: unknown in a preview, plausible in an update."""

from __future__ import annotations

from typing import Any, Protocol

from blueprints.sandbox.catalog import Package, Property, ResourceType, Type
from blueprints.sandbox.provider.values import INTERNAL, UNKNOWN, Unknown, is_list, is_map

_DEPTH = 6


class Filler(Protocol):
    """Makes the value of one missing property."""

    def __call__(self, path: str, declared: Type) -> Any: ...


def unknown(_path: str, _declared: Type) -> Unknown:
    """The filler of a preview. Of every type alike: the language SDKs know only one mark, and read others as text."""
    return UNKNOWN


class Completion:
    """Completes the outputs of one resource type."""

    def __init__(
        self, package: Package, declared: ResourceType, fill: Filler, nested: dict[str, dict[str, Any]] | None = None
    ) -> None:
        self._package = package
        self._declared = declared
        self._fill = fill
        self._known_nested = nested or {}
        """By path: what the service adds inside an object that the program sets or leaves out."""

    def outputs(self, inputs: dict[str, Any], computed: dict[str, Any]) -> dict[str, Any]:
        """The outputs: what was set, what was computed, and what a resource of this type always has besides."""
        outputs: dict[str, Any] = {}
        for name, declared in self._declared.outputs.items():
            if name in computed:
                outputs[name] = computed[name]
            elif (given := inputs.get(name)) is not None:
                source = self._declared.inputs.get(name)
                outputs[name] = self._nested(name, given, declared.type, source.type if source else None)
            elif declared.required:
                outputs[name] = self._missing(name, declared)
        for name, value in computed.items():
            outputs.setdefault(name, value)
        return outputs

    def _missing(self, path: str, declared: Property, depth: int = 0) -> Any:
        kind = declared.type
        if self._fill is not unknown and kind.kind == "object" and kind.ref and depth < _DEPTH:
            members = self._package.object_type(kind.ref).properties
            present = {name: member for name, member in members.items() if member.required}
            made = {name: self._missing(f"{path}.{name}", member, depth + 1) for name, member in present.items()}
            return {**made, **{n: v for n, v in self._known_nested.get(path, {}).items() if n in members}}
        return self._fill(path, kind)

    def _nested(self, path: str, value: Any, declared: Type, given: Type | None) -> Any:
        """What was set, with the parts of it that only the service knows."""
        if is_list(value) and declared.kind == "list" and declared.item:
            inner = given.item if given and given.kind == "list" else None
            if declared.item.kind not in ("object", "list", "map"):
                return value
            return [self._nested(f"{path}[]", item, declared.item, inner) for item in value]
        if not is_map(value) or declared.kind != "object" or not declared.ref:
            return value
        settable = self._package.object_type(given.ref).properties if given and given.ref else {}
        members = self._package.object_type(declared.ref).properties
        done = dict(value)
        for name, known in self._known_nested.get(path, {}).items():
            if name in members and value.get(name) is None:
                done[name] = unknown(name, members[name].type) if self._fill is unknown else known
        for name, member in members.items():
            source = settable.get(name)
            if (present := value.get(name)) is not None:
                done[name] = self._nested(f"{path}.{name}", present, member.type, source.type if source else None)
            elif name not in done and (member.required or (settable and source is None)):
                done[name] = self._fill(f"{path}.{name}", member.type)
        return {name: item for name, item in done.items() if not name.startswith(INTERNAL)}
