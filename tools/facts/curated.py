"""Reads the curated facts: statements that a person checked against the named source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import yaml

from blueprints.sandbox.catalog import Package
from blueprints.sandbox.facts import FactKind, Source
from blueprints.sandbox.facts.model import KINDS
from tools.facts.rows import Row
from tools.facts.tokens import Twins
from tools.facts.wire import object_of, walk

CURATED = Path(__file__).parents[2] / "blueprints" / "sandbox" / "facts" / "curated"
_GROUPS = {"exactly_one_of", "at_least_one_of"}


class CuratedError(Exception):
    """A curated file says something that the table cannot hold."""


def curated_rows(package: Package, twins: Twins, folder: Path = CURATED) -> Iterator[Row]:
    """Curated rows, each about a resource type and properties that the SDK declares."""
    for file in sorted((folder / package.name).glob("*.yaml")):
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        sources = {key: Source(*value) for key, value in content.pop("sources").items()}
        default = content.pop("source")
        for token, statements in content.items():
            known = _paths(package, token)
            if known is None:
                raise CuratedError(f"{file.name}: {package.name} {package.version} declares no {token}")
            for row in _rows(file, token, statements, sources, default):
                for path in _named_paths(row):
                    if path not in known:
                        raise CuratedError(f"{file.name}: {token} has no property {path!r} (named by {row.kind})")
                for member in twins.of(token):
                    twin = known if member == token else _paths(package, member) or set()
                    if twin.issuperset(_named_paths(row)):  # a twin may name a property its own way
                        yield replace(row, token=member)


def _paths(package: Package, token: str) -> set[str] | None:
    resource = package.resource(token)
    if resource is None:
        return None
    known = {""}
    for path, prop in walk(package, resource.inputs, deep=6):
        known |= {path, path + object_of(prop.type)[0]}
    return known


def _named_paths(row: Row) -> set[str]:
    others = row.value if row.kind in ("conflicts", "required_with", *_GROUPS) and row.value else []
    return {row.path, *others}


def _rows(
    file: Path, token: str, statements: dict[str, Any], sources: dict[str, Source], default: str
) -> Iterator[Row]:
    name = statements.get("source", default)
    if name not in sources:
        raise CuratedError(f"{file.name}: {token} names the source {name!r}, which the file does not list")
    source, opened = sources[name], statements.get("open", [])
    for key, value in statements.items():
        if key in ("source", "open"):
            continue
        if key == "unknown":  # withdraws what other sources say of a property: "<path> <kind>"
            for entry in value:
                path, _, withdrawn = entry.rpartition(" ")
                yield Row(token, path, cast(FactKind, withdrawn), None, source, False, 0)
            continue
        if key not in KINDS:
            raise CuratedError(f"{file.name}: {token} has the unknown kind {key!r}; kinds are {sorted(KINDS)}")
        kind = cast(FactKind, key)
        if kind in ("replaces", "updates", "sensitive"):
            for path in value:
                yield Row(token, path, kind, True, source, True, 0)
        elif kind in ("stateful", "delete_first"):
            yield Row(token, "", kind, value, source, True, 0)
        elif kind in _GROUPS:
            for group in value:
                yield Row(token, "", kind, group, source, kind not in opened, 0)
        else:
            for path, single in value.items():
                yield Row(token, path, kind, single, source, f"{path} {kind}" not in opened, 0)
