"""Which secret becomes which file, for which container: the one table that compose and the host's agent both follow.

Each container has files of its own under /srv/memory/secrets/<service>/, owned by its user and readable by no
other; a secret that two containers need is written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from blueprints.server.keycloak import CONFIG_FILE, KEYCLOAK_USER, REALM_FILE
from blueprints.server.spec import RESERVED_SECRETS, BundleSpec
from blueprints.server.spec.types import owner

Form = Literal["plain", "keycloak_config", "realm"]


@dataclass(frozen=True)
class SecretNeed:
    """A secret that must exist in Secrets Manager for this bundle."""

    name: str
    """Name within the bundle, for example `db_password`."""
    description: str
    """What it is, for people."""
    generated: bool
    """Whether the server generates the value at its first boot; otherwise someone must put it there."""


@dataclass(frozen=True)
class SecretFile:
    """A file that the agent writes before containers start."""

    service: str
    """Container that gets it (`app` stands for both colours)."""
    name: str
    """File name, which is also its name under /run/secrets."""
    secrets: tuple[str, ...]
    """Secrets it is made of."""
    uid: int
    gid: int
    form: Form = "plain"
    """`plain` is the value itself; the others are rendered by the agent."""


def secret_files(spec: BundleSpec) -> tuple[SecretFile, ...]:
    """Every secret file of the bundle, in a stable order."""
    files: list[SecretFile] = []
    uid, gid = owner(spec.app.user)
    names = ["db_password"] if spec.app.database else []
    if spec.keycloak:
        names.append("keycloak_client_secret")
    for name in [*names, *(extra for extra in spec.app.secrets if extra not in names)]:
        files.append(SecretFile("app", name, (name,), uid, gid))
    if spec.keycloak:
        kc_uid, kc_gid = KEYCLOAK_USER
        passwords = ("keycloak_db_password", "keycloak_admin_password")
        files.append(SecretFile("keycloak", CONFIG_FILE, passwords, kc_uid, kc_gid, "keycloak_config"))
        if spec.keycloak.realm_file:
            files.append(SecretFile("keycloak", REALM_FILE, ("keycloak_client_secret",), kc_uid, kc_gid, "realm"))
    if spec.postgres:
        pg = spec.postgres.user_id
        files.append(SecretFile("postgres", "postgres_password", ("postgres_password",), pg, pg))
        for name in database_secrets(spec).values():
            files.append(SecretFile("database-setup", name, (name,), pg, pg))
        files.append(SecretFile("database-setup", "postgres_password", ("postgres_password",), pg, pg))
    for service in spec.services:
        uid, gid = owner(service.user)
        files += [SecretFile(service.name, name, (name,), uid, gid) for name in service.secrets]
    return tuple(files)


def database_secrets(spec: BundleSpec) -> dict[str, str]:
    """Databases of the bundle and the secret with the password of each one's owner."""
    found: dict[str, str] = {}
    if spec.postgres and spec.app.database:
        found[spec.postgres.database] = "db_password"
    if spec.keycloak:
        found[spec.keycloak.database] = "keycloak_db_password"
    return found


def secret_needs(spec: BundleSpec) -> tuple[SecretNeed, ...]:
    """Every secret that the bundle reads; what infrastructure must create (empty, where the server generates it)."""
    names = {name for file in secret_files(spec) for name in file.secrets}
    if spec.tls.mode == "provided":
        names.add("tls_certificate")
    return tuple(
        SecretNeed(
            name=name,
            description=RESERVED_SECRETS.get(name, "secret of the team"),
            generated=name in RESERVED_SECRETS and name != "tls_certificate",
        )
        for name in sorted(names)
    )
