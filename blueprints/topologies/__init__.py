"""The topologies by name. Modules are imported on use: each pulls in a part of the provider's SDK."""

from __future__ import annotations

import importlib
from typing import cast

from blueprints.component import Blueprint

TOPOLOGIES: dict[str, str] = {
    "SingleServer": "blueprints.topologies.single_server",
}
"""Public class name -> module that holds it."""


def topology(name: str) -> type[Blueprint]:
    """The class of a topology. Raises `KeyError` where there is none of that name."""
    return cast("type[Blueprint]", getattr(importlib.import_module(TOPOLOGIES[name]), name))
