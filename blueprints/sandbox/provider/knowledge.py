"""What is known about one resource type: its declaration in the SDK and its rows in the facts table."""

from __future__ import annotations

from functools import cached_property

from blueprints.sandbox.catalog import Package, ResourceType, Type
from blueprints.sandbox.facts import ResourceFacts
from blueprints.sandbox.provider.naming import NameRule
from blueprints.sandbox.provider.values import Path

# Maps of labels: no service replaces a resource over them, and no schema says so either.
_LABELS = ("tags", "tagsAll", "volumeTags")


class Knowledge:
    """Everything that checks and diffs ask about one type. `declared` is None where no SDK is installed for it."""

    def __init__(self, token: str, package: Package | None, facts: ResourceFacts, sets: frozenset[str]) -> None:
        self.token = token
        self.package = package
        self.declared: ResourceType | None = package.resource(token) if package else None
        self.facts = facts
        self._sets = sets

    @cached_property
    def name_rule(self) -> NameRule | None:
        """How a missing name is made; None for types that AWS or nobody names."""
        rule = self.facts.name
        if rule is not None:
            return NameRule(
                rule.property,
                rule.max_length,
                rule.separator,
                rule.lower,
                rule.random_length,
                rule.letters,
                rule.prefix,
                rule.suffix,
                rule.suffix_when,
            )
        declared = self.declared.inputs.get("name") if self.declared else None
        if self.token.startswith("aws:") and declared and not declared.required and declared.type.kind == "string":
            # pulumi-aws names every resource with an optional `name` (provider/autonaming.go).
            return NameRule("name", 255)
        return None

    def pattern(self, path: Path) -> str:
        """The path as facts write it: `[]` for any item of a list, `{}` for any value of a map."""
        text = ""
        kind: Type | None = None
        for index, step in enumerate(path):
            if index == 0:
                declared = self.declared.inputs.get(str(step)) if self.declared else None
                kind = declared.type if declared else None
                text = str(step)
            elif isinstance(step, int):
                text += "[]"
                kind = kind.item if kind and kind.kind == "list" else None
            elif kind and kind.kind == "map":
                text += "{}"
                kind = kind.item
            else:
                text += f".{step}"
                kind = self._member(kind, step)
        return text

    def _member(self, kind: Type | None, name: str) -> Type | None:
        if kind and kind.kind == "object" and kind.ref and self.package:
            declared = self.package.object_type(kind.ref).properties.get(name)
            return declared.type if declared else None
        return None

    def replaces(self, path: Path) -> bool | None:
        """Whether a change at `path` replaces the resource; None where no source says."""
        if path[0] in _LABELS:
            return False
        text = self.pattern(path)
        if self.declared and path[0] in self.declared.replace_on_changes:
            return True
        fact = self.facts.change(text)
        return None if fact is None or fact.kind == "may_replace" else fact.kind == "replaces"

    def unordered(self, path: Path) -> bool:
        """Whether the list at `path` is a set, so that order means nothing."""
        text = self.pattern(path)
        return f"{self.token}/{text}" in self._sets or text.rpartition(".")[2] in self._sets
