"""Struct messages to Python values and back, without loss.

Pulumi marks what JSON cannot say by signatures and sentinel strings. Their values are part of the wire protocol; the
engine's own list is `sdk/go/common/resource/sig` and `resource/plugin/rpc.go` of pulumi/pulumi.
"""

from __future__ import annotations

from typing import Any

from blueprints.sandbox.provider.rpc import struct_pb2
from blueprints.sandbox.provider.values import (
    Archive,
    Asset,
    OutputValue,
    ResourceReference,
    Secret,
    Unknown,
    is_list,
    is_map,
)

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a protocol marker
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

SENTINELS = {
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9": "string",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7": "boolean",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421": "number",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2": "array",
    "030794c1-ac77-496b-92df-f27374a8bd58": "asset",
    "e48ece36-62e2-4504-bad9-02848725956a": "archive",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff": "object",
}
_SENTINEL_OF = {kind: sentinel for sentinel, kind in SENTINELS.items()}
_SAFE_INTEGER = 2**53


def decode(struct: Any) -> dict[str, Any]:
    """A Struct as a dict. Whole numbers become `int`, since the wire knows only doubles."""
    return {key: decode_value(value) for key, value in struct.fields.items()}


def decode_value(value: Any) -> Any:
    """One Value as Python."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        if len(text) == 36 and text in SENTINELS:
            return Unknown(SENTINELS[text])
        return text
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) <= _SAFE_INTEGER else number
    if kind == "struct_value":
        fields = value.struct_value.fields
        if SIGNATURE in fields:
            return _decode_signed(fields)
        return {key: decode_value(item) for key, item in fields.items()}
    if kind == "list_value":
        return [decode_value(item) for item in value.list_value.values]
    return None


def _decode_signed(fields: Any) -> Any:
    signature = fields[SIGNATURE].string_value
    if signature == SECRET:
        return Secret(decode_value(fields["value"]))
    if signature == ASSET:
        return Asset(*(_text(fields, key) for key in ("text", "path", "uri")), hash=_text(fields, "hash") or "")
    if signature == ARCHIVE:
        entries = fields["assets"].struct_value.fields if "assets" in fields else None
        assets = None if entries is None else {key: decode_value(item) for key, item in entries.items()}
        return Archive(assets, _text(fields, "path"), _text(fields, "uri"), _text(fields, "hash") or "")
    if signature == RESOURCE:
        identity = decode_value(fields["id"]) if "id" in fields else None
        return ResourceReference(_text(fields, "urn") or "", identity, _text(fields, "packageVersion") or "")
    if signature == OUTPUT:
        known = "value" in fields
        secret = fields["secret"].bool_value if "secret" in fields else False
        dependencies = fields["dependencies"].list_value.values if "dependencies" in fields else ()
        value = decode_value(fields["value"]) if known else None
        return OutputValue(value, known, secret, tuple(item.string_value for item in dependencies))
    return {key: decode_value(item) for key, item in fields.items()}


def _text(fields: Any, key: str) -> str | None:
    return fields[key].string_value if key in fields else None


def encode(values: dict[str, Any]) -> Any:
    """A dict as a Struct."""
    struct = struct_pb2.Struct()
    _fill(struct.fields, values)
    return struct


def _fill(fields: Any, values: dict[str, Any]) -> None:
    for key, value in values.items():
        _set(fields[key], value)


def encode_value(value: Any) -> Any:
    """One Python value as a Value."""
    message = struct_pb2.Value()
    _set(message, value)
    return message


def _set(message: Any, value: Any) -> None:
    if value is None:
        message.null_value = 0
    elif isinstance(value, str):
        message.string_value = value
    elif isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, int | float):
        message.number_value = value
    elif is_map(value):
        message.struct_value.SetInParent()
        _fill(message.struct_value.fields, value)
    elif is_list(value):
        message.list_value.SetInParent()
        for item in value:
            _set(message.list_value.values.add(), item)
    elif isinstance(value, Unknown):
        message.string_value = _SENTINEL_OF[value.kind]
    else:
        _fill(message.struct_value.fields, _signed(value))


def _signed(value: Any) -> dict[str, Any]:
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": value.value}
    if isinstance(value, Asset):
        return {SIGNATURE: ASSET, **_present(value, "text", "path", "uri", "hash")}
    if isinstance(value, Archive):
        return {SIGNATURE: ARCHIVE, **_present(value, "assets", "path", "uri", "hash")}
    if isinstance(value, ResourceReference):
        fields: dict[str, Any] = {SIGNATURE: RESOURCE, "urn": value.urn}
        if value.id is not None:
            fields["id"] = value.id
        if value.version:
            fields["packageVersion"] = value.version
        return fields
    if isinstance(value, OutputValue):
        fields = {SIGNATURE: OUTPUT}
        if value.known:
            fields["value"] = value.value
        if value.secret:
            fields["secret"] = True
        if value.dependencies:
            fields["dependencies"] = list(value.dependencies)
        return fields
    raise TypeError(f"a property cannot be a {type(value).__name__}")


def _present(value: Any, *names: str) -> dict[str, Any]:
    fields = {name: getattr(value, name) for name in names}
    return {name: item for name, item in fields.items() if item is not None and (name != "hash" or item)}
