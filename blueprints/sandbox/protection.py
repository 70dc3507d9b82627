"""Why an update was refused: it would replace or delete a protected store, and what a person can do about that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from blueprints.sandbox import teardown
from blueprints.sandbox.events import REPLACING, Finding, Report
from blueprints.sandbox.state import Resource, StackState

# The engine has one sentence for each; a deletion is told apart by its word.
_REFUSED = re.compile(
    r'resource "(?P<urn>[^"]+)"\s+(?P<how>as it is currently marked for protection|cannot be deleted\s+because it is)'
)
_REPLACING = "unable to replace"


@dataclass(frozen=True)
class Refused:
    """A store that the engine did not let go."""

    role: str
    """Its name in `unprotect`."""
    store: Resource
    operation: Literal["replace", "delete"]


def refused(report: Report, state: StackState) -> list[Refused]:
    """The stores of blueprints among what the engine refused to replace or delete, sorted by name."""
    by_urn = {resource.urn: resource for resource in state.resources}
    found: dict[str, Refused] = {}
    for finding in report.errors:
        match = _REFUSED.search(finding.message)
        store = by_urn.get(match["urn"]) if match else None
        if store is not None and teardown.is_of_blueprint(store, state):
            operation = "replace" if _REPLACING in finding.message else "delete"
            found[store.urn] = Refused(teardown.role(store, state), store, operation)
    return sorted(found.values(), key=lambda one: one.role)


def explain(
    report: Report, stores: Sequence[Refused], foreseen: Report, stack: str, *, program: str, given: Iterable[str] = ()
) -> None:
    """Puts what happened and what to type into the place of the engine's words.

    `foreseen` is what the update would do if the stores might go; `given` are names that the user has typed already.
    """
    by_urn = {one.store.urn: one for one in stores}
    for index, finding in enumerate(report.findings):
        match = _REFUSED.search(finding.message)
        one = by_urn.get(match["urn"]) if match else None
        if one is not None:
            report.findings[index] = replace(finding, message=_what(one, foreseen), urn=one.store.urn)
    report.findings.append(Finding("error", "\n".join(_fix(stores, stack, program, list(given)))))


def _what(one: Refused, foreseen: Report) -> str:
    if one.operation == "delete":
        if one.store.retained:
            return f"this change takes the store `{one.role}` out of the stack; it would stay in the account, unmanaged"
        return f"this change would delete the store `{one.role}` and what is in it"
    steps = [step for step in foreseen.steps if step.urn == one.store.urn and step.operation in REPLACING]
    forcing = sorted({path for step in steps for path in step.forcing})
    because = f", because {', '.join(forcing)} cannot change in place" if forcing else ""
    old = "; the old one would stay in the account, unmanaged" if one.store.retained else ""
    return f"this change would replace the store `{one.role}` by a new and empty one{because}{old}"


def _fix(stores: Sequence[Refused], stack: str, program: str, given: list[str]) -> Iterator[str]:
    names: Mapping[str, None] = dict.fromkeys([*given, *(one.role for one in stores)])
    flags = " ".join(f"--unprotect {name}" for name in names)
    count = "a store is" if len(stores) == 1 else f"{len(stores)} stores are"
    yield f"{count} protected, so nothing was changed"
    if any(one.operation == "delete" for one in stores):
        # What the program does not name any more has only the protection that the state recorded.
        yield "fix: take the change of the settings back; or let go in two steps:"
        yield f"  1. with the settings as they were:  {program} up {stack} {flags}"
        yield f"  2. with this change:                {program} up {stack}"
    else:
        yield "fix: take the change of the settings back; or see what it would do, and then let it:"
        yield f"  {program} preview {stack} {flags}"
        yield f"  {program} up {stack} {flags}"
    yield f"(the same as `unprotect: [{', '.join(names)}]` in the settings)"
