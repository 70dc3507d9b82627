"""Bundles that the tests render: everything on, and the smallest one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from blueprints.server import BundleSpec

DIGEST = "sha256:" + "a1" * 32
APP_IMAGE = f"registry.example.com/shop/app:1.4.2@{DIGEST}"


def full(folder: Path, **changes: Any) -> BundleSpec:
    """Two domains, Keycloak with a realm, static files, an own service, strict limits for the login."""
    static = folder / "public"
    static.mkdir(exist_ok=True)
    (static / "app.css").write_text("body { color: black }\n" * 100)
    (static / ".env").write_text("NOT=public\n")
    realm = {
        "realm": "shop",
        "enabled": True,
        "clients": [{"clientId": "app", "secret": "${secret:keycloak_client_secret}"}],
    }
    (folder / "realm.json").write_text(json.dumps(realm))
    settings: dict[str, Any] = {
        "name": "shop",
        "environment": "prod",
        "domains": ["shop.example.com", "www.example.com"],
        "app": {
            "image": APP_IMAGE,
            "secrets": ["smtp_password"],
            "environment": {"GREETING": "costs $5"},
            "migrate_command": ["python", "migrate.py"],
        },
        "keycloak": {"realm_file": str(folder / "realm.json")},
        "static": str(static),
        "services": [
            {"name": "worker", "image": APP_IMAGE, "secrets": ["smtp_password"], "data_path": "/data", "database": True}
        ],
    }
    return BundleSpec.load({**settings, **changes})


def small(**changes: Any) -> BundleSpec:
    """A development server: no domain, a self-signed certificate, no Keycloak, no database."""
    settings: dict[str, Any] = {
        "app": {"image": APP_IMAGE, "database": False},
        "postgres": None,
        "tls": {"mode": "self_signed"},
    }
    return BundleSpec.load({**settings, **changes})
