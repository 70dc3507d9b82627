"""What every container of the bundle has: image, limits, user and file system; and services that a team adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, cast

from pydantic import Field

from blueprints.errors import Problem
from blueprints.fields import Port, Size, between_sizes
from blueprints.server.spec.images import Image
from blueprints.server.spec.types import SecretName, ServiceName, UrlPath, User
from blueprints.settings import Settings

_LOOKS_SECRET = ("password", "passwd", "secret", "token", "private_key", "api_key", "credential")
_RESERVED = ("nginx", "app", "app-blue", "app-green", "migrate", "keycloak", "postgres", "database-setup")

# Compose keys that would undo the isolation of the other containers or of the host (OWASP Docker security, rules 1-7).
_REFUSED_OPTIONS = {
    "privileged": "gives the container the whole host",
    "network_mode": "takes the container out of the networks that keep the database apart",
    "pid": "shows the container other processes of the host",
    "ipc": "shares memory with the host",
    "userns_mode": "undoes the separation of users",
    "cgroup_parent": "moves the container out of its limits",
    "devices": "hands devices of the host to the container",
    "device_cgroup_rules": "hands devices of the host to the container",
    "security_opt": "is set for every container (no-new-privileges)",
    "cap_add": "is not open; use a port above 1024 and a numeric user instead",
    "volumes_from": "mounts the data of other containers",
    "secrets": "has a field of its own, `secrets`",
    "environment": "has a field of its own, `environment`",
    "env_file": "has a field of its own, `environment`; secrets belong into files",
    "user": "has a field of its own, `user`",
    "image": "has a field of its own, `image`",
    "build": "is not open: build and push the image, then name it by digest",
    "extends": "reads other files of the host",
}


def secrets_in_environment(environment: dict[str, str], at: str) -> Iterator[Problem]:
    """A variable whose name says that it holds a secret, unless it names a file (`..._FILE`) or a path."""
    for name, value in environment.items():
        plain = name.lower()
        if plain.endswith(("_file", "_path", "_url", "_arn")) or value.startswith("/run/secrets/"):
            continue
        if any(word in plain for word in _LOOKS_SECRET):
            # The value is not shown: it may well be one.
            yield Problem(
                f"{at}.{name}",
                "must not hold a secret: a container's environment is readable in `docker inspect`",
                f"list it under `secrets` and read the file named by {name}_FILE",
            )


class ContainerSpec(Settings):
    """Limits and identity of one container."""

    environment: dict[str, str] = {}
    """Variables without secrets. Default none."""
    secrets: list[SecretName] = []
    """Secrets given to the container as files under /run/secrets, readable by its user only. Default none."""
    command: list[str] | None = None
    """Command and arguments; the image's own when left out."""
    user: User = "10001:10001"
    """Numeric user and group the container runs as; never root. Default 10001:10001."""
    memory: Annotated[Size, between_sizes("16MB", "64GB")] = "512MB"
    """Memory limit, 16 MB to 64 GB; beyond it the process is ended and restarted. Default 512MB."""
    cpus: Annotated[float, Field(ge=0.05, le=64)] = 1.0
    """Processors it may use at most, 0.05 to 64. Default 1."""
    processes: Annotated[int, Field(ge=8, le=4096)] = 256
    """Processes and threads at most, 8 to 4096. Default 256."""
    writable: list[UrlPath] = ["/tmp"]  # noqa: S108 - a path inside the container
    """Paths that are writable, held in memory and empty at each start; everything else is read-only. Default /tmp."""

    def rules(self) -> Iterator[Problem]:
        """No secret in plain sight, no secret twice."""
        yield from secrets_in_environment(self.environment, "environment")
        for index, name in enumerate(self.secrets):
            if name in self.secrets[:index]:
                yield Problem(f"secrets[{index}]", "is listed twice", "keep one of the two", name)


class ExtraService(ContainerSpec):
    """A compose service of the team's own, beside ours: a worker, a scheduler, a cache."""

    name: ServiceName
    """Name of the service; also its host name for the other containers. Not one of ours."""
    image: Image
    """Image, pinned by tag or digest."""
    health_command: list[str] | None = None
    """Command that exits 0 while the service is healthy; no health check when left out."""
    data_path: UrlPath | None = None
    """Path in the container that is kept on the data volume (under services/<name>). Default none."""
    database: bool = False
    """Whether the service reaches the database network. Default false."""
    published_port: Port | None = None
    """Port offered on 127.0.0.1 of the server, for Session Manager's port forwarding. Default none."""
    options: dict[str, Any] = {}
    """Further compose keys, as compose spells them, merged over ours. What would weaken the server is refused."""

    def rules(self) -> Iterator[Problem]:
        """Own name, and no option that reaches the host."""
        yield from super().rules()
        if self.name in _RESERVED:
            yield Problem("name", "is the name of one of the bundle's own services", "choose another name", self.name)
        for key in self.options:
            if key in _REFUSED_OPTIONS:
                yield Problem(f"options.{key}", f"is refused: it {_REFUSED_OPTIONS[key]}", "remove it")
        for index, port in enumerate(_items(self.options.get("ports"))):
            if not (isinstance(port, str) and port.startswith(("127.0.0.1:", "[::1]:"))):
                yield Problem(
                    f"options.ports[{index}]",
                    "must be bound to 127.0.0.1: only nginx faces the internet",
                    'write it like "127.0.0.1:9000:9000" and reach it with Session Manager',
                    port,
                )
        for index, volume in enumerate(_items(self.options.get("volumes"))):
            source = str(volume).split(":")[0]
            if source.startswith(("/", ".", "~", "$", "{")):
                yield Problem(
                    f"options.volumes[{index}]",
                    "must not mount a path of the host",
                    "use data_path for what must be kept, writable for what need not",
                    volume,
                )


def _items(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
