"""A CloudFormation template is not run: what it would make and put out, the sandbox does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/template-not-run"
SOURCE = "the sandbox's own limits"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Says so: a program that reads one of the stack's outputs fails in an update."""
    if subject.inputs.get("templateBody") is not None or subject.inputs.get("templateUrl") is not None:
        findings.warn(
            "",
            "the sandbox does not run CloudFormation templates: nothing in it is made, and `outputs` stays empty",
            RULE,
            SOURCE,
        )
