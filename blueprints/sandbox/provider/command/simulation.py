# ruff: noqa: ARG002 - every simulation answers the same questions
"""The simulated package `command`: records commands and runs none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject


def create(session: Session) -> Simulation:
    """The simulation for one provider process."""
    return CommandSimulation(session)


class CommandSimulation(Simulation):
    """Commands that are never run."""

    package = "command"
    bridged = False

    def rules(self, subject: Subject, findings: Findings) -> None:
        """Says that nothing will run."""
        findings.warn(
            "", "the sandbox runs no commands and copies no files; standard output and error stay empty",
            "sandbox/command", "the sandbox's own limits",
        )  # fmt: skip

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """Triggers replace; everything else is an update, which would run the update command."""
        return [replace(change, replaces=change.path[0] == "triggers", certain=True) for change in found]

    def identity(self, subject: Subject) -> str:
        """The provider makes one up."""
        return f"{subject.name}{subject.mint.hex('id', 8)}"

    def computed(self, subject: Subject) -> dict[str, Any]:
        """Nothing ran, so nothing was printed."""
        return {"stdout": "", "stderr": ""} if subject.short_type == "Command" else {}

    def invoke(self, token: str, arguments: dict[str, Any], preview: bool) -> dict[str, Any]:
        """`local.run` runs nothing either."""
        if token == "command:local:run":  # noqa: S105 - the name of a function
            self.session.diagnostics.warn("command:local:run: the sandbox runs no commands; its output is empty")
            return {**arguments, "stdout": "", "stderr": ""}
        return super().invoke(token, arguments, preview)
