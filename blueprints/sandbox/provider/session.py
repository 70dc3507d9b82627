"""What one provider process holds: its package's declarations, the account, the settings it was configured with."""

from __future__ import annotations

import importlib
import os
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from blueprints.sandbox import catalog, facts
from blueprints.sandbox.provider.diagnostics import Diagnostics
from blueprints.sandbox.provider.faults import from_environment
from blueprints.sandbox.provider.guard import Run
from blueprints.sandbox.provider.knowledge import Knowledge
from blueprints.sandbox.provider.simulation import Simulation

if TYPE_CHECKING:
    from blueprints.sandbox.account.store import Account
    from blueprints.sandbox.account.world import World

SEARCH_PATH_VARIABLE = "BLUEPRINTS_SANDBOX_SEARCH_PATH"


class Session:
    """Everything that the operations of one provider process share."""

    def __init__(self, package: str, run: Run) -> None:
        self.package = package
        self.run = run
        self.diagnostics = Diagnostics()
        self.faults = from_environment()
        self._knowledge: dict[str, Knowledge] = {}
        self._lock = Lock()
        module = importlib.import_module(f"blueprints.sandbox.provider.{package}.simulation")
        self.simulation: Simulation = module.create(self)

    @cached_property
    def catalog(self) -> catalog.Package | None:
        """The declarations of the SDK that the program uses, else of the one installed here; None without either."""
        places = [place for place in os.environ.get(SEARCH_PATH_VARIABLE, "").split(os.pathsep) if place]
        return (catalog.package(self.package, tuple(places)) if places else None) or catalog.package(self.package)

    @cached_property
    def account(self) -> Account:
        """The memory that all runs of this project share."""
        from blueprints.sandbox.account.store import Account

        return Account(self.run.home)

    @cached_property
    def world(self) -> World:
        """What the account has besides what programs made."""
        from blueprints.sandbox.account.world import World

        return World(self.run.home)

    def knowledge(self, token: str) -> Knowledge:
        """What is known about a resource type."""
        found = self._knowledge.get(token)
        if found is None:
            with self._lock:
                rows = facts.table(self.package).resource(token)
                found = self._knowledge[token] = Knowledge(token, self.catalog, rows, self.simulation.sets)
        return found
