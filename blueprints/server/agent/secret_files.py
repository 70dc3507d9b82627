"""From secrets to the files that containers read: in memory, one owner each, replaced whole.

A file is rewritten when its content changes; the container that reads it is recreated by the next `compose up`, because
a label of it holds the versions of its secrets.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import AgentError
from .files import folder, write
from .layout import Layout
from .process import run
from .secret_store import Secret

_PLACEHOLDER = re.compile(r"\$\{secret:([a-z0-9_]+)\}")


def prepare_memory(layout: Layout) -> None:
    """Mounts the file system in memory that holds secrets. Its 16 MB are far above what secrets need."""
    target = layout.memory
    kind = run(["findmnt", "--noheadings", "--output", "FSTYPE", "--mountpoint", str(target)], accept=None).strip()
    if not kind:
        target.mkdir(parents=True, exist_ok=True)
        run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0711,nosuid,nodev,noexec", "tmpfs", str(target)])
    elif kind not in ("tmpfs", "ramfs"):
        raise AgentError(f"{target} is a {kind} file system, not memory: secrets are not written there")


def write_all(
    layout: Layout, description: Mapping[str, Any], secrets: Mapping[str, Secret], release: Path
) -> list[str]:
    """Writes every secret file of a bundle and removes what no bundle wants. Names of what changed, never values."""
    changed: list[str] = []
    versions: dict[str, list[str]] = {}
    folder(layout.secrets, mode=0o711)
    for entry in description["secret_files"]:
        service, name = entry["service"], entry["name"]
        path = folder(layout.secrets / service, mode=0o711) / name
        content = _content(entry, secrets, release)
        if write(path, content.encode(), uid=entry["uid"], gid=entry["gid"], mode=0o400):
            changed.append(f"{service}/{name}")
        versions.setdefault(service, []).extend(f"{name}:{secrets[name].version}" for name in entry["secrets"])
    lines = [f"{_variable(service)}={_digest(found)}\n" for service, found in sorted(versions.items())]
    write(layout.versions_file, "".join(lines).encode(), mode=0o600)
    return changed


def prune(layout: Layout, description: Mapping[str, Any]) -> None:
    """Removes the files that only an earlier bundle wanted; not before the switch, for it may have to come back."""
    wanted = {layout.secrets / entry["service"] / entry["name"] for entry in description["secret_files"]}
    for path in layout.secrets.rglob("*"):
        if path.is_file() and path not in wanted:
            path.unlink()


def missing(layout: Layout, description: Mapping[str, Any]) -> list[str]:
    """Secret files that are not there; containers must not start before this is empty."""
    paths = [f"{entry['service']}/{entry['name']}" for entry in description["secret_files"]]
    return [path for path in paths if not (layout.secrets / path).is_file()]


def _variable(service: str) -> str:
    return f"SECRETS_{service.upper().replace('-', '_')}"


def _digest(versions: list[str]) -> str:
    return hashlib.sha256(" ".join(sorted(versions)).encode()).hexdigest()[:16]


def _content(entry: Mapping[str, Any], secrets: Mapping[str, Secret], release: Path) -> str:
    values = {name: secrets[name].value for name in entry["secrets"]}
    match entry["form"]:
        case "keycloak_config":
            return (
                f"db-password={keycloak_value(values['keycloak_db_password'])}\n"
                f"bootstrap-admin-password={keycloak_value(values['keycloak_admin_password'])}\n"
            )
        case "realm":
            return realm(release / "keycloak" / "realm.json", values)
        case "plain":
            return values[entry["secrets"][0]]
        case form:
            raise AgentError(f"this agent does not know secret files of the form {form}")


def keycloak_value(value: str) -> str:
    """A value as Keycloak's configuration file takes it: a Java property in which `$` begins an expression."""
    if "\\$" in value or any(ord(mark) < 32 or ord(mark) > 126 for mark in value):
        raise AgentError(
            "Keycloak cannot take a password with \\$ or with characters outside printable ASCII; set another"
        )
    escaped = value.replace("\\", "\\\\").replace("$", "$$")
    # A leading blank would be taken as layout.
    return f"\\{escaped}" if escaped.startswith(" ") else escaped


def realm(path: Path, values: Mapping[str, str]) -> str:
    """The realm to import with the placeholders of its texts filled in."""

    def fill(node: Any) -> Any:
        if isinstance(node, str):
            return _PLACEHOLDER.sub(lambda match: _value(match[1]), node)
        if isinstance(node, list):
            return [fill(item) for item in node]  # pyright: ignore[reportUnknownVariableType]
        if isinstance(node, dict):
            return {key: fill(item) for key, item in node.items()}  # pyright: ignore[reportUnknownVariableType]
        return node

    def _value(name: str) -> str:
        if name not in values:
            raise AgentError(
                f"keycloak/realm.json asks for the secret {name}; only {', '.join(values)} can be used there"
            )
        return values[name]

    return json.dumps(fill(json.loads(path.read_text(encoding="utf-8"))))
