"""Failures on purpose: `--fail-on <type-or-name>[:create|update|delete]`.

A failing operation fails before it has any effect, as AWS does when it refuses a request: nothing is created, changed
or deleted, the engine records what it knows, and the next run without the fault converges.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

VARIABLE = "BLUEPRINTS_SANDBOX_FAIL_ON"
OPERATIONS = ("create", "update", "delete")


@dataclass(frozen=True, slots=True)
class Fault:
    """Which resources fail (by type or logical name), and in which operation (all three when empty)."""

    subject: str
    operation: str = ""

    def strikes(self, operation: str, type_token: str, name: str) -> bool:
        """Whether this operation on this resource has to fail."""
        if self.operation not in ("", operation):
            return False
        return self.subject == name or self.subject in spellings(type_token)


def spellings(type_token: str) -> set[str]:
    """The ways to write a type: `aws:s3/bucket:Bucket`, `aws:s3:Bucket`, `aws.s3.Bucket`, `s3.Bucket`, `Bucket`."""
    package, _, rest = type_token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0] if package != "kubernetes" else module
    parts = [package, name] if module in ("", "index") else [package, module, name]
    return {type_token, ":".join(parts), ".".join(parts), ".".join(parts[1:]), name}


def parse(text: str) -> tuple[Fault, ...]:
    """The faults in a comma-separated list. `ValueError` says what is wrong with it."""
    faults: list[Fault] = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        subject, separator, last = item.rpartition(":")
        if separator and last in OPERATIONS:
            faults.append(Fault(subject, last))
        elif separator and last.islower() and not subject.count(":"):
            raise ValueError(f"`{last}` in `{item}` is no operation; use create, update or delete")
        else:
            faults.append(Fault(item))
    if any(not fault.subject for fault in faults):
        raise ValueError(f"`{text}` names no resource; write <type-or-name>[:create|update|delete]")
    return tuple(faults)


def from_environment() -> tuple[Fault, ...]:
    """The faults of this run."""
    return parse(os.environ.get(VARIABLE, ""))
