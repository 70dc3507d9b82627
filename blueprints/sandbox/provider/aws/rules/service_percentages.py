"""A rolling deployment has room to move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/service-percentages"
SOURCE = "Amazon ECS Developer Guide, rolling update"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds percentages under which no task could ever be replaced."""
    least, most = (subject.inputs.get(f"deployment{end}Percent") for end in ("MinimumHealthy", "Maximum"))
    if isinstance(least, int) and isinstance(most, int) and least >= 100 and most <= 100:
        findings.warn(
            "deploymentMaximumPercent",
            f"with a minimum of {least} % and a maximum of {most} % no task can be replaced; raise the maximum or lower"
            " the minimum",
            RULE,
            SOURCE,
        )
