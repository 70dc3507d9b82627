"""The package schema that an import asks for, limited to what there is to import.

`pulumi import` writes code for what it brings in, and for that needs the schema of its type. The whole schema of AWS
has some 50 MB; what can be imported here is what the account holds, so only those types are described.
"""

from __future__ import annotations

import json
from typing import Any

from blueprints.sandbox.catalog import Package, Property, Type
from blueprints.sandbox.provider.session import Session

_SCALARS = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}


def importable_schema(session: Session) -> str:
    """The schema as JSON text."""
    package = session.catalog
    if package is None:
        return json.dumps({"name": session.package, "version": "0.0.0"})
    writer = _Writer(package)
    held = {row.type for row in session.account.of_project()} | session.world.described_types()
    resources = {token: writer.resource(token) for token in sorted(held) if package.resource(token) is not None}
    schema = {
        "name": package.name,
        "version": package.version,
        "resources": resources,
        "types": writer.types,
        "provider": {"type": "object"},
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
    }
    return json.dumps(schema)


class _Writer:
    """Writes declarations in the form of the package schema; collects the nested types on the way."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.types: dict[str, Any] = {}

    def resource(self, token: str) -> dict[str, Any]:
        """One resource type."""
        declared = self._package.resource(token)
        assert declared is not None
        return {
            "inputProperties": self._properties(declared.inputs),
            "requiredInputs": sorted(declared.required),
            "properties": self._properties(declared.outputs),
            "required": sorted(name for name, output in declared.outputs.items() if output.required),
        }

    def _properties(self, declared: dict[str, Property]) -> dict[str, Any]:
        return {name: self._type(member.type) for name, member in declared.items()}

    def _type(self, declared: Type) -> dict[str, Any]:
        if declared.kind in _SCALARS:
            return {"type": _SCALARS[declared.kind]}
        if declared.kind == "list" and declared.item:
            return {"type": "array", "items": self._type(declared.item)}
        if declared.kind == "map" and declared.item:
            return {"type": "object", "additionalProperties": self._type(declared.item)}
        if declared.kind == "object" and declared.ref:
            return {"$ref": f"#/types/{self._object(declared.ref)}"}
        if declared.kind == "union":
            # An open enumeration is written as the text that it accepts.
            return self._type(declared.options[0])
        if declared.kind in ("asset", "archive"):
            return {"$ref": f"pulumi.json#/{declared.kind.capitalize()}"}
        if declared.kind == "enum":
            return {"type": "string"}
        return {"$ref": "pulumi.json#/Any"}

    def _object(self, ref: str) -> str:
        """The token of a nested type: its folder is the module, its class the name."""
        file, _, name = ref.partition("#")
        folder = file.rpartition("/")[0] or "index"
        token = f"{self._package.name}:{folder}/{name}:{name}"
        if token not in self.types:
            declared = self._package.object_type(ref)
            self.types[token] = {}
            self.types[token] = {
                "type": "object",
                "properties": self._properties(declared.properties),
                "required": sorted(declared.required),
            }
        return token
