"""The bundle's own services: nginx, the application, Keycloak and PostgreSQL."""

from __future__ import annotations

from typing import Any

from blueprints.server import keycloak as identity
from blueprints.server.addresses import Addresses
from blueprints.server.compose.defaults import DATA, MEMORY, after, base, bind, health, in_memory, literal
from blueprints.server.nginx import HTTP_PORT, HTTPS_PORT
from blueprints.server.spec import AppSpec, BundleSpec, KeycloakSpec, PostgresSpec

_PROBES = (
    ("wget", "wget -q -T 4 -O /dev/null {url}"),
    ("curl", "curl -fsS -m 4 -o /dev/null {url}"),
    ("python3", "python3 -c \"import urllib.request as r; r.urlopen('{url}', timeout=4)\""),
    ("node", "node -e \"fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))\""),
)


def colours(spec: BundleSpec) -> tuple[str, ...]:
    """Names of the application's services."""
    return ("app-blue", "app-green") if spec.release == "blue_green" else ("app",)


def nginx(spec: BundleSpec) -> dict[str, Any]:
    """The only service that publishes ports."""
    user = f"{spec.nginx.user_id}:{spec.nginx.user_id}"
    mounts = [
        bind("./nginx", "/etc/nginx/blueprints"),
        bind(f"{MEMORY}/tls", "/etc/nginx/certs"),
        bind(f"{DATA}/acme", "/var/www/acme"),
    ]
    if spec.static is not None:
        mounts.append(bind("./static", f"/srv/www{spec.static_path.rstrip('/')}"))
    service = {
        **base(spec.nginx.image, user, spec.nginx.memory, spec.nginx.cpus, processes=64),
        "entrypoint": ["nginx", "-c", "/etc/nginx/blueprints/nginx.conf", "-g", "daemon off;"],
        "ports": [f"80:{HTTP_PORT}", f"443:{HTTPS_PORT}"],
        "volumes": mounts,
        "tmpfs": [in_memory("/tmp", user, "128MB")],  # noqa: S108
        "networks": {"edge": {"ipv4_address": Addresses(spec.container_subnet).on_edge("nginx")}},
        "healthcheck": health(
            ["CMD", "wget", "-q", "-T", "4", "-O", "/dev/null", "http://127.0.0.1:8081/nginx-health"], start="10s"
        ),
        # QUIT lets requests under way end; TERM would cut them.
        "stop_signal": "SIGQUIT",
        "stop_grace_period": spec.nginx.drain_timeout,
    }
    if spec.release == "blue_green":
        # The agent starts the colours; nginx only follows the file that names the live one.
        mounts.append(bind(f"{DATA}/upstream", "/etc/nginx/upstream"))
    else:
        service["depends_on"] = after(app="healthy")
    return service


def app(spec: BundleSpec, name: str) -> dict[str, Any]:
    """One colour of the application, or all of it."""
    addresses = Addresses(spec.container_subnet)
    networks: dict[str, Any] = {"edge": {"ipv4_address": addresses.on_edge(name)}}
    waits: dict[str, str] = {}
    if spec.app.database:
        networks["database"] = {}
        waits["database_setup"] = "done"
    if spec.keycloak:
        waits["keycloak"] = "healthy"
    service = {
        **base(spec.app.image, spec.app.user, spec.app.memory, spec.app.cpus, spec.app.processes),
        "init": True,
        "environment": {key: literal(value) for key, value in _app_environment(spec).items()},
        "tmpfs": [in_memory(path, spec.app.user) for path in spec.app.writable],
        "networks": networks,
        "healthcheck": health(app_health(spec.app)),
        "stop_grace_period": spec.nginx.drain_timeout,
    }
    if spec.app.command is not None:
        service["command"] = [literal(word) for word in spec.app.command]
    if waits:
        service["depends_on"] = after(**waits)
    if name != "app":
        service["profiles"] = [name.removeprefix("app-")]
    return service


def migrate(spec: BundleSpec, command: list[str]) -> dict[str, Any]:
    """The application's image once more, for its migrations: beside the running one, so without its address."""
    service = app(spec, colours(spec)[0])
    del service["healthcheck"]
    service["networks"] = {network: {} for network in service["networks"]}
    waits = {"depends_on": after(database_setup="done")} if spec.app.database else {}
    kept = {key: value for key, value in service.items() if key not in ("depends_on", "profiles")}
    return {**kept, **waits, "restart": "no", "profiles": ["migrate"], "command": [literal(word) for word in command]}


def app_health(spec: AppSpec) -> list[str]:
    """The team's own command, or a request with whichever program the image has."""
    if spec.health_command is not None:
        return ["CMD", *(literal(word) for word in spec.health_command)]
    url = f"http://127.0.0.1:{spec.port}{spec.health_path}"
    branches = "; el".join(
        f"if command -v {program} >/dev/null; then {probe.format(url=url)}" for program, probe in _PROBES
    )
    return ["CMD-SHELL", f"{branches}; else echo 'no wget, curl, python3 or node: set health_command' >&2; exit 1; fi"]


def keycloak(spec: BundleSpec, settings: KeycloakSpec) -> dict[str, Any]:
    """Keycloak in production mode; its passwords come in a configuration file in memory."""
    uid, gid = identity.KEYCLOAK_USER
    user = f"{uid}:{gid}"
    command = [f"--config-file=/run/secrets/{identity.CONFIG_FILE}", "start", "--optimized"]
    service: dict[str, Any] = base(identity.image_name(settings), user, settings.memory, settings.cpus, processes=512)
    if not settings.optimized:
        service["build"] = {"context": "./keycloak", "dockerfile": "Dockerfile"}
        service["pull_policy"] = "missing"
    if settings.realm_file:
        command.append("--import-realm")
    return {
        **service,
        "command": command,
        "environment": {key: literal(value) for key, value in identity.options(spec).items()},
        "tmpfs": [in_memory("/tmp", user), in_memory("/opt/keycloak/data", user, "128MB")],  # noqa: S108
        "networks": {
            "edge": {"ipv4_address": Addresses(spec.container_subnet).on_edge("keycloak")},
            "database": {},
        },
        "depends_on": after(database_setup="done"),
        "healthcheck": health(identity.health_check(), start="180s"),
        "stop_grace_period": "30s",
    }


def postgres(settings: PostgresSpec) -> dict[str, Any]:
    """PostgreSQL on the data volume, reachable on the internal network only."""
    user = f"{settings.user_id}:{settings.user_id}"
    parameters = {
        "max_connections": settings.max_connections,
        "shared_buffers": settings.shared_buffers,
        "log_min_duration_statement": "1000",
        **settings.parameters,
    }
    flags = [word for name, value in parameters.items() for word in ("-c", f"{name}={_parameter(value)}")]
    return {
        **base(settings.image, user, settings.memory, settings.cpus, processes=512),
        "command": ["postgres", *(literal(flag) for flag in flags)],
        "environment": {
            "PGDATA": "/var/lib/postgresql/data/pgdata",
            "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres_password",
            # Over the socket only the same system user is let in; over the network only a password.
            "POSTGRES_INITDB_ARGS": "--auth-local=peer --auth-host=scram-sha-256 --data-checksums --encoding=UTF8",
        },
        "shm_size": "128m",
        "volumes": [bind(f"{DATA}/postgres", "/var/lib/postgresql/data", writable=True), _socket()],
        "tmpfs": [in_memory("/tmp", user)],  # noqa: S108
        "networks": {"database": {}},
        # Over TCP: while the image initialises the database, its temporary server answers on the socket.
        "healthcheck": health(["CMD", "pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres", "-d", "postgres"]),
        # INT ends sessions and shuts down cleanly; TERM would wait for every client.
        "stop_signal": "SIGINT",
        "stop_grace_period": "60s",
    }


def database_setup(settings: PostgresSpec) -> dict[str, Any]:
    """Runs once at every start: roles, databases and passwords as the secrets say."""
    user = f"{settings.user_id}:{settings.user_id}"
    return {
        **base(settings.image, user, memory="64MB", cpus=0.5, processes=32),
        "restart": "no",
        "entrypoint": [
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--username=postgres",
            "--dbname=postgres",
            "--file=/setup.sql",
        ],
        "volumes": [bind("./postgres/setup.sql", "/setup.sql"), _socket()],
        "network_mode": "none",
        "depends_on": after(postgres="healthy"),
    }


def _socket() -> dict[str, Any]:
    return {"type": "volume", "source": "postgres-socket", "target": "/var/run/postgresql"}


def _parameter(value: str | int | bool) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _app_environment(spec: BundleSpec) -> dict[str, str]:
    found: dict[str, str] = {
        "PORT": str(spec.app.port),
        # gunicorn and uvicorn take X-Forwarded-Proto from this address only.
        "FORWARDED_ALLOW_IPS": Addresses(spec.container_subnet).on_edge("nginx"),
    }
    if spec.app.database and spec.postgres:
        name = spec.postgres.database
        found["DATABASE_URL"] = f"postgresql://{name}@postgres:5432/{name}"
        found["DATABASE_PASSWORD_FILE"] = "/run/secrets/db_password"  # noqa: S105 - a path
    if spec.keycloak:
        found["KEYCLOAK_URL"] = identity.public_url(spec)
        found["KEYCLOAK_INTERNAL_URL"] = identity.internal_url(spec.keycloak)
        found["KEYCLOAK_CLIENT_SECRET_FILE"] = "/run/secrets/keycloak_client_secret"  # noqa: S105 - a path
    return {**found, **spec.app.environment}
