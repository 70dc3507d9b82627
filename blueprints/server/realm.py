"""The realm that Keycloak imports: checked before it is uploaded, and free of secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from blueprints.errors import Problem, SettingsError

_AT = "keycloak.realm_file"


def read_realm(path: Path) -> str:
    """A realm export as stable text. Raises `SettingsError` for one that is unusable or holds a secret."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _wrong("must be a file that exists", "export the realm to it", str(path)) from None
    except (OSError, UnicodeDecodeError, ValueError):
        raise _wrong("must be a realm export in JSON", "export it again", str(path)) from None
    realm = cast("dict[str, Any]", content) if isinstance(content, dict) else {}
    if not isinstance(realm.get("realm"), str):
        raise _wrong('must be one realm, with "realm" as its name', "export one realm", str(path))
    if realm["realm"] == "master":
        raise _wrong("must not be the master realm, which administers all", "use a realm of your own", "master")
    for client in cast("list[dict[str, Any]]", realm.get("clients", [])):
        if not str(client.get("secret") or "${secret:").startswith("${secret:"):
            raise _wrong(
                f"must not hold a client secret in plain text (client {client.get('clientId')})",
                'write "${secret:keycloak_client_secret}" in its place',
            )
    return json.dumps(realm, indent=2, sort_keys=True) + "\n"


def _wrong(limit: str, fix: str, value: str | None = None) -> SettingsError:
    return SettingsError([Problem(_AT, limit, fix, value)])
