"""Judges the inputs of a resource: names and types first, then facts, then the package's own rules."""

from __future__ import annotations

from blueprints.sandbox.provider.checks.conforming import conform
from blueprints.sandbox.provider.checks.facts import check_facts
from blueprints.sandbox.provider.checks.types import check_types
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.subject import Subject

__all__ = ["check"]


def check(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds what is wrong with the inputs of `subject`. Unknown values are passed over: they are judged once known."""
    knowledge = subject.knowledge
    if knowledge.declared is not None and session.catalog is not None:
        if knowledge.declared.component:
            findings.error("", f"{subject.type} is a component", "sandbox/component", "the SDK")
            return
        check_types(session.catalog, knowledge.declared, subject.inputs, findings)
        if findings.items and session.simulation.bridged:
            findings.items.clear()
            subject.inputs = conform(session.catalog, knowledge.declared.inputs, subject.inputs)
            check_types(session.catalog, knowledge.declared, subject.inputs, findings)
    elif session.catalog is not None and not session.simulation.open_types:
        from blueprints.sandbox.provider.checks.types import unknown_type

        unknown_type(session.catalog, subject.type, findings)
    if findings.items:
        # Facts and rules expect values of the declared types.
        return
    check_facts(knowledge, subject.inputs, findings)
    session.simulation.rules(subject, findings)
