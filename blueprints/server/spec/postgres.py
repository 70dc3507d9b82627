"""PostgreSQL on the data volume, and its logical backups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from blueprints.errors import Problem
from blueprints.fields import Duration, Size, between_durations, between_sizes, megabytes
from blueprints.server.spec.images import POSTGRES, Image
from blueprints.server.spec.types import Role
from blueprints.settings import Settings

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


class PostgresSpec(Settings):
    """One PostgreSQL server with a database and an owner for each who needs one."""

    image: Image = POSTGRES
    """PostgreSQL's official image or one with its contract. Changing the major version needs a dump and a restore:
    the files of another major version are not readable. Default 17.10 on Alpine."""
    user_id: Annotated[int, Field(ge=1, le=65535)] = 70
    """User id of `postgres` inside the image: 70 on Alpine, 999 on Debian. Default 70."""
    database: Role = "app"
    """Name of the application's database and of its owner. Default app."""
    memory: Annotated[Size, between_sizes("256MB", "256GB")] = "768MB"
    """Memory limit, 256 MB to 256 GB; a quarter of it becomes shared buffers. Default 768MB."""
    cpus: Annotated[float, Field(ge=0.25, le=64)] = 1.5
    """Processors it may use at most. Default 1.5."""
    max_connections: Annotated[int, Field(ge=10, le=1000)] = 100
    """Connections at most, 10 to 1000. Default 100."""
    parameters: dict[str, str | int | bool] = {}
    """Further server parameters, as postgresql.conf names them. Default none."""

    @property
    def shared_buffers(self) -> str:
        """A quarter of the memory limit (PostgreSQL manual, 19.4: a starting value)."""
        return f"{megabytes(self.memory) // 4}MB"

    def rules(self) -> Iterator[Problem]:
        """Parameters that belong to the bundle stay with it."""
        owned = {
            "max_connections": "postgres.max_connections",
            "shared_buffers": "postgres.memory",
            "listen_addresses": "nothing: only containers reach the server",
            "password_encryption": "nothing: it is scram-sha-256",
            "hba_file": "nothing: access is part of the bundle",
            "data_directory": "nothing: the data lies on the data volume",
            "unix_socket_directories": "nothing: it is part of the bundle",
        }
        for name in self.parameters:
            if name in owned:
                yield Problem(f"parameters.{name}", "is set by the bundle", f"set {owned[name]}", self.parameters[name])
            elif not re.fullmatch(r"[a-z][a-z0-9_.]*", name):
                yield Problem(f"parameters.{name}", "must be a parameter name", "write it like work_mem", name)


class BackupSpec(Settings):
    """Daily logical backups (pg_dump) to the backup bucket."""

    time: str = "03:15"
    """Time of day (UTC) of the daily backup, HH:MM. Default 03:15."""
    alarm_after: Annotated[Duration, between_durations("25h", "30d")] = "26h"
    """Age of the newest backup beyond which the alarm goes off, 25 h to 30 d. Default 26h."""

    def rules(self) -> Iterator[Problem]:
        """A time of day."""
        if not _CLOCK.fullmatch(self.time):
            yield Problem("time", "must be a time of day in UTC", 'write it like "03:15"', self.time)


Release = Literal["recreate", "blue_green"]
"""How a new version takes over: `recreate` stops the old one first, `blue_green` starts the new one beside it."""
