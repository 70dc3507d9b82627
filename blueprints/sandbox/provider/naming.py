"""Physical names: who sets them, how a missing one is made, and how long it may be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from blueprints.sandbox.provider.values import DEFAULTS, Unknown, is_list


@dataclass(frozen=True, slots=True)
class NameRule:
    """How the name of a resource type is made when a program gives none."""

    property: str
    max_length: int
    separator: str = "-"
    lower: bool = False
    random_length: int = 7
    letters: bool = False
    """Whether the random part is made of letters instead of hexadecimal digits."""
    prefix: str = ""
    suffix: str = ""
    """What the name has to end with, `.fifo`, ..."""
    suffix_when: str = ""
    """... while this property is true."""

    def ending(self, inputs: dict[str, Any]) -> str:
        """The ending that a resource with these inputs needs."""
        return self.suffix if not self.suffix_when or inputs.get(self.suffix_when) is True else ""


@dataclass(frozen=True, slots=True)
class Autonaming:
    """What the stack's `pulumi:autonaming` asks for. Modes: propose, enforce, disable."""

    mode: str = ""
    proposed: str = ""


class NamingError(Exception):
    """No valid name can be made; the message says why and what to do."""


def generated_inputs(inputs: dict[str, Any]) -> list[str]:
    """The inputs that a provider, not the program, filled in."""
    names = inputs.get(DEFAULTS)
    return [str(name) for name in names] if is_list(names) else []


def make_name(rule: NameRule, logical: str, urn: str, generation: int, suffix: str = "") -> str:
    """A name for a resource that was given none.

    The random part depends on the URN and on how often it was created, not on the engine's seed: that seed is new in
    every run, and a name in a preview would then be another one than in the update that follows.
    """
    digest = hashlib.sha256(f"{urn}\0{generation}\0name".encode()).hexdigest()
    tail = digest[: rule.random_length]
    if rule.letters:
        tail = "".join(chr(ord("a") + int(digest[i * 2 : i * 2 + 2], 16) % 26) for i in range(rule.random_length))
    stem = f"{logical}{rule.separator}"
    room = rule.max_length - rule.random_length
    if len(stem) > room:
        raise NamingError(
            f"the name `{logical}` plus {rule.separator!r} and {rule.random_length} random characters is longer than"
            f" the maximum of {rule.max_length}; shorten it to {room - len(rule.separator)} characters or set"
            f" `{rule.property}`"
        )
    name = f"{rule.prefix}{stem}{tail}{suffix}"
    return name.lower() if rule.lower else name


def fill_name(
    rule: NameRule,
    inputs: dict[str, Any],
    olds: dict[str, Any],
    autonaming: Autonaming,
    *,
    logical: str,
    urn: str,
    generation: int,
) -> None:
    """Sets the name in `inputs` where the program gave none, and notes that in the list of filled inputs."""
    if rule.property in inputs or f"{rule.property}Prefix" in inputs:
        return
    suffix = rule.ending(inputs)
    old = olds.get(rule.property)
    if isinstance(old, str) and rule.property in generated_inputs(olds):
        inputs[rule.property] = old
    elif autonaming.mode == "disable":
        raise NamingError(f"automatic naming is off for this stack, so `{rule.property}` must be set")
    elif autonaming.mode in ("enforce", "propose") and autonaming.proposed:
        name = autonaming.proposed
        if autonaming.mode == "propose":
            name = (name.lower() if rule.lower else name).removesuffix(suffix) + suffix
        if len(name) > rule.max_length:
            raise NamingError(
                f"the name `{name}` that pulumi:autonaming makes has {len(name)} characters, and at most"
                f" {rule.max_length} are allowed; set `{rule.property}` or change the pattern"
            )
        inputs[rule.property] = name
    else:
        inputs[rule.property] = make_name(rule, logical, urn, generation, suffix)
    inputs[DEFAULTS] = sorted({*generated_inputs(inputs), rule.property})


def is_fixed(rule: NameRule | None, inputs: dict[str, Any]) -> bool:
    """Whether the program itself chose the name, so that a replacement cannot exist beside the original."""
    if rule is None:
        return False
    value = inputs.get(rule.property)
    return isinstance(value, str) and not isinstance(value, Unknown) and rule.property not in generated_inputs(inputs)
