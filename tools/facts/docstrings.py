"""What the SDK's documentation says of a property in words that leave no doubt.

Only fixed phrases count, and only about the property that they stand at. Documentation is not complete, so these rows
are never closed, except for `name` and `namePrefix`, which the provider never accepts together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from blueprints.sandbox.catalog import Package, Property
from tools.facts.rows import Row
from tools.facts.sources import DOCUMENTATION
from tools.facts.wire import match_name, object_of

_REPLACES = re.compile(
    r"(?:^|[.(]\s*|, )forces? (?:the creation of )?(?:a )?new resource"
    r"|\b(?:changing|modifying|updating) this(?: \w+){0,2}?"
    r" (?:forces|will force|creates|will create|recreates|will recreate|triggers|will trigger|requires|results in)"
    r"(?: \w+){0,4}? (?:new|replac\w+|recreat\w+|re-creat\w+)",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(r"\b(?:if|unless|except|when|only|may)\b|\bfrom `", re.IGNORECASE)
_VALUES = re.compile(
    r"(?:(?:valid|allowed|possible|supported) values(?: are)?|(?:^|\. |must be )one of):?"
    r" ((?:`[^`]+`(?: \(default\))?(?:, and |, or | and | or |, )?){2,})"
    r"(?:\.|$|\. Defaults)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:(?:must be|valid (?:range|values?)(?: is| are)?:?|an integer|value) (?:a value |an integer )?(?:between|from)"
    r"|range is) `?([\d,]+)`?(?: \([^)]*\))?(?: (?:and|to) |[-–])`?([\d,]+)`?(?: \(|\.|$|,| seconds| minutes| days)",
    re.IGNORECASE,
)
_CONFLICTS = re.compile(r"conflicts with ((?:`\w+`(?:, and |, or | and | or |, )?)+)(?:\.|$)", re.IGNORECASE)
_DEFAULT = re.compile(r"\bdefaults? (?:value )?(?:to|is|of) `([^`]+)`", re.IGNORECASE)
_STANDS_FOR_MORE = re.compile(r"[*<>]|\.\.\.|\dXX")
_QUOTED = re.compile(r"`([^`]+)`")
REPLACES_RANK, HINT_RANK = 3, 5


def documentation_rows(package: Package, token: str) -> Iterator[Row]:
    """Rows of one resource type, nested objects included."""
    resource = package.resource(token)
    if resource is None:
        return

    def visit(properties: dict[str, Property], prefix: str, seen: tuple[str, ...]) -> Iterator[Row]:
        for name, prop in properties.items():
            path = f"{prefix}{name}"
            yield from _property_rows(token, path, prefix, prop, properties)
            steps, ref = object_of(prop.type)
            if ref is not None and ref not in seen and len(seen) < 4:
                yield from visit(package.object_type(ref).properties, f"{path}{steps}.", (*seen, ref))

    yield from visit(resource.inputs, "", ())
    if {"name", "namePrefix"} <= set(resource.inputs):
        yield Row(token, "namePrefix", "conflicts", ["name"], DOCUMENTATION, True, 2)


def _property_rows(token: str, path: str, prefix: str, prop: Property, siblings: dict[str, Property]) -> Iterator[Row]:
    text = re.sub(r"\s+", " ", prop.description)
    for sentence in re.split(r"(?<=\.) ", text):
        if not _REPLACES.search(sentence):
            continue
        if _QUALIFIED.search(sentence):
            yield Row(token, path, "may_replace", sentence.strip(), DOCUMENTATION, False, REPLACES_RANK)
        else:
            yield Row(token, path, "replaces", True, DOCUMENTATION, False, REPLACES_RANK)
    if prop.type.kind in ("string", "union") and (values := _VALUES.search(text)):
        listed = list(dict.fromkeys(value.strip('"') for value in _QUOTED.findall(values.group(1))))
        if not any(_STANDS_FOR_MORE.search(value) for value in listed):
            yield Row(token, path, "enum", listed, DOCUMENTATION, False, HINT_RANK)
    if prop.type.kind in ("integer", "number") and (limits := _RANGE.search(text)):
        low, high = (int(limit.replace(",", "")) for limit in limits.groups())
        if low < high:
            yield Row(token, path, "minimum", low, DOCUMENTATION, False, HINT_RANK)
            yield Row(token, path, "maximum", high, DOCUMENTATION, False, HINT_RANK)
    defaults = set(_DEFAULT.findall(text))
    if len(defaults) == 1 and (value := _literal(defaults.pop(), prop.type.kind)) is not None and not prop.required:
        yield Row(token, path, "default", value, DOCUMENTATION, False, HINT_RANK)
    if conflict := _CONFLICTS.search(text):
        others = [match_name(name, siblings) for name in _QUOTED.findall(conflict.group(1))]
        if others and all(others) and prop.name not in others:
            paths = [f"{prefix}{other}" for other in others]
            yield Row(token, path, "conflicts", paths, DOCUMENTATION, False, HINT_RANK)


def _literal(text: str, kind: str) -> str | int | bool | None:
    """A documented default as a value of the property's type; None where it is none."""
    bare = text.strip('"')
    if kind == "boolean":
        return {"true": True, "false": False}.get(bare)
    if kind == "integer":
        return int(bare) if bare.isdecimal() else None
    return bare if kind == "string" and re.fullmatch(r"[\w.:/-]+", bare) else None
