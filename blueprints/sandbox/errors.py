"""Errors of the sandbox by what the caller does about them: exit code 2 for bad input, 1 for a run that failed."""

from __future__ import annotations

from blueprints.errors import BlueprintError


class BadInput(BlueprintError):  # noqa: N818 - said as people say it
    """What was typed or configured cannot be done; nothing was started. Exit code 2."""


class RunFailed(BlueprintError):  # noqa: N818 - said as people say it
    """A run was started and did not succeed. Exit code 1."""
