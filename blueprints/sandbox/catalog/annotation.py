"""Turns a type annotation of a generated SDK into a `Type`."""

from __future__ import annotations

import ast
from collections.abc import Callable

from .model import ANY, Type

# Wrappers that say how a value arrives or that it may be absent, not what it is.
_TRANSPARENT = {"Input", "Output", "Optional", "NotRequired", "Awaitable"}
_PRIMITIVES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "Any": "any"}
_LISTS = {"Sequence", "List", "list"}
_MAPS = {"Mapping", "Dict", "dict", "MutableMapping"}
_FILES = {
    "Asset": "asset",
    "FileAsset": "asset",
    "StringAsset": "asset",
    "Archive": "archive",
    "FileArchive": "archive",
}

Resolve = Callable[[str], Type]
"""Finds a class by the dotted name that an annotation uses."""


def read_annotation(node: ast.expr | None, resolve: Resolve) -> Type:
    """The type that an annotation describes; `any` where it describes none that a wire value could break."""
    match node:
        case ast.Constant(value=str(text)):
            return _name(text, resolve) if _is_dotted(text) else read_annotation(_parse(text), resolve)
        case ast.Name() | ast.Attribute():
            return _name(ast.unparse(node), resolve)
        case ast.Subscript(value=base, slice=inner):
            return _generic(ast.unparse(base).rpartition(".")[2], inner, resolve)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _union([left, right], resolve)
        case _:
            return ANY


def is_optional(node: ast.expr | None) -> bool:
    """Whether an annotation admits None once `Input` and `Output` are taken off."""
    match node:
        case ast.Constant(value=str(text)) if not _is_dotted(text):
            return is_optional(_parse(text))
        case ast.Subscript(value=base, slice=inner):
            name = ast.unparse(base).rpartition(".")[2]
            return name == "Optional" or (name in _TRANSPARENT and is_optional(inner))
        case _:
            return False


def _generic(name: str, inner: ast.expr, resolve: Resolve) -> Type:
    parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    if name in _TRANSPARENT:
        return read_annotation(parts[0], resolve)
    if name in _LISTS:
        return Type("list", item=read_annotation(parts[0], resolve))
    if name in _MAPS:
        return Type("map", item=read_annotation(parts[-1], resolve))
    if name == "Union":
        return _union(parts, resolve)
    if name == "Literal":
        constants = [part.value for part in parts if isinstance(part, ast.Constant)]
        types = [Type("const", value=value) for value in constants if isinstance(value, (str, int, bool))]
        return types[0] if len(types) == 1 else Type("union", options=tuple(types))
    return ANY


def _union(parts: list[ast.expr], resolve: Resolve) -> Type:
    options: list[Type] = []
    names = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
    has_input_type = any(name.endswith("Args") for name in names)
    for part in parts:
        if isinstance(part, ast.Constant):
            name = str(part.value)
            # `FooArgsDict` and, for functions, `outputs.Foo` are other ways to write the object `FooArgs`.
            if name == "None" or name.endswith("ArgsDict") or (has_input_type and "outputs." in name):
                continue
        option = read_annotation(part, resolve)
        for single in option.options if option.kind == "union" else (option,):
            if single not in options:
                options.append(single)
    if not options or ANY in options:
        return ANY
    return options[0] if len(options) == 1 else Type("union", options=tuple(options))


def _name(text: str, resolve: Resolve) -> Type:
    last = text.rpartition(".")[2]
    if text in (last, f"_builtins.{last}", f"builtins.{last}", f"typing.{last}") and last in _PRIMITIVES:
        return Type(_PRIMITIVES[last])  # pyright: ignore[reportArgumentType]
    if text in (last, f"pulumi.{last}") and last in _FILES:
        return Type(_FILES[last])  # pyright: ignore[reportArgumentType]
    if text == "None":
        return ANY
    return resolve(text)


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
