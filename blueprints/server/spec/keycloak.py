"""Keycloak, the identity provider beside the application."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from blueprints.errors import Problem
from blueprints.fields import Cidr, DomainName, Size, between_sizes
from blueprints.server.spec.images import KEYCLOAK, Image
from blueprints.server.spec.types import Role, UrlPath
from blueprints.settings import Settings


class KeycloakSpec(Settings):
    """Keycloak in production mode behind nginx, with a database of its own."""

    image: Image = KEYCLOAK
    """Keycloak's image (or one derived from it); the server builds the optimised form from it. Default 26.7.3."""
    optimized: bool = False
    """Whether `image` is already the result of `kc.sh build` with our options; then nothing is built. Default false."""
    hostname: DomainName | None = None
    """Host name of its own, for example auth.example.com. Default none: it shares the first domain, under `path`."""
    path: UrlPath = "/auth"
    """Path it is served under, without trailing slash; `/` only with a hostname of its own. Default /auth."""
    realm_file: str | None = None
    """Realm export (JSON) that is imported on the first start. `${secret:keycloak_client_secret}` in it is replaced on
    the server by the generated secret. Path relative to Pulumi.yaml's folder. Default none."""
    admin_allow: list[Cidr] = []
    """Ranges that reach the admin console and the master realm. Default none: closed to the internet; use `kcadm.sh` in
    a Session Manager session."""
    database: Role = "keycloak"
    """Name of its database and of the owner. Default keycloak."""
    memory: Annotated[Size, between_sizes("640MB", "16GB")] = "1GB"
    """Memory limit, 640 MB to 16 GB (Keycloak's sizing guide: below that the heap is too small). Default 1GB."""
    cpus: Annotated[float, Field(ge=0.25, le=64)] = 1.5
    """Processors it may use at most; start-up is what needs them. Default 1.5."""
    environment: dict[str, str] = {}
    """Further `KC_...` run-time options without secrets. Default none."""

    @property
    def prefix(self) -> str:
        """Path without trailing slash; empty for the root."""
        return self.path.rstrip("/")

    def rules(self) -> Iterator[Problem]:
        """Paths that do not shadow the application; an admin list that is one."""
        if not self.prefix and self.hostname is None:
            yield Problem(
                "path",
                "must not be / without a hostname of its own: it would shadow the application",
                "use /auth, or set hostname",
                self.path,
            )
        for index, cidr in enumerate(self.admin_allow):
            if ipaddress.ip_network(cidr).prefixlen == 0:
                yield Problem(
                    f"admin_allow[{index}]",
                    "must not be the whole internet (Keycloak's admin console)",
                    "name the ranges of your office or VPN",
                    cidr,
                )
        for name in self.environment:
            if not name.startswith("KC_"):
                yield Problem(f"environment.{name}", "must be a Keycloak option", "begin it with KC_", name)
            elif "PASSWORD" in name or "SECRET" in name:
                yield Problem(
                    f"environment.{name}",
                    "must not hold a secret: a container's environment is readable",
                    "passwords are generated and given as a file; remove it",
                )
