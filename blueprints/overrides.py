"""The named escape hatch: `overrides={"instance": {...}}` laid over the inputs of one child."""

from __future__ import annotations

import difflib
import inspect
import sys
import typing
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pulumi

from blueprints.errors import Problem, join
from blueprints.problems import copy_plain


def merged(inputs: Mapping[str, Any], override: Mapping[str, Any]) -> dict[str, Any]:
    """`override` laid over `inputs`: mappings merge, lists and scalars replace, `None` removes."""
    result = copy_plain(dict(inputs))
    for name, value in override.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], cast("Mapping[str, Any]", value))
        else:
            result[name] = copy_plain(value)
    return result


def misspelt(kind: type[pulumi.Resource], override: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """A problem for each name in `override` that the provider's class does not take, nested ones included."""
    signature = inspect.signature(getattr(kind, "_internal_init", kind.__init__))
    known = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if not name.startswith("__") and name not in {"self", "resource_name", "opts"}
    }
    yield from _unknown_names(known, override, path, sys.modules[kind.__module__])


def _unknown_names(known: Mapping[str, Any], given: Mapping[str, Any], path: str, module: Any) -> Iterator[Problem]:
    for name, value in given.items():
        at = join(path, name)
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            fix = f"did you mean `{close[0]}`?" if close else f"known here: {', '.join(sorted(known))}"
            yield Problem(at, "is not an input of this resource", fix, value)
            continue
        fields = _fields(known[name], module)
        if fields is None:
            continue
        for suffix, item in _items(value):
            yield from _unknown_names(fields, item, at + suffix, module)


def _items(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        yield "", cast("Mapping[str, Any]", value)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            if isinstance(item, Mapping):
                yield f"[{index}]", cast("Mapping[str, Any]", item)


def _fields(annotation: Any, module: Any) -> dict[str, Any] | None:
    """Field names of the one `...ArgsDict` that an annotation mentions; None where it mentions none."""
    for name in _names(annotation):
        if not name.endswith("ArgsDict"):
            continue
        inputs = sys.modules.get(f"{module.__name__.rpartition('.')[0]}._inputs")
        holder = getattr(inputs, name, None)
        if holder is not None:
            return dict(holder.__annotations__)
    return None


def _names(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, str):
        yield annotation
    elif isinstance(annotation, typing.ForwardRef):
        yield annotation.__forward_arg__
    elif isinstance(annotation, type) and annotation.__name__.endswith("ArgsDict"):
        yield annotation.__name__
    for argument in getattr(annotation, "__args__", ()):
        yield from _names(argument)
