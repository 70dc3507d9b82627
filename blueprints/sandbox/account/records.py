"""What the account records: resources, drafts of them, what stays when they go."""

from __future__ import annotations

from dataclasses import dataclass

from blueprints.sandbox.provider.values import Sealed


@dataclass(frozen=True, slots=True)
class Row:
    """One existing resource. `inputs` and `outputs` are stored text; `Account.inputs` and `.outputs` read them."""

    number: int
    urn: str
    id: str
    type: str
    stack: str
    project: str
    name: str
    region: str
    stored_inputs: str
    stored_outputs: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A resource about to be recorded."""

    urn: str
    id: str
    type: str
    name: str
    region: str
    inputs: Sealed
    outputs: Sealed
    handles: frozenset[str]
    """Texts by which others can refer to it."""
    mentions: tuple[tuple[str, str], ...]
    """(text, path) of inputs that could refer to others."""
    names: tuple[tuple[str, str], ...] = ()
    """(scope, name) that it takes for itself."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """Something that AWS keeps after its resource is deleted."""

    kind: str
    id: str
    urn: str
    type: str
    note: str


class NameTakenError(Exception):
    """Another resource has the name."""

    def __init__(self, scope: str, name: str, holder: str, held: str) -> None:
        super().__init__(f"{name} in {scope} is taken by {holder}")
        self.scope, self.name, self.holder, self.held = scope, name, holder, held


def stack_and_project(urn: str) -> tuple[str, str]:
    """The stack and the project in a URN."""
    parts = urn.split("::", 2)
    return (parts[0].removeprefix("urn:pulumi:"), parts[1]) if len(parts) == 3 else ("", "")
