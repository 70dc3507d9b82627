"""The model as compact JSON, for the cache."""

from __future__ import annotations

import json
from typing import Any, cast

from .model import ANY, EnumType, FunctionType, Kind, ObjectType, Property, ResourceType, Type

Record = ResourceType | FunctionType | ObjectType | EnumType


def encode(record: Record | None) -> str:
    match record:
        case None:
            value: list[Any] = []
        case ResourceType():
            value = [
                "resource",
                record.token,
                _encode_properties(record.inputs),
                _encode_properties(record.outputs),
                sorted(record.secret_outputs),
                record.aliases,
                record.replace_on_changes,
                record.deprecated,
                record.component,
                record.remote,
            ]
        case FunctionType():
            arguments, result = _encode_properties(record.arguments), _encode_properties(record.result)
            value = ["function", record.token, arguments, result, record.deprecated]
        case ObjectType():
            value = ["object", record.key, _encode_properties(record.properties)]
        case EnumType():
            value = ["enum", record.key, record.values]
    return json.dumps(value, separators=(",", ":"))


def decode(text: str) -> Record | None:
    match json.loads(text):
        case ["resource", token, inputs, outputs, secrets, aliases, replacing, deprecated, component, remote]:
            return ResourceType(
                token=token,
                inputs=_decode_properties(inputs),
                outputs=_decode_properties(outputs),
                secret_outputs=frozenset(secrets),
                aliases=tuple(aliases),
                replace_on_changes=tuple(replacing),
                deprecated=deprecated,
                component=component,
                remote=remote,
            )
        case ["function", token, arguments, result, deprecated]:
            return FunctionType(token, _decode_properties(arguments), _decode_properties(result), deprecated)
        case ["object", key, properties]:
            return ObjectType(key, _decode_properties(properties))
        case ["enum", key, values]:
            return EnumType(key, tuple(values))
        case _:
            return None


def _encode_properties(properties: dict[str, Property]) -> list[Any]:
    return [
        [
            prop.name,
            _encode_type(prop.type),
            int(prop.required) | int(prop.secret) << 1 | int(prop.json) << 2,
            prop.description,
            prop.deprecated,
            prop.constant,
        ]
        for prop in properties.values()
    ]


def _decode_properties(rows: list[list[Any]]) -> dict[str, Property]:
    return {
        name: Property(name, _decode_type(kind), bool(flags & 1), bool(flags & 2), bool(flags & 4), text, old, constant)
        for name, kind, flags, text, old, constant in rows
    }


def _encode_type(kind: Type) -> Any:
    match kind.kind:
        case "list" | "map":
            return [kind.kind, _encode_type(kind.item or ANY)]
        case "object" | "enum":
            return [kind.kind, kind.ref]
        case "union":
            return ["union", *(_encode_type(option) for option in kind.options)]
        case "const":
            return ["const", kind.value]
        case _:
            return kind.kind


def _decode_type(value: Any) -> Type:
    if isinstance(value, str):
        return _simple(cast(Kind, value))
    kind, *rest = value
    match kind:
        case "list" | "map":
            return Type(kind, item=_decode_type(rest[0]))
        case "object" | "enum":
            return Type(kind, ref=rest[0])
        case "union":
            return Type("union", options=tuple(_decode_type(option) for option in rest))
        case _:
            return Type("const", value=rest[0])


_SIMPLE: dict[str, Type] = {"any": ANY}


def _simple(kind: Kind) -> Type:
    return _SIMPLE.setdefault(kind, Type(kind))
