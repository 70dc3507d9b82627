"""Judges the inputs of a resource: names and types first, then facts, then the package's own rules."""

from __future__ import annotations

from blueprints.sandbox.provider.checks.conforming import conform
from blueprints.sandbox.provider.checks.facts import check_facts
from blueprints.sandbox.provider.checks.types import check_types, unknown_type
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.subject import Subject

__all__ = ["check"]


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds what is wrong with the inputs of `subject`. Unknown values are passed over: they are judged once known."""
    types = _types(session, subject)
    findings.items += types.items
    if types.items:
        # Facts and rules expect values of the declared types.
        return
    check_facts(subject.knowledge, subject.inputs, findings)
    session.simulation.rules(subject, findings)


def _types(session: Session, subject: Subject) -> Findings:
    found = Findings()
    declared, catalog = subject.knowledge.declared, session.catalog
    if catalog is None:
        return found
    if declared is None:
        if not session.simulation.open_types:
            unknown_type(catalog, subject.type, found)
        return found
    if declared.component:
        found.error("", f"{subject.type} is a component", "sandbox/component", "the SDK")
        return found
    if session.simulation.bridged:
        subject.inputs = conform(catalog, declared.inputs, subject.inputs)
    check_types(catalog, declared, subject.inputs, found)
    return found
