"""Reads the curated facts: statements that a person checked against the named source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from blueprints.sandbox.catalog import Package
from blueprints.sandbox.facts import Source
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
    source = statements.get("source", default)
    if source not in sources:
        raise CuratedError(f"{file.name}: {token} names the source {source!r}, which the file does not list")
    for kind, value in statements.items():
        if kind in ("source", "open"):
            continue
        if kind in ("replaces", "updates", "sensitive", "unknown"):
            for entry in value:
                if kind == "unknown":  # withdraws what other sources say of a property
                    path, _, withdrawn = entry.rpartition(" ")
                    yield Row(token, path, withdrawn, None, sources[source], False, 0)
                else:
                    yield Row(token, entry, kind, True, sources[source], True, 0)
        elif kind not in KINDS:
            raise CuratedError(f"{file.name}: {token} has the unknown kind {kind!r}; kinds are {sorted(KINDS)}")
        elif kind in ("stateful", "delete_first"):
            yield Row(token, "", kind, value, sources[source], True, 0)
        elif kind in _GROUPS:
            closed = kind not in statements.get("open", [])
            for group in value:
                yield Row(token, "", kind, group, sources[source], closed, 0)
        else:
            opened = statements.get("open", [])
            for path, single in value.items():
                closed = f"{path} {kind}" not in opened
                yield Row(token, path, kind, single, sources[source], closed, 0)
