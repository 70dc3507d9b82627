"""What CloudFormation's resource schemas say: replacement, enumerations, limits and kinds of references.

CloudFormation and the Pulumi provider drive the same APIs, but not always in the same way, so these rows are never
closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from blueprints.sandbox.catalog import Package, Property
from tools.facts.rows import Row, usable_pattern
from tools.facts.sources import CDK, CLOUDFORMATION, Folders, read_json
from tools.facts.tokens import CloudFormationNames
from tools.facts.wire import match_name, object_of

REPLACES_RANK, MAYBE_RANK, LIMIT_RANK = 4, 5, 6
_LIMITS = {
    "minLength": "min_length",
    "maxLength": "max_length",
    "minimum": "minimum",
    "maximum": "maximum",
    "minItems": "min_items",
    "maxItems": "max_items",
}


def property_names(folders: Folders) -> dict[str, list[str]]:
    """The top-level properties of every CloudFormation resource type that a program may set."""
    return {name: sorted(_settable(schema)) for name, schema in schemas(folders)}


def schemas(folders: Folders) -> Iterator[tuple[str, dict[str, Any]]]:
    index: dict[str, str] = read_json(folders.cfn_lint / "providers" / "us-east-1.json")
    for name in sorted(index):
        if name.startswith("AWS::") and index[name]:
            yield name, read_json(folders.cfn_lint / "resources" / f"{index[name]}.json")


def cloudformation_rows(folders: Folders, package: Package, names: CloudFormationNames) -> Iterator[Row]:
    for name, schema in schemas(folders):
        for token in names.tokens(name):
            resource = package.resource(token)
            if resource is not None:
                yield from _replaced(token, schema, package, resource.inputs)
                yield from _Reader(token, schema, package, names).rows(schema, resource.inputs, "", ())


def service_spec_rows(folders: Folders, package: Package, names: CloudFormationNames) -> Iterator[Row]:
    """Replacement as the CDK's specification has it, which also knows where a change only may replace."""
    entities = read_json(folders.service_spec / "db.json.gz")["schema"]["resource"]["entities"]
    for entity in sorted(entities, key=lambda entity: entity["cloudFormationType"]):
        for token in names.tokens(entity["cloudFormationType"]):
            resource = package.resource(token)
            for name, prop in entity.get("properties", {}).items():
                path = match_name(name, resource.inputs) if resource else None
                if path is None:
                    continue
                if prop.get("causesReplacement") == "yes":
                    yield Row(token, path, "replaces", True, CDK, False, REPLACES_RANK)
                elif prop.get("causesReplacement") == "maybe":
                    yield Row(token, path, "may_replace", "depends on the change", CDK, False, MAYBE_RANK)


def _settable(schema: dict[str, Any]) -> set[str]:
    read_only = {pointer.split("/")[2] for pointer in schema.get("readOnlyProperties", ()) if pointer.count("/") == 2}
    return set(schema.get("properties", {})) - read_only


def _replaced(token: str, schema: dict[str, Any], package: Package, inputs: dict[str, Property]) -> Iterator[Row]:
    for pointer in schema.get("createOnlyProperties", ()):
        path = _path(pointer.split("/")[2:], package, inputs)
        if path is not None:
            yield Row(token, path, "replaces", True, CLOUDFORMATION, False, REPLACES_RANK)
    for pointer in schema.get("conditionalCreateOnlyProperties", ()):
        path = _path(pointer.split("/")[2:], package, inputs)
        if path is not None:
            yield Row(token, path, "may_replace", "depends on the change", CLOUDFORMATION, False, MAYBE_RANK)


def _path(steps: list[str], package: Package, properties: dict[str, Property]) -> str | None:
    """A JSON pointer as a wire path; None where a step has no certain counterpart."""
    path = ""
    for step in (step for step in steps if step != "*"):
        name = match_name(step, properties)
        if name is None:
            return None
        nested, ref = object_of(properties[name].type)
        path += f".{name}" if path else name
        if step != steps[-1]:
            if ref is None:
                return None
            path += nested
            properties = package.object_type(ref).properties
    return path or None


class _Reader:
    """Walks a schema and the SDK's type side by side."""

    def __init__(self, token: str, schema: dict[str, Any], package: Package, names: CloudFormationNames) -> None:
        self._token = token
        self._definitions: dict[str, Any] = schema.get("definitions", {})
        self._package = package
        self._names = names

    def rows(
        self, schema: dict[str, Any], properties: dict[str, Property], prefix: str, seen: tuple[str, ...]
    ) -> Iterator[Row]:
        for foreign, definition in schema.get("properties", {}).items():
            name = match_name(foreign, properties)
            if name is None:
                continue
            prop, path = properties[name], f"{prefix}{name}"
            resolved = self._resolve(definition)
            yield from self._limits(path, prop, resolved)
            steps, ref = object_of(prop.type)
            item = resolved
            while item.get("type") == "array":
                item = self._resolve(item.get("items", {}))
            if ref is not None and ref not in seen and len(seen) < 4 and "properties" in item:
                nested = self._package.object_type(ref).properties
                yield from self.rows(item, nested, f"{path}{steps}.", (*seen, ref))

    def _limits(self, path: str, prop: Property, schema: dict[str, Any]) -> Iterator[Row]:
        kind = prop.type.kind
        if kind in ("string", "union") and schema.get("type") == "string":
            if values := schema.get("enum"):
                yield self._row(path, "enum", list(values))
            if (
                (pattern := usable_pattern(schema.get("pattern", ""), anywhere=True))
                and "." not in path
                and not schema.get("enum")
            ):
                yield self._row(path, "pattern", pattern)
        for foreign, limit in _LIMITS.items():
            if foreign in schema and _fits(limit, kind):
                yield self._row(path, limit, schema[foreign])
        steps = "[]" if kind == "list" else ""
        item = self._resolve(schema.get("items", {})) if kind == "list" else schema
        if reference := self._reference(item):
            yield self._row(path + steps, "reference", reference)

    def _reference(self, schema: dict[str, Any]) -> dict[str, list[str]] | None:
        """`format: AWS::KMS::Key.Arn` says what a text refers to and in which form."""
        formats = [option.get("format", "") for option in schema.get("anyOf", ())] or [schema.get("format", "")]
        forms: list[str] = []
        targets: list[str] = []
        for name in formats:
            target, _, attribute = name.rpartition(".")
            token = self._names.token(target)
            form = next((form for form in ("Arn", "Id", "Name", "Url") if attribute.endswith(form)), None)
            if token is None or form is None:
                return None
            forms.append(form.lower())
            targets.append(token)
        return {"forms": sorted(set(forms)), "to": sorted(set(targets))} if forms else None

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref", "")
        return self._definitions.get(reference.rpartition("/")[2], {}) if reference else schema

    def _row(self, path: str, kind: Any, value: Any) -> Row:
        return Row(self._token, path, kind, value, CLOUDFORMATION, False, LIMIT_RANK)


def _fits(limit: str, kind: str) -> bool:
    if limit.endswith("_length"):
        return kind == "string"
    if limit.endswith("_items"):
        return kind == "list"
    return kind in ("integer", "number")
