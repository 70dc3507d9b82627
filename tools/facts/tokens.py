"""Which Pulumi resource type a Terraform or CloudFormation resource type is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from blueprints.sandbox.catalog import Package
from tools.facts.wire import match_name, squash

_REVIEWED = Path(__file__).parent / "reviewed"
MIN_OVERLAP, MIN_SHARE = 0.85, 0.3
"""The share of properties that the other schema must know for a match of names to count (CloudFormation nests more)."""


def resource_tokens(package: Package) -> list[str]:
    return [token for token in package.tokens() if package.resource(token) and not token.startswith("pulumi:")]


class Twins:
    """Resource types that are one and the same under several tokens (`aws:alb/listener` and `aws:lb/listener`)."""

    def __init__(self, tokens: Iterable[str]) -> None:
        rules: list[list[str]] = yaml.safe_load((_REVIEWED / "twins.yaml").read_text(encoding="utf-8"))
        known = set(tokens)
        self._groups: dict[str, list[str]] = {}
        for first, second in rules:
            for token in sorted(known):
                if token.startswith(first) and (other := second + token.removeprefix(first)) in known:
                    group = [*self._groups.get(token, [token]), other]
                    for member in group:
                        self._groups[member] = group

    def of(self, token: str) -> list[str]:
        return self._groups.get(token, [token])


class TerraformNames:
    """Terraform resource types, by name and by agreement of the attributes."""

    def __init__(self, package: Package, twins: Twins, attributes: Iterable[tuple[str, list[str]]]) -> None:
        reviewed: dict[str, str] = yaml.safe_load((_REVIEWED / "terraform.yaml").read_text(encoding="utf-8"))
        candidates: dict[str, set[str]] = {}
        for token in resource_tokens(package):
            module, name = _parts(token)
            for spelling in (f"aws{module}{name}", f"aws{name}"):
                candidates.setdefault(squash(spelling), set()).add(token)
        self._twins = twins
        self._tokens: dict[str, str] = {}
        for terraform, names in attributes:
            if terraform in reviewed:
                self._tokens[terraform] = reviewed[terraform]
                continue
            scored = [
                (_overlap(names, package.resource(token)), token) for token in candidates.get(squash(terraform), ())
            ]
            if terraform not in self._tokens and scored and max(scored)[0] >= MIN_OVERLAP:
                self._tokens[terraform] = max(scored)[1]

    def tokens(self, terraform: str) -> list[str]:
        """The Pulumi types of a Terraform type; empty where no match is certain."""
        token = self._tokens.get(terraform)
        return self._twins.of(token) if token else []


class CloudFormationNames:
    """CloudFormation resource types, by reviewed list, or by name and agreement of the properties."""

    def __init__(self, package: Package, twins: Twins, properties: dict[str, list[str]]) -> None:
        reviewed: dict[str, str | None] = yaml.safe_load((_REVIEWED / "cloudformation.yaml").read_text("utf-8"))
        by_name: dict[str, list[str]] = {}
        for token in resource_tokens(package):
            module, name = _parts(token)
            by_name.setdefault(squash(f"{module}{name}"), []).append(token)
        self._twins = twins
        self._tokens: dict[str, str] = {}
        for name, names in properties.items():
            if name in reviewed:
                if (token := reviewed[name]) is not None:
                    self._tokens[name] = token
                continue
            _, service, resource = name.split("::")
            found = by_name.get(squash(f"{service}{resource}"), [])
            if len(found) == 1 and _overlap(names, package.resource(found[0])) >= MIN_SHARE:
                self._tokens[name] = found[0]

    def tokens(self, cloudformation: str) -> list[str]:
        token = self._tokens.get(cloudformation)
        return self._twins.of(token) if token else []

    def token(self, cloudformation: str) -> str | None:
        return self._tokens.get(cloudformation)


def _parts(token: str) -> tuple[str, str]:
    _, module, name = token.split(":")
    return module.partition("/")[0], name


def _overlap(names: list[str], resource: object) -> float:
    inputs = getattr(resource, "inputs", {})
    return sum(match_name(name, inputs) is not None for name in names) / len(names) if names else 0.0
