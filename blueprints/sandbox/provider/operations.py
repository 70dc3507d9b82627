"""The life of a resource: checked, compared, created, read, updated, deleted. The same for every package."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from blueprints.sandbox.account.records import Row
from blueprints.sandbox.provider import outputs
from blueprints.sandbox.provider.checks import check
from blueprints.sandbox.provider.diffing import Change, differences
from blueprints.sandbox.provider.errors import Finding, Findings, OperationError
from blueprints.sandbox.provider.naming import Autonaming, NamingError, fill_name
from blueprints.sandbox.provider.recording import record_change, record_new
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.subject import Subject, name_in_urn, type_in_urn
from blueprints.sandbox.provider.values import Path, Unknown, is_list, is_map, reveal, seal, unseal, without_internal


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check: the inputs to go on with, and what is wrong with them."""

    inputs: dict[str, Any]
    failures: list[Finding]


@dataclass(frozen=True, slots=True)
class Difference:
    """The result of a comparison."""

    changes: list[Change] = field(default_factory=list[Change])
    delete_first: bool = False


def without_nulls(value: Any) -> Any:
    """The value without object members that are null: to a provider they are not set."""
    if is_map(value):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if is_list(value):
        return [without_nulls(item) for item in value]
    return value


class Operations:
    """The operations on resources of one provider process. Property maps are those of the wire, decoded."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.simulation = session.simulation

    def _subject(self, urn: str, inputs: dict[str, Any], **more: Any) -> Subject:
        token = type_in_urn(urn)
        return Subject(urn, token, name_in_urn(urn), self.session.knowledge(token), inputs, **more)

    def check(self, urn: str, olds: dict[str, Any], news: dict[str, Any], autonaming: Autonaming) -> Checked:
        """Fills in names and defaults, then judges the inputs. Warnings go to the person, failures to the engine."""
        new = unseal(without_nulls(news))
        subject = self._subject(urn, new.value, olds=reveal(olds))
        findings = Findings()
        reason = self.simulation.refuse(subject.type)
        if reason:
            findings.error("", reason, "sandbox/simulated", "the sandbox's own limits")
            return Checked(news, findings.items)
        subject.generation = self._generation(subject)
        self.simulation.prepare(subject)
        rule = subject.knowledge.name_rule
        if rule is not None:
            try:
                fill_name(
                    rule,
                    subject.inputs,
                    subject.olds,
                    autonaming,
                    logical=subject.name,
                    urn=urn,
                    generation=subject.generation,
                )
            except NamingError as error:
                findings.error(rule.property, str(error), f"{subject.type}/{rule.property}/name", "automatic naming")
        check(self.session, subject, findings)
        failures = [finding for finding in findings.items if finding.error]
        for finding in findings.items:
            if not finding.error and not failures:
                where = f"{finding.path}: " if finding.path else ""
                self.session.diagnostics.warn(f"{where}{finding}", urn)
        paths = new.secret_paths + [("tagsAll", *path[1:]) for path in new.secret_paths if path[0] == "tags"]
        return Checked(seal(subject.inputs, paths), failures)

    def _generation(self, subject: Subject) -> int:
        """The generation of the object that the inputs are for: the existing one's, or that of the next."""
        made = self.session.account.generation(subject.urn)
        return max(made - 1, 0) if subject.olds else made

    def diff(self, urn: str, old_inputs: dict[str, Any], old: dict[str, Any], news: dict[str, Any]) -> Difference:
        """What changes, and whether that replaces the resource."""
        before = without_internal(without_nulls(reveal(old_inputs)))
        inputs = without_nulls(reveal(news))
        subject = self._subject(urn, inputs, olds=without_nulls(reveal(old_inputs)), outputs=reveal(old))
        knowledge = subject.knowledge
        changes = self.simulation.changes(subject, differences(before, without_internal(inputs), knowledge))
        stateful = knowledge.facts.stateful
        for change in changes:
            if stateful and not change.certain and not change.replaces:
                self._warn_may_replace(subject, change, stateful)
        replaces = any(change.replaces for change in changes)
        return Difference(changes, delete_first=replaces and self.simulation.holds_name(subject))

    def _warn_may_replace(self, subject: Subject, change: Change, stateful: str) -> None:
        from blueprints.sandbox.provider.values import format_path

        path = format_path(change.path)
        fact = subject.knowledge.facts.change(subject.knowledge.pattern(change.path))
        why = f"{fact.value} ({fact.source})" if fact else "no source says whether it does"
        self.session.diagnostics.warn(
            f"{path}: may replace. This {subject.short_type} holds {stateful}, and a change of `{path}` may replace it:"
            f" {why} [{subject.type}/{path}/may_replace]",
            subject.urn,
        )

    def create(self, urn: str, properties: dict[str, Any], preview: bool) -> tuple[str, dict[str, Any]]:
        """The id and the outputs of a new resource; in a preview no id, and unknown what only AWS knows."""
        sealed = unseal(properties)
        subject = self._subject(urn, sealed.value, preview=preview)
        subject.generation = self.session.account.generation(urn)
        if preview:
            return "", self._sealed(subject, outputs.planned(self.simulation, subject), sealed.secret_paths)
        self._strike("create", subject)
        self.simulation.before_create(subject)
        subject.id = self.simulation.identity(subject)
        subject.outputs = outputs.created(self.simulation, subject)
        paths = outputs.secret_paths(subject, subject.outputs, sealed.secret_paths)
        record_new(self.simulation, subject, sealed.secret_paths, paths)
        return subject.id, seal(subject.outputs, paths)

    def update(
        self,
        urn: str,
        identity: str,
        old_inputs: dict[str, Any],
        old: dict[str, Any],
        news: dict[str, Any],
        *,
        preview: bool,
    ) -> dict[str, Any]:
        """The outputs after a change in place."""
        sealed = unseal(news)
        subject = self._subject(urn, sealed.value, id=identity, preview=preview)
        subject.olds, subject.outputs = reveal(old_inputs), reveal(old)
        subject.generation = max(self.session.account.generation(urn) - 1, 0)
        self.simulation.before_update(subject)
        if preview:
            return self._sealed(subject, outputs.updated(self.simulation, subject), sealed.secret_paths)
        self._strike("update", subject)
        row = self._row(subject)
        imported = row is None and self.simulation.missing(subject) is not None
        if row is None and not imported:
            raise OperationError(
                "NotFound",
                f"{subject.short_type} `{identity}` does not exist any more; it was removed outside Pulumi."
                " Run `pulumi refresh` (or `up --refresh`), and the next update creates it again",
            )
        result = outputs.updated(self.simulation, subject)
        paths = outputs.secret_paths(subject, result, sealed.secret_paths)
        subject.outputs = result
        if row is None:
            # Imported from the account's description: from its first change on it is a resource like any other.
            record_new(self.simulation, subject, sealed.secret_paths, paths)
        else:
            record_change(self.simulation, row, subject, sealed.secret_paths, paths)
        return seal(result, paths)

    def delete(self, urn: str, identity: str, old_inputs: dict[str, Any], old: dict[str, Any]) -> None:
        """Deletes a resource, or raises the service's refusal. What is already gone counts as deleted."""
        subject = self._subject(urn, reveal(old_inputs), id=identity, outputs=reveal(old))
        self._strike("delete", subject)
        account = self.session.account
        row = self._row(subject)
        farewell = self.simulation.before_delete(subject, row)
        with account.change():
            if row is not None:
                account.remove(row, farewell.held_names)
            if self.simulation.missing(subject) is not None:
                account.mark_gone(subject.type, identity)
            for remainder in farewell.remainders:
                account.leave(urn, remainder)

    def _row(self, subject: Subject) -> Row | None:
        """The record of a resource; after an alias changed its URN, the one under the old URN."""
        account = self.session.account
        return account.get(subject.urn, subject.id) or account.renamed(subject.urn, subject.type, subject.id)

    def read(
        self, urn: str, identity: str, inputs: dict[str, Any], properties: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The inputs and outputs of what exists under an id, by whichever stack; None when nothing does."""
        token = type_in_urn(urn)
        account = self.session.account
        row = account.get(urn, identity) or account.by_id(token, identity)
        if row is not None:
            found_inputs = account.inputs(row, reveal(inputs))
            return self._read_inputs(found_inputs, inputs), account.outputs(row, reveal(properties))
        subject = self._subject(urn, {}, id=identity)
        declared = self.simulation.missing(subject)
        if declared is None:
            if inputs or properties:
                return None
            raise OperationError(
                "NotFound",
                f"the simulated account has no {subject.type} with the id `{identity}`. If your real account has it,"
                f" tell the sandbox in sandbox.yaml:\n  resources:\n    - type: {subject.type}\n      id: {identity}\n"
                "      properties: {}",
            )
        known = subject.knowledge.declared
        settable = set(known.inputs) if known else set(declared)
        subject.inputs = {key: value for key, value in declared.items() if key in settable}
        self.simulation.prepare(subject)
        result = {**outputs.created(self.simulation, subject), **declared}
        paths: list[Path] = [(name,) for name in (known.secret_outputs if known else ()) if name in result]
        return subject.inputs, seal(result, paths)

    def _read_inputs(self, found: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        """Inputs as they are, with the provider's own notes as the state had them."""
        notes = {key: value for key, value in asked.items() if key.startswith("__")}
        return {**found, **notes}

    def _strike(self, operation: str, subject: Subject) -> None:
        for fault in self.session.faults:
            if fault.strikes(operation, subject.type, subject.name):
                raise OperationError(
                    "SimulatedFault",
                    f"{operation} of {subject.type} `{subject.name}` failed on purpose (--fail-on {fault.subject}"
                    f"{':' + fault.operation if fault.operation else ''}); nothing was changed. The next run without"
                    " the fault continues from here",
                )

    def _sealed(self, subject: Subject, result: dict[str, Any], paths: list[Path]) -> dict[str, Any]:
        return seal(result, outputs.secret_paths(subject, result, paths))


def unknown_id(identity: Any) -> bool:
    """Whether an id is not known yet."""
    return isinstance(identity, Unknown) or not identity
