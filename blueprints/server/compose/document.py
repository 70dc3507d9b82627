"""The compose file: our services, the team's, their secrets and networks, in one document."""

from __future__ import annotations

from typing import Any

import yaml

from blueprints.server.addresses import Addresses
from blueprints.server.compose import ours
from blueprints.server.compose.defaults import DATA, MEMORY, base, bind, health, in_memory, literal
from blueprints.server.keycloak import REALM_FILE
from blueprints.server.secret_files import SecretFile, secret_files
from blueprints.server.spec import BundleSpec, ExtraService


def compose_document(spec: BundleSpec) -> dict[str, Any]:
    """The compose file as data (compose specification; read by Docker Compose v2)."""
    services: dict[str, dict[str, Any]] = {"nginx": ours.nginx(spec)}
    for name in ours.colours(spec):
        services[name] = ours.app(spec, name)
    if spec.app.migrate_command:
        services["migrate"] = ours.migrate(spec, spec.app.migrate_command)
    if spec.keycloak:
        services["keycloak"] = ours.keycloak(spec, spec.keycloak)
    if spec.postgres:
        services["postgres"] = ours.postgres(spec.postgres)
        services["database-setup"] = ours.database_setup(spec.postgres)
    for extra in spec.services:
        services[extra.name] = _extra(extra)
    files = secret_files(spec)
    for name, service in services.items():
        owner = "app" if name in (*ours.colours(spec), "migrate") else name
        _give_secrets(service, [file for file in files if file.service == owner])
        service["labels"] = {
            "com.blueprints.server": spec.name,
            "com.blueprints.environment": spec.environment,
            # Changes with the versions of the secrets inside, so that `up` recreates who reads a rotated one.
            "com.blueprints.secrets": f"${{{version_variable(owner)}:-}}",
            **service.get("labels", {}),
        }
    document: dict[str, Any] = {"name": spec.name, "services": services, "networks": _networks(spec)}
    if spec.postgres:
        user = spec.postgres.user_id
        options = {"type": "tmpfs", "device": "tmpfs", "o": f"uid={user},gid={user},mode=0700,size=1m"}
        document["volumes"] = {"postgres-socket": {"driver": "local", "driver_opts": options}}
    if files:
        document["secrets"] = {
            _source(file): {"file": f"{MEMORY}/secrets/{file.service}/{file.name}"} for file in files
        }
    return document


def compose_yaml(spec: BundleSpec) -> str:
    """The compose file as text; the same settings give the same bytes."""
    head = "# Written by blueprints from the stack's settings; change those. Every secret is a file in memory.\n"
    return head + yaml.dump(compose_document(spec), Dumper=_Plain, sort_keys=False, width=1000)


def version_variable(service: str) -> str:
    """Variable that holds the versions of the secrets a service reads."""
    return f"SECRETS_{service.upper().replace('-', '_')}"


class _Plain(yaml.SafeDumper):
    """Writes repeated values out: anchors would make the file hard to read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's hook
        return True


def _source(file: SecretFile) -> str:
    return f"{file.service}-{file.name}"


def _give_secrets(service: dict[str, Any], files: list[SecretFile]) -> None:
    entries: list[dict[str, str]] = []
    for file in files:
        # Keycloak looks for realms in one folder only.
        target = f"/opt/keycloak/data/import/{REALM_FILE}" if file.form == "realm" else file.name
        entries.append({"source": _source(file), "target": target})
    if entries:
        service["secrets"] = entries


def _networks(spec: BundleSpec) -> dict[str, Any]:
    addresses = Addresses(spec.container_subnet)

    def network(subnet: str, ip_range: str) -> dict[str, Any]:
        return {"driver": "bridge", "ipam": {"config": [{"subnet": subnet, "ip_range": ip_range}]}}

    networks = {"edge": network(addresses.edge, addresses.edge_range)}
    if spec.postgres:
        networks["database"] = {"internal": True, **network(addresses.database, addresses.database_range)}
    return networks


def _extra(extra: ExtraService) -> dict[str, Any]:
    service: dict[str, Any] = {
        **base(extra.image, extra.user, extra.memory, extra.cpus, extra.processes),
        "init": True,
        "environment": {key: literal(value) for key, value in extra.environment.items()},
        "tmpfs": [in_memory(path, extra.user) for path in extra.writable],
        "networks": {"edge": {}, "database": {}} if extra.database else {"edge": {}},
    }
    if extra.command is not None:
        service["command"] = [literal(word) for word in extra.command]
    if extra.health_command is not None:
        service["healthcheck"] = health(["CMD", *(literal(word) for word in extra.health_command)])
    if extra.data_path is not None:
        service["volumes"] = [bind(f"{DATA}/services/{extra.name}", extra.data_path, writable=True)]
    if extra.published_port is not None:
        service["ports"] = [f"127.0.0.1:{extra.published_port}:{extra.published_port}"]
    return {**service, **extra.options}
