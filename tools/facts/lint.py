"""Enumerations, patterns and lengths from botocore's models, by the attribute mappings of tflint-ruleset-aws.

The mappings say, by human review, which shape of a service's API the text of an attribute must fit; attributes where
the API accepts more than its model says are left out there. Only texts are mapped that way, so only they are closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from blueprints.sandbox.catalog import Package
from tools.facts.rows import MAX_CLOSED_VALUES, Row, usable_pattern
from tools.facts.sources import LINT, Folders, read_json
from tools.facts.tokens import TerraformNames
from tools.facts.wire import match_name

_IMPORT = re.compile(r'import\s*=\s*"api-models-aws/models/([^/]+)/service/([^/]+)/')
_MAPPING = re.compile(r'^mapping "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(r"^\s*(\w+)\s*=\s*(\w+)\s*(?://.*)?$", re.MULTILINE)
RANK = 2


def lint_rows(folders: Folders, package: Package, names: TerraformNames) -> Iterator[Row]:
    for file in sorted(folders.lint_mappings.glob("*.hcl")):
        text = file.read_text(encoding="utf-8")
        model = _IMPORT.search(text)
        shapes = _service_shapes(folders.botocore, model.group(1)) if model else {}
        for terraform, body in _MAPPING.findall(text):
            for token in names.tokens(terraform):
                resource = package.resource(token)
                if resource is None:
                    continue
                for attribute, shape in _ATTRIBUTE.findall(body):
                    prop = match_name(attribute, resource.inputs)
                    if prop is None or shape == "any" or shape not in shapes:
                        continue
                    if _is_text(resource.inputs[prop].type.kind):
                        yield from shape_rows(token, prop, shapes[shape])


def mapped_attributes(folders: Folders) -> Iterator[tuple[str, list[str]]]:
    """Terraform resource types with the attributes that the mappings name."""
    for file in sorted(folders.lint_mappings.glob("*.hcl")):
        for terraform, body in _MAPPING.findall(file.read_text(encoding="utf-8")):
            yield terraform, [attribute for attribute, _ in _ATTRIBUTE.findall(body)]


def shape_rows(token: str, path: str, shape: dict[str, Any]) -> Iterator[Row]:
    """What a text shape says, as the linter reads it: an enumeration alone, or else lengths and pattern."""
    if shape.get("type") != "string":
        return
    if values := shape.get("enum"):
        yield Row(token, path, "enum", list(values), LINT, len(values) <= MAX_CLOSED_VALUES, RANK)
        return
    if (low := shape.get("min")) is not None and low > 1:  # the provider takes an empty text for one that is left out
        yield Row(token, path, "min_length", low, LINT, True, RANK)
    if (high := shape.get("max")) is not None:
        yield Row(token, path, "max_length", high, LINT, True, RANK)
    if pattern := usable_pattern(shape.get("pattern", "")):
        yield Row(token, path, "pattern", pattern, LINT, True, RANK)


def _is_text(kind: str) -> bool:
    return kind in ("string", "union")


@cache
def _services(botocore: Path) -> dict[str, Path]:
    """The newest model of each service by the name that AWS' model repository uses."""
    found: dict[str, Path] = {}
    for model in sorted(botocore.glob("*/*/service-2.json.gz")):
        service = read_json(model)["metadata"].get("serviceId", "")
        found[service.lower().replace(" ", "-")] = model
    return found


def service_model(botocore: Path, service: str) -> dict[str, Any]:
    """The newest model of a service by the name that AWS' model repository uses; KeyError where there is none."""
    return read_json(_services(botocore)[service])


def _service_shapes(botocore: Path, service: str) -> dict[str, Any]:
    return service_model(botocore, service)["shapes"] if service in _services(botocore) else {}
