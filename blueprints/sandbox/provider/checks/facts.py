"""What the facts table says about a resource's inputs: limits, enums, combinations.

Only a closed source makes an error. Values that are not known yet are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from blueprints.sandbox.facts import Fact
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.knowledge import Knowledge
from blueprints.sandbox.provider.values import Path, Unknown, format_path, is_list, is_map

_SHOWN_CHOICES = 12
_STEP = re.compile(r"([^.\[\]{}]+)|(\[\])|(\{\})")


def check_facts(knowledge: Knowledge, inputs: dict[str, Any], findings: Findings) -> None:
    """Adds what breaks a fact."""
    for fact in knowledge.facts.rows:
        judge = _JUDGES.get(fact.kind)
        if judge is not None:
            for path, message in judge(fact, inputs):
                _add(findings, fact, path, message)


def _add(findings: Findings, fact: Fact, path: str, message: str) -> None:
    add = findings.error if fact.closed else findings.warn
    add(path, message, fact.rule_id, str(fact.source))


@lru_cache(maxsize=4096)
def steps(pattern: str) -> tuple[str, ...]:
    """`a[].b{}` as ("a", "[]", "b", "{}")."""
    return tuple("".join(match) for match in _STEP.findall(pattern))


def found(inputs: Any, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Every value that is set at a pattern, unknown ones included, with the path at which it is."""
    yield from _found(inputs, steps(pattern), ())


def _found(value: Any, rest: tuple[str, ...], at: Path) -> Iterator[tuple[Path, Any]]:
    if value is None:
        return
    if not rest:
        yield at, value
    elif rest[0] == "[]":
        if is_list(value):
            for index, item in enumerate(value):
                yield from _found(item, rest[1:], (*at, index))
    elif rest[0] == "{}":
        if is_map(value):
            for key, item in value.items():
                yield from _found(item, rest[1:], (*at, key))
    elif is_map(value):
        yield from _found(value.get(rest[0]), rest[1:], (*at, rest[0]))


# Limits that come from the provider itself; all other sources describe the API behind it.
_OF_PROVIDER = ("terraform-", "pulumi-", "review of the provider")


def _values(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for path, value in found(inputs, fact.path):
        if isinstance(value, Unknown):
            continue
        # To the provider's SDK an empty text, a zero and false are "not set" (GetOk of terraform-plugin-sdk): the API,
        # which would refuse them, does not get to see them.
        if not value and isinstance(value, str | int | float) and not fact.source.name.startswith(_OF_PROVIDER):
            continue
        yield format_path(path), value


def _enum(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    choices = [str(choice) for choice in fact.value]
    for path, value in _values(fact, inputs):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, str | int | float) and text not in choices:
            shown = ", ".join(f"`{choice}`" for choice in choices[:_SHOWN_CHOICES])
            more = f" and {len(choices) - _SHOWN_CHOICES} more" if len(choices) > _SHOWN_CHOICES else ""
            verb = "must be one of" if fact.closed else "is not among the documented values"
            yield path, f"`{path}` is `{text}`; it {verb} {shown}{more}"


def _pattern(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    expression = _compiled(str(fact.value))
    if expression is None:
        return
    for path, value in _values(fact, inputs):
        if isinstance(value, str) and not expression.fullmatch(value):
            yield path, f"`{path}` is `{_short(value)}`; it must match {fact.value}"


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None


def _length(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    limit = int(fact.value)
    for path, value in _values(fact, inputs):
        if not isinstance(value, str):
            continue
        if fact.kind == "min_length" and len(value) < limit:
            yield path, f"`{path}` has {len(value)} characters; at least {limit} are needed"
        if fact.kind == "max_length" and len(value) > limit:
            yield path, f"`{path}` has {len(value)} characters; at most {limit} are allowed: `{_short(value)}`"


def _range(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, value in _values(fact, inputs):
        number = _number(value)
        if number is None:
            continue
        if fact.kind == "minimum" and number < fact.value:
            yield path, f"`{path}` is {value}; it must be at least {fact.value}"
        if fact.kind == "maximum" and number > fact.value:
            yield path, f"`{path}` is {value}; it must be at most {fact.value}"


def _items(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, value in _values(fact, inputs):
        if not is_list(value):
            continue
        if fact.kind == "min_items" and len(value) < fact.value:
            yield path, f"`{path}` has {len(value)} items; at least {fact.value} are needed"
        if fact.kind == "max_items" and len(value) > fact.value:
            yield path, f"`{path}` has {len(value)} items; at most {fact.value} are allowed"


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _others(fact: Fact, inputs: dict[str, Any], path: Path) -> Iterator[tuple[str, bool]]:
    """The other properties of a combination, each with whether it is set in the same item."""
    for other in fact.value:
        own_steps, other_steps = steps(fact.path), steps(other)
        shared = 0
        while shared < min(len(own_steps), len(other_steps)) and own_steps[shared] == other_steps[shared]:
            shared += 1
        scope: Any = inputs
        for step in path[:shared]:
            scope = scope[step]
        yield other, any(True for _ in _found(scope, other_steps[shared:], ()))


def _conflicts(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, value in found(inputs, fact.path):
        if _empty(value):
            continue
        for other, present in _others(fact, inputs, path):
            if present and not _empty_at(inputs, other):
                yield format_path(path), f"`{format_path(path)}` cannot be set together with `{other}`"


def _required_with(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for path, value in found(inputs, fact.path):
        if _empty(value):
            continue
        for other, present in _others(fact, inputs, path):
            if not present:
                yield format_path(path), f"`{format_path(path)}` needs `{other}` to be set too"


def _empty(value: Any) -> bool:
    return value in ("", [], {}, False)


def _empty_at(inputs: dict[str, Any], pattern: str) -> bool:
    return all(_empty(value) for _, value in found(inputs, pattern))


def _choice(fact: Fact, inputs: dict[str, Any]) -> Iterator[tuple[str, str]]:
    containers = [((), inputs)] if not fact.path else list(found(inputs, fact.path))
    for path, container in containers:
        if isinstance(container, Unknown) or not is_map(container):
            continue
        members = [member.removeprefix(f"{fact.path}.") if fact.path else member for member in fact.value]
        present = [member for member in members if any(True for _ in found(container, member))]
        if any(isinstance(value, Unknown) for member in present for _, value in found(container, member)):
            present = present[:1]
        names = ", ".join(f"`{member}`" for member in members)
        where = format_path(path)
        inside = f" in `{where}`" if where else ""
        if not present:
            yield where, f"one of {names} must be set{inside}"
        elif fact.kind == "exactly_one_of" and len(present) > 1:
            yield where, f"only one of {names} may be set{inside}, and {len(present)} are"


def _short(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:59]}…"


_JUDGES = {
    "enum": _enum,
    "pattern": _pattern,
    "min_length": _length,
    "max_length": _length,
    "minimum": _range,
    "maximum": _range,
    "min_items": _items,
    "max_items": _items,
    "conflicts": _conflicts,
    "required_with": _required_with,
    "exactly_one_of": _choice,
    "at_least_one_of": _choice,
}
