"""Shared field types of settings. Units are part of the value (`"30s"`, `"20GB"`, `"5%"`), never of the name.

All are text underneath, so they read the same in YAML, in Python and in a diff; `seconds`, `gigabytes` and
`percent` turn them into numbers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field

from blueprints.problems import wrong

_DURATION = re.compile(r"(\d+)(s|m|h|d)")
_SIZE = re.compile(r"(\d+)(MB|GB|TB)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12}|aws)?:\S+")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MEGABYTES = {"MB": 1, "GB": 1024, "TB": 1024 * 1024}


def seconds(duration: str) -> int:
    """`"5m"` as 300."""
    number, unit = _parts(_DURATION, duration)
    return int(number) * _SECONDS[unit]


def megabytes(size: str) -> int:
    """`"2GB"` as 2048. One GB is 1024 MB, as AWS counts volumes and memory."""
    number, unit = _parts(_SIZE, size)
    return int(number) * _MEGABYTES[unit]


def gigabytes(size: str) -> int:
    """`"2TB"` as 2048; a size below whole gigabytes is rounded up."""
    return -(-megabytes(size) // 1024)


def percent(share: str) -> float:
    """`"2.5%"` as 2.5."""
    (number,) = _parts(_PERCENT, share)
    return float(number)


def _parts(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} was not validated before use")
    return match.groups()


def matching(pattern: str | re.Pattern[str], limit: str, fix: str) -> AfterValidator:
    """Limits text to a form, in words: `Annotated[str, matching(r"ami-[0-9a-f]+", "must be an image id", "...")]`."""
    form = re.compile(pattern)

    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise wrong(limit, fix)
        return value

    return AfterValidator(check)


def _between(read: Callable[[str], float], low: str, high: str) -> AfterValidator:
    def check(value: str) -> str:
        if not read(low) <= read(value) <= read(high):
            raise wrong(f"must be from {low} to {high}", f"use a value from {low} to {high}")
        return value

    return AfterValidator(check)


def between_durations(low: str, high: str) -> AfterValidator:
    """Limits a `Duration`: `Annotated[Duration, between_durations("10s", "5m")]`."""
    return _between(seconds, low, high)


def between_sizes(low: str, high: str) -> AfterValidator:
    """Limits a `Size`: `Annotated[Size, between_sizes("8GB", "16TB")]`."""
    return _between(megabytes, low, high)


def between_percents(low: str, high: str) -> AfterValidator:
    """Limits a `Percent`: `Annotated[Percent, between_percents("1%", "50%")]`."""
    return _between(percent, low, high)


def _network(value: str) -> str:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise wrong("must be an address range in CIDR form", "write it like 10.0.0.0/16") from None
    if str(network) != value:
        raise wrong("must be the first address of its range", f"write {network}")
    return value


def _vpc_network(value: str) -> str:
    network = ipaddress.ip_network(_network(value))
    if network.version != 4 or not 16 <= network.prefixlen <= 28:
        raise wrong("must be an IPv4 range between /16 and /28, as VPC allows", "use for example 10.0.0.0/16")
    return value


Duration = Annotated[
    str, matching(_DURATION, "must be a duration: a whole number and s, m, h or d", 'write it like "30s" or "5m"')
]
"""A length of time: a whole number and `s`, `m`, `h` or `d`."""

Size = Annotated[str, matching(_SIZE, "must be a size: a whole number and MB, GB or TB", 'write it like "512MB"')]
"""An amount of memory or storage: a whole number and `MB`, `GB` or `TB` (1 GB = 1024 MB)."""

Percent = Annotated[
    str,
    matching(_PERCENT, "must be a percentage", 'write it like "5%"'),
    _between(percent, "0%", "100%"),
]
"""A share from `0%` to `100%`."""

Port = Annotated[int, Field(ge=1, le=65535)]
"""A TCP port, 1 to 65535."""

Cidr = Annotated[str, AfterValidator(_network)]
"""An IPv4 or IPv6 range in CIDR form, with no host bits set."""

VpcCidr = Annotated[str, AfterValidator(_vpc_network)]
"""An IPv4 range that a VPC or subnet can have: /16 to /28 (Amazon VPC user guide, "VPC CIDR blocks")."""

DomainName = Annotated[
    str,
    matching(_DOMAIN, "must be a domain name in lower case, without scheme or path", 'write it like "app.example.com"'),
]
"""A fully qualified domain name in lower case, without a trailing dot (RFC 1035: 253 characters, labels of 63)."""

Email = Annotated[str, matching(_EMAIL, "must be an e-mail address", 'write it like "ops@example.com"')]
"""An e-mail address."""

Arn = Annotated[str, matching(_ARN, "must be an ARN", 'copy it from AWS; it begins with "arn:aws:"')]
"""An Amazon Resource Name, whole."""
