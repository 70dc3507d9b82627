"""Production-grade deployment topologies as Pulumi components.

Names are imported on use: a program pays only for the blueprint that it builds, and tools that need none pay nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from blueprints.common import BlueprintSettings, Waiver
    from blueprints.component import Blueprint
    from blueprints.errors import BlueprintError, Problem, SettingsError
    from blueprints.settings import Settings
    from blueprints.topologies.single_server import SingleServer, SingleServerSettings

__all__ = [
    "Blueprint",
    "BlueprintError",
    "BlueprintSettings",
    "Problem",
    "Settings",
    "SettingsError",
    "SingleServer",
    "SingleServerSettings",
    "Waiver",
]

_HOMES = {
    "Blueprint": "blueprints.component",
    "BlueprintError": "blueprints.errors",
    "BlueprintSettings": "blueprints.common",
    "Problem": "blueprints.errors",
    "Settings": "blueprints.settings",
    "SettingsError": "blueprints.errors",
    "SingleServer": "blueprints.topologies.single_server",
    "SingleServerSettings": "blueprints.topologies.single_server",
    "Waiver": "blueprints.common",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'blueprints' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
