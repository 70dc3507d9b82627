"""Which lists are sets, from the provider's schema as the prebuilt bindings of CDK for Terraform carry it.

The items of a set have no order, so a program that lists them another way round changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from blueprints.sandbox.catalog import Package, Property
from tools.facts.rows import Row
from tools.facts.sources import PROVIDER_SCHEMA, Folders
from tools.facts.tokens import TerraformNames
from tools.facts.wire import match_name, object_of

_ROOT = re.compile(r"synthesizeHclAttributes\(\) \{\n\s+const attrs = \{\n(.*?)^        \};", re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(r'^\s+(\w+): \{\n\s+value: (.*?),\n\s+isBlock: \w+,\n\s+type: "(\w+)"', re.MULTILINE)
_NESTED = re.compile(r"(\w+ToHclTerraform)\b")
_SIMPLE = {"stringToHclTerraform", "numberToHclTerraform", "booleanToHclTerraform", "anyToHclTerraform"}
RANK = 2

Attributes = dict[str, tuple[str, str | None]]
"""Type and nested structure of each attribute."""


def schema_attributes(folders: Folders) -> Iterator[tuple[str, list[str]]]:
    """Terraform resource types with their top-level attributes."""
    for folder in sorted(folders.provider_schema.iterdir()):
        if not folder.name.startswith("data-") and (folder / "index.js").is_file():
            names = [name for name in _structures(folder).get("", {}) if name not in ("id", "tags_all", "timeouts")]
            if names:
                yield f"aws_{folder.name.replace('-', '_')}", names


def set_rows(folders: Folders, package: Package, names: TerraformNames) -> Iterator[Row]:
    for folder in sorted(folders.provider_schema.iterdir()):
        for token in names.tokens(f"aws_{folder.name.replace('-', '_')}"):
            resource = package.resource(token)
            if resource is not None:
                for path in _sets(package, _structures(folder), "", resource.inputs):
                    yield Row(token, path, "set", True, PROVIDER_SCHEMA, True, RANK)


def _sets(
    package: Package, structures: dict[str, Attributes], structure: str, properties: dict[str, Property], deep: int = 5
) -> Iterator[str]:
    """Paths of the sets in a structure."""
    for attribute, (kind, nested) in structures.get(structure, {}).items():
        name = match_name(attribute, properties)
        if name is None:
            continue
        prop = properties[name]
        if kind == "set" and prop.type.kind == "list":
            yield name
        steps, ref = object_of(prop.type)
        if nested is not None and ref is not None and deep > 1:
            inner = package.object_type(ref).properties
            for path in _sets(package, structures, nested, inner, deep - 1):
                yield f"{name}{steps}.{path}"


def _structures(folder: Path) -> dict[str, Attributes]:
    """The attributes of the resource (under the empty name) and of its nested structures."""
    found: dict[str, Attributes] = {}
    for file in sorted(folder.rglob("*.js")):
        text = file.read_text(encoding="utf-8")
        for function in re.split(r"^(?=function \w+ToHclTerraform)", text, flags=re.MULTILINE)[1:]:
            name = function[len("function ") :].partition("(")[0]
            body = function.partition("const attrs = {\n")[2].partition("\n    };")[0]
            found[name] = _attributes(body)
        if root := _ROOT.search(text):
            found[""] = _attributes(root.group(1))
    return found


def _attributes(body: str) -> Attributes:
    result: Attributes = {}
    for name, value, kind in _ATTRIBUTE.findall(body):
        nested = next((found for found in _NESTED.findall(value) if found not in _SIMPLE), None)
        result[name] = (kind, nested)
    return result
