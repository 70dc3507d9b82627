"""Field types that only the server bundle needs. Sizes and durations are those of `blueprints.fields`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

from blueprints.fields import megabytes
from blueprints.problems import wrong


def _matching(pattern: str, limit: str, fix: str) -> Callable[[str], str]:
    form = re.compile(pattern)

    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise wrong(limit, fix)
        return value

    return check


SecretName = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[a-z][a-z0-9_]{0,62}",
            "must be lower-case letters, digits and underscores, beginning with a letter, 63 characters at most",
            'write it like "smtp_password"; the container reads /run/secrets/smtp_password',
        )
    ),
]
"""Name of a secret: also the name of its file under /run/secrets."""

ServiceName = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[a-z][a-z0-9-]{0,30}",
            "must be lower-case letters, digits and dashes, beginning with a letter, 31 characters at most",
            'write it like "worker"',
        )
    ),
]
"""Name of a compose service: also its host name on the containers' network."""

Role = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[a-z][a-z0-9_]{0,62}",
            "must be a PostgreSQL name in lower case, 63 characters at most",
            'write it like "app"',
        )
    ),
]
"""Name of a database or of its owner (PostgreSQL: 63 bytes)."""

UrlPath = Annotated[
    str,
    AfterValidator(
        _matching(
            r"/(?:[A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*",
            "must be a path that begins with / and holds only letters, digits and . _ ~ - /",
            'write it like "/health"',
        )
    ),
]
"""A path of a URL, without query."""

User = Annotated[
    str,
    AfterValidator(
        _matching(
            r"[1-9]\d{0,9}(?::\d{1,10})?",
            "must be a numeric user id other than 0, with or without a group id",
            'write it like "10001:10001"; a process that is root in its container is one flaw away from the host',
        )
    ),
]
"""Numeric `uid` or `uid:gid` a container runs as; never root. Numbers, because files on the host belong to numbers."""


def owner(user: str) -> tuple[int, int]:
    """`"10001:20"` as (10001, 20); without a group the group is 0, as Docker takes it."""
    uid, _, gid = user.partition(":")
    return int(uid), int(gid or 0)


def compose_memory(size: str) -> str:
    """`"1GB"` as compose writes it: `1024m`."""
    return f"{megabytes(size)}m"


def nginx_size(size: str) -> str:
    """`"10MB"` as nginx reads it: `10m`."""
    return f"{megabytes(size)}m"
