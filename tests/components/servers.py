"""Settings of the servers that several test files look at."""

from __future__ import annotations

from typing import Any

IMAGE_REF = "registry.example.com/team/app:1.4.2"
DEV: dict[str, Any] = {"app": {"image": IMAGE_REF}, "tls": {"mode": "self_signed"}}
PROD: dict[str, Any] = {
    "environment": "prod",
    "domains": ["shop.example.com", "www.shop.example.com"],
    "app": {"image": IMAGE_REF},
    "keycloak": {},
}
