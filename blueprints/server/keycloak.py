"""Keycloak's part of the bundle: the optimised image, its run-time options and its share of the secrets.

Keycloak has no `..._FILE` variables. Its passwords reach it in a configuration file that the agent writes into memory
and that only Keycloak's user can read (`--config-file`); options without secrets stay in the environment.
"""

from __future__ import annotations

import hashlib

from blueprints.server.addresses import Addresses
from blueprints.server.spec import BundleSpec, KeycloakSpec
from blueprints.server.template import render

KEYCLOAK_USER = (1000, 0)
"""User and group of Keycloak inside its image."""

CONFIG_FILE = "keycloak.conf"
REALM_FILE = "realm.json"


def dockerfile(keycloak: KeycloakSpec) -> str:
    """The optimised image: what `kc.sh build` would write at start-up is written once, so the root can be read-only."""
    return render("keycloak/Dockerfile", image=keycloak.image, path=keycloak.prefix or "/")


def image_name(keycloak: KeycloakSpec) -> str:
    """Name of the image that runs. A built one is named by its recipe: the same recipe is never built twice."""
    if keycloak.optimized:
        return keycloak.image
    return f"blueprints/keycloak:{hashlib.sha256(dockerfile(keycloak).encode()).hexdigest()[:16]}"


def public_url(spec: BundleSpec) -> str:
    """Where browsers find Keycloak, as it writes it into its tokens."""
    keycloak = spec.keycloak
    if keycloak is None:
        raise ValueError("the bundle has no Keycloak")
    return f"https://{keycloak.hostname or spec.host}{keycloak.prefix}"


def internal_url(keycloak: KeycloakSpec) -> str:
    """Where the application's own requests find it, without leaving the server."""
    return f"http://keycloak:8080{keycloak.prefix}"


def options(spec: BundleSpec) -> dict[str, str]:
    """Run-time options, none of them secret (keycloak.org/server/all-config)."""
    keycloak = spec.keycloak
    if keycloak is None:
        raise ValueError("the bundle has no Keycloak")
    return {
        "KC_BOOTSTRAP_ADMIN_USERNAME": "admin",
        # One node: no cluster to look for, no ports for it.
        "KC_CACHE": "local",
        "KC_DB_URL": f"jdbc:postgresql://postgres:5432/{keycloak.database}",
        "KC_DB_USERNAME": keycloak.database,
        "KC_HOSTNAME": public_url(spec),
        # The application may use the internal address; tokens still name the public one.
        "KC_HOSTNAME_BACKCHANNEL_DYNAMIC": "true",
        "KC_HTTP_ENABLED": "true",
        "KC_LOG_CONSOLE_OUTPUT": "json",
        "KC_PROXY_HEADERS": "xforwarded",
        # Only nginx may say who the client is.
        "KC_PROXY_TRUSTED_ADDRESSES": Addresses(spec.container_subnet).on_edge("nginx"),
        # Half of the limit for the heap; the rest is metaspace, threads and buffers.
        "JAVA_OPTS_KC_HEAP": "-XX:MaxRAMPercentage=50 -XX:InitialRAMPercentage=25",
        **keycloak.environment,
    }


def health_check() -> list[str]:
    """Asks the management port, which no other container's clients are led to. The image has bash but no curl."""
    script = (
        "exec 3<>/dev/tcp/127.0.0.1/9000 && "
        "printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && "
        'read -r _ status _ <&3 && [ "$$status" = 200 ]'
    )
    return ["CMD", "bash", "-c", script]
