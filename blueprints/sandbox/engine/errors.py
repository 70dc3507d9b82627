"""The error for people when there is no way to an engine."""

from __future__ import annotations

from collections.abc import Sequence

from blueprints.sandbox.engine.model import Attempt
from blueprints.sandbox.errors import RunFailed


class EngineError(RunFailed):
    """No engine could be found or made. The message is complete: what was tried, why it failed, what to do."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self.attempts = tuple(attempts)
        tried = "\n".join(f"  {number}. {one.step}: {one.reason}" for number, one in enumerate(attempts, 1))
        fixes = "\n".join(f"  - {fix}" for fix in dict.fromkeys(one.fix for one in attempts if one.fix))
        super().__init__(
            f"no Pulumi engine is available. Tried, in this order:\n{tried}\nAny one of these helps:\n{fixes}"
        )
