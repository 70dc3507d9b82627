"""Times of a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/queue-times"
SOURCE = "Amazon SQS API Reference, SetQueueAttributes"


_LIMITS = {
    "delaySeconds": (0, 900),
    "messageRetentionSeconds": (60, 1209600),
    "receiveWaitTimeSeconds": (0, 20),
    "visibilityTimeoutSeconds": (0, 43200),
}


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds times outside their limits."""
    for name, (least, most) in _LIMITS.items():
        value = subject.inputs.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and not least <= value <= most:
            findings.error(name, f"`{name}` is {value}; it must be from {least} to {most} seconds", RULE, SOURCE)
