"""Holds inputs against facts: a small second implementation, apart from the provider's,
that the generator and the tests judge the table with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from blueprints.sandbox.facts import Fact, ResourceFacts
from tools.facts.examples import UNKNOWN

_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "enum": lambda value, allowed: value in allowed,
    "pattern": lambda value, pattern: re.fullmatch(pattern, value) is not None,
    "min_length": lambda value, limit: len(value) >= limit,
    "max_length": lambda value, limit: len(value) <= limit,
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "min_items": lambda value, limit: len(value) >= limit or UNKNOWN in value,  # a computed item may be several
    "max_items": lambda value, limit: len(value) <= limit,
}


def violations(facts: ResourceFacts, inputs: dict[str, Any]) -> Iterator[tuple[Fact, Any]]:
    """Facts that the inputs contradict, with the value at fault."""
    for fact in facts.rows:
        if fact.kind in _CHECKS:
            for value in values_at(inputs, fact.path):
                # A policy may be an object where its facts are about text.
                if is_set(value) and _fits(fact.kind, value) and not _CHECKS[fact.kind](value, fact.value):
                    yield fact, value
        elif fact.kind == "reference":
            for value in values_at(inputs, fact.path):
                start = "arn:" if fact.value["forms"] == ["arn"] else fact.value.get("prefix", "")
                if isinstance(value, str) and value and not value.startswith(start):
                    yield fact, value
        elif fact.kind == "conflicts" and "[]" not in fact.path and given(inputs, fact.path):
            others = [path for path in fact.value if given(inputs, path)]
            if others:
                yield fact, others
        elif fact.kind == "required_with" and given(inputs, fact.path):
            if missing := [path for path in fact.value if not given(inputs, path)]:
                yield fact, missing
        elif fact.kind in ("exactly_one_of", "at_least_one_of"):
            present = [path for path in fact.value if given(inputs, path)]
            if not present or (fact.kind == "exactly_one_of" and len(present) > 1):
                yield fact, present


def _fits(kind: str, value: Any) -> bool:
    if kind in ("pattern", "min_length", "max_length"):
        return isinstance(value, str)
    if kind in ("minimum", "maximum"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind in ("min_items", "max_items"):
        return isinstance(value, list)
    return isinstance(value, (str, int, float))


def given(inputs: dict[str, Any], path: str) -> bool:
    return any(value is UNKNOWN or is_set(value) or value == 0 for value in values_at(inputs, path))


def is_set(value: Any) -> bool:
    """The provider takes null, an empty text and an empty list for a property that is left out."""
    return value is not UNKNOWN and value is not None and value not in ("", [])


def values_at(inputs: Any, path: str) -> Iterator[Any]:
    """The values at a path with `[]` and `{}`."""
    if not path:
        yield inputs
        return
    step, _, rest = path.partition(".")
    name = step.rstrip("[]{}")
    if not isinstance(inputs, dict) or name not in inputs:
        return
    found = [inputs[name]]
    for mark in re.findall(r"\[\]|\{\}", step):
        parts: list[Any] = []
        for value in found:
            if mark == "[]" and isinstance(value, list):
                parts += value
            elif mark == "{}" and isinstance(value, dict):
                parts += value.values()
        found = parts
    for value in found:
        yield from values_at(value, rest) if rest else iter((value,))
