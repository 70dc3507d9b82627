"""The example programs in the SDK's documentation, as values that the facts table can be held against."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprints.sandbox.catalog import Package, Property
from blueprints.sandbox.catalog.location import all_tokens, find_installed, snake_case

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
UNKNOWN = object()
"""A value that an example computes."""


@dataclass(frozen=True)
class Example:
    """One resource of an example: its inputs by wire name."""

    token: str
    inputs: dict[str, Any]
    where: str


def sdk_examples(package: Package) -> Iterator[Example]:
    """Resources that the documentation's example programs create."""
    installed = find_installed(package.name)
    assert installed is not None
    classes = {
        (path.parent.relative_to(installed.root).as_posix(), token.rpartition(":")[2]): token
        for token, path in all_tokens(installed).items()
    }
    seen: set[str] = set()
    for path in sorted(set(all_tokens(installed).values())):
        for block in _BLOCK.findall(path.read_text(encoding="utf-8")):
            lines = block.splitlines()
            indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
            code = "\n".join(line[indent:] for line in lines)
            if code in seen:
                continue
            seen.add(code)
            yield from _resources(code, package, classes, path)


def _resources(code: str, package: Package, classes: dict[tuple[str, str], str], path: Path) -> Iterator[Example]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        parts = ast.unparse(node.func).split(".")
        if parts[0] != package.name or len(parts) < 2:
            continue
        token = classes.get(("/".join(parts[1:-1]), parts[-1]))
        resource = package.resource(token) if token else None
        if token is None or resource is None or any(keyword.arg is None for keyword in node.keywords):
            continue
        values = {str(keyword.arg): keyword.value for keyword in node.keywords if keyword.arg != "opts"}
        yield Example(token, _object(package, resource.inputs, values), f"{path.parent.name}/{path.name}")


def _object(package: Package, properties: dict[str, Property], values: dict[str, ast.expr]) -> dict[str, Any]:
    wire = {snake_case(name): name for name in properties}
    result: dict[str, Any] = {}
    for key, node in values.items():
        name = wire.get(key) or (key if key in properties else None)
        if name is not None:
            kind = properties[name].type
            result[name] = _value(package, kind, node)
    return result


def _value(package: Package, kind: Any, node: ast.expr) -> Any:
    if kind.kind == "union":
        kind = next((option for option in kind.options if option.kind in ("object", "list", "map")), kind.options[0])
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=items) if kind.kind == "list":
            return [_value(package, kind.item, item) for item in items]
        case ast.Dict(keys=keys, values=values) if kind.kind == "map":
            pairs = zip(keys, values, strict=True)
            return {ast.literal_eval(k): _value(package, kind.item, v) for k, v in pairs if isinstance(k, ast.Constant)}
        case ast.Dict(keys=keys, values=values) if kind.kind == "object":
            named = {str(k.value): v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant)}
            return _object(package, package.object_type(kind.ref).properties, named)
        case ast.Call(args=[], keywords=keywords) if kind.kind == "object" and all(k.arg for k in keywords):
            named = {str(keyword.arg): keyword.value for keyword in keywords}
            return _object(package, package.object_type(kind.ref).properties, named)
        case _:
            return UNKNOWN
