"""Settings that every blueprint takes: environment, tags, waivers, overrides and which stores may be destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field

from blueprints.environments import PROFILES, Environment, Profile
from blueprints.errors import Problem
from blueprints.settings import Settings


class Waiver(Settings):
    """A security rule that this stack gives up, with the reason. Every report shows it."""

    rule: str
    """Id of the rule, as an error or the security page of the docs names it, for example `EC2.6`."""
    reason: Annotated[str, Field(min_length=10)]
    """Why this stack may do without it: a sentence for the reviewer, 10 characters or more."""


class BlueprintSettings(Settings):
    """What all blueprints have in common."""

    environment: Environment = "dev"
    """`dev`, `staging` or `prod`: chooses the profile (protection, retention, spread). Default dev."""
    tags: dict[str, str] = {}
    """Tags for every resource that can have them; 40 at most (AWS allows 50, the rest are ours). Default none."""
    waivers: list[Waiver] = []
    """Security rules given up, each with its reason. The only way to weaken a default. Default none."""
    overrides: dict[str, dict[str, Any]] = {}
    """Inputs per child, by its role: `{"instance": {"monitoring": true}}`. Mappings merge, lists replace and an empty
    value removes. Names are checked against the provider and the security rules run on the result. Default none."""
    unprotect: list[str] = []
    """Roles of stores that the next update may replace or delete, for example `data-volume`. Take them out again
    afterwards. Default none: replacing or deleting a store is refused."""

    @property
    def profile(self) -> Profile:
        """What the environment asks for."""
        return PROFILES[self.environment]

    def rules(self) -> Iterator[Problem]:
        """Tags as AWS accepts them; each rule waived once."""
        if len(self.tags) > 40:
            yield Problem("tags", "must have at most 40 entries", f"remove {len(self.tags) - 40}", len(self.tags))
        for key, value in self.tags.items():
            if key.lower().startswith("aws:"):
                yield Problem(f"tags.{key}", "must not begin with aws:, which AWS keeps for itself", "rename it", value)
            if not 1 <= len(key) <= 128:
                yield Problem(f"tags.{key}", "key must have 1 to 128 characters", "shorten the key", key)
            if len(value) > 256:
                yield Problem(f"tags.{key}", "must have at most 256 characters", "shorten it", value)
        seen: set[str] = set()
        for index, waiver in enumerate(self.waivers):
            if waiver.rule in seen:
                yield Problem(f"waivers[{index}].rule", "is waived twice", "keep one of the two", waiver.rule)
            seen.add(waiver.rule)
