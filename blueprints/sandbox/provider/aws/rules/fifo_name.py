"""The name of a FIFO queue or topic ends with .fifo, and no other one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/fifo-name"
SOURCE = "Amazon SQS Developer Guide, FIFO queues; Amazon SNS Developer Guide, FIFO topics"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a name that does not fit the kind."""
    fifo = subject.inputs.get("fifoQueue", subject.inputs.get("fifoTopic", False))
    name = subject.inputs.get("name")
    if not isinstance(fifo, bool) or not isinstance(name, str):
        return
    if fifo and not name.endswith(".fifo"):
        findings.error("name", f"`name` is `{name}`; a FIFO name must end with `.fifo`", RULE, SOURCE)
    if not fifo and name.endswith(".fifo"):
        findings.error("name", f"`name` is `{name}`; only FIFO names may end with `.fifo`", RULE, SOURCE)
    if subject.inputs.get("contentBasedDeduplication") is True and not fifo:
        findings.error(
            "contentBasedDeduplication", "`contentBasedDeduplication` is for FIFO queues and topics only", RULE, SOURCE
        )
