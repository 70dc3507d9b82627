"""The whole server in one description, all of it plain values: what `render_bundle` turns into files."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from blueprints.environments import Environment
from blueprints.errors import Problem
from blueprints.fields import Cidr, DomainName
from blueprints.server.spec.app import AppSpec
from blueprints.server.spec.container import ExtraService
from blueprints.server.spec.keycloak import KeycloakSpec
from blueprints.server.spec.nginx import NginxSpec
from blueprints.server.spec.postgres import BackupSpec, PostgresSpec, Release
from blueprints.server.spec.tls import TlsSpec
from blueprints.server.spec.types import ServiceName, UrlPath
from blueprints.settings import Settings

RESERVED_SECRETS = {
    "postgres_password": "password of PostgreSQL's superuser",
    "db_password": "password of the application's database owner",
    "keycloak_db_password": "password of Keycloak's database owner",
    "keycloak_admin_password": "first password of Keycloak's administrator",
    "keycloak_client_secret": "secret that the application shares with Keycloak",
    "tls_certificate": "certificate chain and private key",
}


class BundleSpec(Settings):
    """Everything that decides what runs on the server. Ids and ARNs are not part of it (see `HostParameters`)."""

    name: ServiceName = "server"
    """Name of the compose project."""
    environment: Environment = "dev"
    """The environment, as a label on containers and log entries."""
    domains: list[DomainName] = []
    """Host names; the first is canonical and the others redirect to it. Empty (dev only): any host name is answered."""
    tls: TlsSpec = TlsSpec()
    """The certificate."""
    app: AppSpec
    """The application."""
    release: Release = "recreate"
    """How a new version takes over. Default recreate."""
    keycloak: KeycloakSpec | None = None
    """The identity provider; none when left out."""
    postgres: PostgresSpec | None = PostgresSpec()
    """The database; `null` for none."""
    backup: BackupSpec = BackupSpec()
    """Daily logical backups."""
    nginx: NginxSpec = NginxSpec()
    """The web server in front."""
    static: str | None = None
    """Folder whose files nginx serves itself, 20 MB packed at most. Default none."""
    static_path: UrlPath = "/static/"
    """Path of the static files; `/` serves what exists and hands everything else to the application."""
    services: list[ExtraService] = []
    """The team's own compose services beside ours. Default none."""
    container_subnet: Cidr = "172.30.0.0/22"
    """Private range of the containers' networks, /16 to /22; must not overlap the VPC. Default 172.30.0.0/22."""

    @property
    def host(self) -> str | None:
        """The canonical host name; none where any is answered."""
        return self.domains[0] if self.domains else None

    @property
    def certificate_names(self) -> list[str]:
        """All names that the certificate must cover, the canonical one first."""
        names = list(self.domains)
        if self.keycloak and self.keycloak.hostname and self.keycloak.hostname not in names:
            names.append(self.keycloak.hostname)
        return names

    @property
    def images(self) -> list[str]:
        """Every image that the server pulls, the application's first."""
        parts = [self.nginx, *(part for part in (self.postgres, self.keycloak) if part is not None), *self.services]
        return [self.app.image, *(part.image for part in parts)]

    def rules(self) -> Iterator[Problem]:
        """What fits together."""
        yield from self._domains()
        yield from self._databases()
        yield from self._names()
        network = ipaddress.ip_network(self.container_subnet)
        if network.version != 4 or not 16 <= network.prefixlen <= 22:
            yield Problem(
                "container_subnet",
                "must be an IPv4 range from /16 to /22 (four networks of 256 addresses)",
                "use for example 172.30.0.0/22",
                self.container_subnet,
            )
        elif not network.is_private:
            yield Problem(
                "container_subnet",
                "must be a private range (RFC 1918): containers could not reach the real owner",
                "use for example 172.30.0.0/22",
                self.container_subnet,
            )

    def _domains(self) -> Iterator[Problem]:
        if not self.domains and self.tls.mode == "acme":
            yield Problem(
                "domains",
                "must name the server for tls.mode acme: no authority certifies an address",
                "add a domain, or use tls: {mode: self_signed} in dev",
            )
        for index, name in enumerate(self.domains):
            if name in self.domains[:index]:
                yield Problem(f"domains[{index}]", "is listed twice", "keep one of the two", name)
        if self.keycloak is None:
            return
        if self.keycloak.hostname is None and not self.domains:
            yield Problem(
                "keycloak",
                "needs a host name: Keycloak writes it into its tokens",
                "add a domain, or set keycloak.hostname",
            )
        if self.keycloak.hostname in self.domains:
            yield Problem(
                "keycloak.hostname",
                "is also the application's domain",
                "leave hostname out; Keycloak then shares the domain under keycloak.path",
                self.keycloak.hostname,
            )
        elif self.keycloak.hostname is None and _under(self.app.health_path, self.keycloak.prefix):
            yield Problem(
                "app.health_path",
                "lies under keycloak.path, which leads to Keycloak",
                "choose another path",
                self.app.health_path,
            )

    def _databases(self) -> Iterator[Problem]:
        if self.postgres is None:
            if self.keycloak is not None:
                yield Problem("postgres", "is needed by keycloak", "remove `postgres: null`, or keycloak")
            if self.app.database:
                yield Problem("postgres", "is needed by app.database", "set app.database: false, or keep postgres")
        elif self.keycloak and self.keycloak.database == self.postgres.database:
            yield Problem(
                "keycloak.database",
                "must not be the application's database",
                "use for example keycloak",
                self.keycloak.database,
            )
        elif self.postgres.database in ("postgres", "template0", "template1"):
            yield Problem("postgres.database", "is PostgreSQL's own", "use for example app", self.postgres.database)

    def _names(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for index, service in enumerate(self.services):
            if service.name in seen:
                yield Problem(f"services[{index}].name", "is listed twice", "rename one of the two", service.name)
            seen.add(service.name)
            yield from self._reserved(service.secrets, f"services[{index}].secrets")
        yield from self._reserved(self.app.secrets, "app.secrets")
        if self.static is not None and self.static_path != "/" and not self.static_path.endswith("/"):
            yield Problem("static_path", "must end with /", f"write {self.static_path}/", self.static_path)

    def _reserved(self, names: list[str], at: str) -> Iterator[Problem]:
        for index, name in enumerate(names):
            # The shared client secret is the one that an application may ask for by itself.
            if name in RESERVED_SECRETS and not (name == "keycloak_client_secret" and self.keycloak):
                yield Problem(
                    f"{at}[{index}]", f"is the bundle's own: the {RESERVED_SECRETS[name]}", "choose another name", name
                )


def _under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
