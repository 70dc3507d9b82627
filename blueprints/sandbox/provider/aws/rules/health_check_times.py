"""A health check ends before the next one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/health-check-times"
SOURCE = "Elastic Load Balancing User Guide, target group health checks"


_NAME_LIMIT = 32


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds a time-out that is not shorter than the interval, and a name that is too long."""
    name = subject.inputs.get("name")
    if isinstance(name, str) and len(name) > _NAME_LIMIT:
        findings.error("name", f"`name` has {len(name)} characters; at most {_NAME_LIMIT} are allowed", RULE, SOURCE)
    health = subject.inputs.get("healthCheck")
    if not is_map(health):
        return
    interval, timeout = health.get("interval"), health.get("timeout")
    if isinstance(interval, int) and isinstance(timeout, int) and timeout >= interval:
        findings.error(
            "healthCheck.timeout",
            f"`healthCheck.timeout` is {timeout}; it must be shorter than the interval of {interval} seconds",
            RULE,
            SOURCE,
        )
