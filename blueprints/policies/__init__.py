"""Security rules, one a file. This module only composes them; a blueprint runs them on every child's final inputs."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from blueprints.policies.rule import Rule

__all__ = ["Rule", "all_rules", "rules_for"]


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by its id. A rule file is any module here that holds a `RULE`."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        rule = getattr(importlib.import_module(f"{__name__}.{module.name}"), "RULE", None)
        if rule is None:
            continue
        if rule.id in found:
            raise ValueError(f"two rule files have the id {rule.id}")
        found[rule.id] = rule
    return found


@cache
def rules_for(token: str) -> tuple[Rule, ...]:
    """The rules that look at one type of resource."""
    return tuple(rule for rule in all_rules().values() if token in rule.applies)
