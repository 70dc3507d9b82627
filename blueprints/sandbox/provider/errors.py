"""What a simulated operation can fail with."""

from __future__ import annotations

from dataclasses import dataclass, field


class OperationError(Exception):
    """An operation that the simulated cloud refuses: the service's own error code, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code


class UnknownLookupError(OperationError):
    """A lookup that the simulated account has no answer to."""

    def __init__(self, message: str) -> None:
        super().__init__("", message)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be, with a resource's inputs."""

    path: str
    """Property path as Pulumi writes it."""
    message: str
    """What is wrong, with the value, the limit and the fix."""
    rule: str
    """The stable id of the rule."""
    source: str
    """Where the rule comes from."""
    error: bool = True
    """False for what only warns: the source is not closed, or the sandbox cannot know."""

    def __str__(self) -> str:
        return f"{self.message} [{self.rule}; {self.source}]"


@dataclass(slots=True)
class Findings:
    """Collects findings of several checks."""

    items: list[Finding] = field(default_factory=list[Finding])

    def error(self, path: str, message: str, rule: str, source: str) -> None:
        """Something that would be refused."""
        self.items.append(Finding(path, message, rule, source))

    def warn(self, path: str, message: str, rule: str, source: str) -> None:
        """Something that may be refused, or that the sandbox cannot judge."""
        self.items.append(Finding(path, message, rule, source, error=False))
