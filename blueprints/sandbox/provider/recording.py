"""What the account remembers of a resource."""

from __future__ import annotations

from typing import Any

from blueprints.sandbox.account.records import Draft, NameTakenError, Row
from blueprints.sandbox.account.store import Account
from blueprints.sandbox.provider.outputs import at, secret_texts
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Path, Sealed, format_path, leaves

_LONGEST_REFERENCE = 2048
_NO_REFERENCES = ("tags", "tagsAll", "description", "volumeTags", "region")


def mentions(account: Account, inputs: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The inputs that refer to something that exists, as (text, path)."""
    return tuple(
        (value, format_path(path))
        for path, value in leaves(inputs)
        if isinstance(value, str)
        and 2 < len(value) <= _LONGEST_REFERENCE
        and path[0] not in _NO_REFERENCES
        and account.exists(value)
    )


def draft(simulation: Simulation, subject: Subject, paths: list[Path], output_paths: list[Path]) -> Draft:
    """The record of a resource as it is after an operation. No column of it holds a secret."""
    account = simulation.session.account
    secrets = secret_texts(
        [at(subject.inputs, path) for path in paths] + [at(subject.outputs, p) for p in output_paths]
    )

    def open_text(text: str) -> str:
        return account.sealing.digest(text) if any(secret in text for secret in secrets) else text

    return Draft(
        urn=subject.urn,
        id=subject.id,
        type=subject.type,
        name=subject.name,
        region=simulation.region(subject),
        inputs=Sealed(subject.inputs, paths),
        outputs=Sealed(subject.outputs, output_paths),
        handles=frozenset(open_text(handle) for handle in simulation.handles(subject) if handle),
        mentions=tuple((open_text(text), path) for text, path in mentions(account, subject.inputs)),
        names=tuple((scope, open_text(name)) for scope, name in simulation.names(subject)),
    )


def record_new(simulation: Simulation, subject: Subject, paths: list[Path], output_paths: list[Path]) -> None:
    """Adds a resource to the account, or raises the service's refusal of its name."""
    try:
        simulation.session.account.add(draft(simulation, subject, paths, output_paths))
    except NameTakenError as taken:
        raise simulation.name_taken(subject, taken.scope, taken.name, taken.holder, taken.held) from None


def record_change(simulation: Simulation, row: Row, subject: Subject, paths: list[Path], outs: list[Path]) -> None:
    """Replaces what the account knows of a resource, or raises the service's refusal of its new name."""
    try:
        simulation.session.account.replace(row, draft(simulation, subject, paths, outs))
    except NameTakenError as taken:
        raise simulation.name_taken(subject, taken.scope, taken.name, taken.holder, taken.held) from None
