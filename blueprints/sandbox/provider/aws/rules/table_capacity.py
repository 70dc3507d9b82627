"""A table with provisioned capacity says how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/table-capacity"
SOURCE = "Amazon DynamoDB API Reference, CreateTable"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a provisioned table without capacity."""
    inputs = subject.inputs
    if inputs.get("billingMode", "PROVISIONED") != "PROVISIONED" or inputs.get("restoreSourceName") is not None:
        return
    for name in ("readCapacity", "writeCapacity"):
        value = inputs.get(name)
        if value is None or (isinstance(value, int) and value < 1):
            findings.error(
                name,
                f"`{name}` must be at least 1 with provisioned billing; or set `billingMode` to PAY_PER_REQUEST",
                RULE,
                SOURCE,
            )
