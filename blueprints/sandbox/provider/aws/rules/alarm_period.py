"""The period of an alarm is 10, 20, 30 or a multiple of 60 seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/alarm-period"
SOURCE = "Amazon CloudWatch API Reference, PutMetricAlarm"


_DAY, _WEEK = 86400, 604800


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds periods that CloudWatch refuses."""
    period, count = subject.inputs.get("period"), subject.inputs.get("evaluationPeriods")
    if not isinstance(period, int) or isinstance(period, bool):
        return
    if period not in (10, 20, 30) and (period <= 0 or period % 60):
        findings.error("period", f"`period` is {period}; it must be 10, 20, 30 or a multiple of 60", RULE, SOURCE)
    elif isinstance(count, int) and period * count > (_WEEK if period >= 3600 else _DAY):
        most = "seven days" if period >= 3600 else "one day"
        findings.error("evaluationPeriods", f"{count} periods of {period} seconds are longer than {most}", RULE, SOURCE)
