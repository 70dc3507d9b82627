"""Documented rules of the services that no table can hold. One rule a file; each names its source."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

# Which rules judge which types: a rule is loaded only for a program that uses one of its types.
RULES: dict[str, tuple[str, ...]] = {}


def check_rules(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds what breaks a rule of the resource's service."""
    for name in RULES.get(subject.type.partition(":")[2], ()):
        module = importlib.import_module(f"blueprints.sandbox.provider.aws.rules.{name}")
        module.check(session, subject, findings)
