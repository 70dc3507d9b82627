"""Loads the facts of a package: one text file a service, one line a resource type, parsed only where asked for."""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from pathlib import Path
from typing import Any

from .model import Fact, FactKind, ResourceFacts, Source

# Names come from programs; nothing else may become a part of a path.
_NAME = re.compile(r"\w[\w.-]{0,99}")
_DATA = Path(__file__).parent / "data"


class Facts:
    """The facts table of one package. Lookups are safe from several threads."""

    def __init__(self, package: str, folder: Path) -> None:
        self.package = package
        self._folder = folder
        self._lock = threading.Lock()
        self._lines: dict[str, dict[str, str]] = {}
        self._resources: dict[str, ResourceFacts] = {}
        manifest: dict[str, Any] = {}
        if (folder / "manifest.json").is_file():
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.sdk_version: str = manifest.get("sdk_version", "")
        entries: list[list[str]] = manifest.get("sources", [])
        self.sources: tuple[Source, ...] = tuple(Source(*entry) for entry in entries)

    def resource(self, token: str) -> ResourceFacts:
        """What is known of a resource type; empty where nothing is."""
        found = self._resources.get(token)
        if found is None:
            with self._lock:
                found = self._resources[token] = self._read(token)
        return found

    def tokens(self) -> list[str]:
        """Every resource type with at least one fact, sorted. Reads the whole table."""
        services = sorted(path.stem for path in self._folder.glob("*.jsonl"))
        return sorted(token for service in services for token in self._service(service))

    def _read(self, token: str) -> ResourceFacts:
        line = self._service(service_of(token)).get(token)
        if line is None:
            return ResourceFacts(token)
        cells: list[tuple[str, FactKind, Any, int, int]] = json.loads(line)
        rows = tuple(
            Fact(token, path, kind, value, self.sources[source], bool(closed))
            for path, kind, value, source, closed in cells
        )
        return ResourceFacts(token, rows)

    def _service(self, service: str) -> dict[str, str]:
        if service not in self._lines:
            path = self._folder / f"{service}.jsonl"
            lines: dict[str, str] = {}
            if path.is_file():
                for line in path.read_text(encoding="utf-8").splitlines():
                    token, _, rows = line.partition("\t")
                    lines[token] = rows
            self._lines[service] = lines
        return self._lines[service]


def service_of(token: str) -> str:
    """`aws:ec2/instance:Instance` -> `ec2`: the name of the file that holds a resource type's facts."""
    module = token.split(":")[1] if token.count(":") == 2 else ""
    name = module.partition("/")[0]
    return name if _NAME.fullmatch(name) else ""


@cache
def table(package: str) -> Facts:
    """The facts of a Pulumi package (`aws`); an empty table for a package that no source covers."""
    return Facts(package, _DATA / (package if _NAME.fullmatch(package) else "none"))
