# ruff: noqa: ARG002 - every simulation answers the same questions
"""What a simulated package decides; the operations of the protocol are the same for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.catalog import Type
from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Findings, OperationError, UnknownLookupError
from blueprints.sandbox.provider.naming import is_fixed
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.account.records import Remainder, Row
    from blueprints.sandbox.provider.session import Session


@dataclass(slots=True)
class Farewell:
    """What a deletion leaves behind."""

    remainders: list[Remainder] = field(default_factory=list["Remainder"])
    held_names: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """(scope, name, reason) that stay taken."""


class Simulation:
    """A simulated package. The methods here are those of a package with no rules of its own."""

    package = ""
    bridged = True
    """Whether the real provider is a Terraform provider behind a bridge, which is lenient about lists of one."""
    open_types = False
    """Whether resource types that the SDK does not declare may exist (custom resources)."""
    sets: frozenset[str] = frozenset()
    """Properties whose lists are sets: by name alone, or as `<token>/<path>`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def check_config(self, inputs: dict[str, Any], _findings: Findings) -> None:
        """Judges the settings of the provider itself."""

    def configure(self, inputs: dict[str, Any]) -> None:
        """Takes over the settings of the provider."""

    def config_replaces(self, name: str) -> bool:
        """Whether a change of this provider setting replaces every resource of the provider."""
        return False

    def refuse(self, token: str) -> str:
        """Why resources of a type cannot be simulated; empty for those that can."""
        return ""

    def prepare(self, subject: Subject) -> None:
        """Fills inputs in, before they are checked."""

    def rules(self, subject: Subject, findings: Findings) -> None:
        """Checks what the package's own documentation says."""

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """Corrects the list of changes."""
        return found

    def holds_name(self, subject: Subject) -> bool:
        """Whether a replacement cannot exist beside the original, since the program itself chose the name of both."""
        rule = subject.knowledge.name_rule
        if rule is None or subject.inputs.get(rule.property) != subject.olds.get(rule.property):
            return False
        return is_fixed(rule, subject.inputs)

    def identity(self, subject: Subject) -> str:
        """The id of a new resource."""
        return subject.mint.identity("", 16)

    def computed(self, subject: Subject) -> dict[str, Any]:
        """Outputs of a resource that exists; they follow from its inputs, id and URN."""
        return {}

    def nested(self, subject: Subject) -> dict[str, dict[str, Any]]:
        """What the service adds inside objects, by their path (`rootBlockDevice`, `origins[]`)."""
        return {}

    def fill(self, subject: Subject, path: str, declared: Type) -> Any:
        """The value of an output that nothing else says anything about."""
        return neutral(declared)

    def known_in_preview(self, subject: Subject) -> dict[str, Any]:
        """Outputs that a preview can know although the program does not set them."""
        return {}

    def volatile(self, subject: Subject, changed: set[str]) -> Iterable[str]:
        """Outputs that the service sets anew when these inputs change in place."""
        return ()

    def region(self, subject: Subject) -> str:
        """Where the resource lives."""
        return ""

    def names(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """(scope, name) that the resource takes for itself."""
        return ()

    def name_taken(self, subject: Subject, scope: str, name: str, holder: str, held: str) -> OperationError:
        """The refusal of a name that is taken."""
        reason = f" ({held})" if held else f" by {holder}"
        return OperationError("AlreadyExists", f"{subject.short_type} `{name}` is already taken in {scope}{reason}")

    def handles(self, subject: Subject) -> frozenset[str]:
        """Texts by which others can refer to the resource."""
        return frozenset((subject.id,))

    def before_create(self, subject: Subject) -> None:
        """Raises `OperationError` for what cannot be created."""

    def before_update(self, subject: Subject) -> None:
        """Raises `OperationError` for what cannot be changed."""

    def before_delete(self, subject: Subject, row: Row | None) -> Farewell:
        """Raises `OperationError` for what cannot be deleted; says what stays."""
        return Farewell()

    def missing(self, subject: Subject) -> dict[str, Any] | None:
        """Properties of a resource that the account has without any program having made it; None when it has not."""
        if self.session.account.is_gone(subject.type, subject.id):
            return None
        return self.session.world.resource(subject.type, subject.id)

    def invoke(self, token: str, arguments: dict[str, Any], preview: bool) -> dict[str, Any]:
        """The result of a function, with `UnknownLookupError` for one that has no answer."""
        raise UnknownLookupError(f"the sandbox does not simulate the function {token}")


def neutral(declared: Type) -> Any:
    """The empty value of a type."""
    match declared.kind:
        case "boolean":
            return False
        case "integer" | "number":
            return 0
        case "list":
            return []
        case "map" | "object" | "any":
            return {}
        case "union":
            return neutral(declared.options[0])
        case "const":
            return declared.value
        case _:
            return ""
