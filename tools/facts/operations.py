"""What a change does, from the operations of a service's API in botocore's models.

A member that the creating operation takes and no changing operation takes cannot be changed in place, whatever provider
drives the API; one that a changing operation takes, the provider changes in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from blueprints.sandbox.catalog import Package
from blueprints.sandbox.facts import Source
from tools.facts.lint import service_model
from tools.facts.rows import Row
from tools.facts.sources import BOTOCORE, Folders
from tools.facts.tokens import Twins
from tools.facts.wire import match_name

_REVIEWED = Path(__file__).parent / "reviewed" / "operations.yaml"
RANK = 1


def operation_rows(folders: Folders, package: Package, twins: Twins) -> Iterator[Row]:
    content: dict[str, dict[str, Any]] = yaml.safe_load(_REVIEWED.read_text(encoding="utf-8"))
    for token, entry in content.items():
        model = service_model(folders.botocore, entry["service"])
        created = {name for operation in entry["create"] for name in _members(model, operation)}
        changed = {name for operation in entry["update"] for name in _members(model, operation)} - set(entry["key"])
        resource = package.resource(token)
        if resource is None:
            raise KeyError(token)
        names: dict[str, str] = entry.get("names", {})
        for prop in resource.inputs:
            if prop in (*entry.get("skip", ()), "tags"):  # tags have operations of their own
                continue
            create_name = names.get(prop) if names.get(prop) in created else match_name(prop, created)
            update_name = names.get(prop) if names.get(prop) in changed else match_name(prop, changed)
            if update_name is not None:
                detail = f"{' or '.join(entry['update'])} takes {update_name}"
                kind = "updates"
            elif create_name is not None:
                detail = f"{' or '.join(entry['create'])} takes {create_name}, no operation changes it"
                kind = "replaces"
            else:
                continue
            for member in twins.of(token):
                yield Row(member, prop, kind, True, Source("botocore service models", BOTOCORE, detail), False, RANK)


def _members(model: dict[str, Any], operation: str) -> list[str]:
    shape = model["operations"][operation]["input"]["shape"]
    return list(model["shapes"][shape]["members"])
