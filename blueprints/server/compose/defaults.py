"""What every container of the bundle gets: nothing it does not need (OWASP Docker security, rules 2 to 8)."""

from __future__ import annotations

from typing import Any

from blueprints.fields import megabytes
from blueprints.server.spec.types import compose_memory

DATA = "${BLUEPRINTS_DATA:-/srv/data}"
"""Where the data volume is mounted on the host; a variable so that the same file runs on a developer's machine."""

MEMORY = "${BLUEPRINTS_MEMORY:-/srv/memory}"
"""The host's file system in memory with secrets and certificates, filled before the containers start."""

_LOGGING = {
    "driver": "json-file",
    # The host's agent ships these files; rotation bounds what one container can write to 50 MB.
    "options": {"max-size": "10m", "max-file": "5", "labels": "com.docker.compose.service"},
}


def literal(text: str) -> str:
    """Text that compose must not interpolate."""
    return text.replace("$", "$$")


def base(image: str, user: str, memory: str, cpus: float, processes: int) -> dict[str, Any]:
    """Image, identity and limits of a container, and everything it may not do."""
    return {
        "image": image,
        "restart": "unless-stopped",
        "user": user,
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": compose_memory(memory),
        # The same as the memory limit: no swap, so that a leak ends its own container and slows no other.
        "memswap_limit": compose_memory(memory),
        "cpus": cpus,
        "pids_limit": processes,
        "logging": _LOGGING,
    }


def in_memory(path: str, user: str, size: str = "64MB") -> str:
    """A writable path in memory, owned by the container's user."""
    uid, _, gid = user.partition(":")
    return f"{path}:rw,noexec,nosuid,nodev,size={megabytes(size)}m,uid={uid},gid={gid or 0},mode=0700"


def health(test: list[str], start: str = "60s", interval: str = "10s") -> dict[str, Any]:
    """A health check: three failures in a row make a container unhealthy, none counts while it starts."""
    return {"test": test, "interval": interval, "timeout": "5s", "retries": 3, "start_period": start}


def bind(source: str, target: str, *, writable: bool = False) -> dict[str, Any]:
    """A mount of a host path that must exist: a typing error must not make an empty folder."""
    mount: dict[str, Any] = {"type": "bind", "source": source, "target": target}
    if not writable:
        mount["read_only"] = True
    return {**mount, "bind": {"create_host_path": False}}


def after(**conditions: str) -> dict[str, dict[str, str]]:
    """What must be up first: `after(postgres="healthy")`."""
    words = {"healthy": "service_healthy", "done": "service_completed_successfully"}
    return {name.replace("_", "-"): {"condition": words[condition]} for name, condition in conditions.items()}
