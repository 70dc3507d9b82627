"""Clients of AWS with bounded patience: a call that hangs would hold up a boot."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def client(service: str, region: str) -> Any:
    """A boto3 client; credentials come from the instance's role. Gives up on a silent endpoint within a minute."""
    # boto3 is one of the server's packages and none of the library's: it is looked up where it is used.
    config = import_module("botocore.config").Config(
        connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3}
    )
    return import_module("boto3").client(service, region_name=region, config=config)


def unreachable() -> type[Exception]:
    """What boto3 raises where no answer came: no route, no credentials, a timeout."""
    return import_module("botocore.exceptions").BotoCoreError
