"""One fact about a property of a resource type, with where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, cast, get_args

FactKind = Literal[
    "replaces",  # true: a change replaces the resource
    "updates",  # true: a change is made in place
    "may_replace",  # text: when a change replaces
    "conflicts",  # paths that cannot be set together with this one
    "required_with",  # paths that must be set when this one is
    "exactly_one_of",  # paths of which one, and only one, must be set
    "at_least_one_of",  # paths of which one or more must be set
    "enum",  # accepted values
    "pattern",  # regular expression that the whole value matches
    "min_length",  # characters of a text
    "max_length",
    "minimum",  # smallest number
    "maximum",
    "min_items",  # items of a list
    "max_items",
    "set",  # true: the items of this list have no order
    "reference",  # {"forms": [...], "to": [tokens], "prefix": "sg-"}
    "name",  # {"max": 64, "separator": "-"}: how a name that the program leaves out is made
    "stateful",  # text: what the resource holds that a replacement loses
    "delete_first",  # true: a replacement deletes the old resource before it creates the new one
    "sensitive",  # true: the value is a secret
    "default",  # what the service uses when the property is left out
]
KINDS: frozenset[str] = frozenset(get_args(FactKind))

ReferenceForm = Literal["id", "arn", "name", "url", "alias", "other"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from: a name that a person can look up, its version, and what of it was used."""

    name: str
    version: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the table.

    `path` is a path of wire names with `[]` for the items of a list and `{}` for the values of a map
    (`rootBlockDevice.volumeSize`, `ingress[].fromPort`); it is empty for facts about the resource as a whole. Other
    paths in `value` that share a `[]` with `path` mean the same item. `closed` says that the source is complete and
    has the last word: only then is a violation an error, otherwise it is a warning.
    """

    token: str
    path: str
    kind: FactKind
    value: Any
    source: Source
    closed: bool

    @property
    def rule_id(self) -> str:
        """A name that stays the same between versions: `aws:ec2/instance:Instance/instanceType/enum`."""
        group = cast(list[str], self.value) if isinstance(self.value, list) else []
        subject = self.path or "+".join(group)
        return "/".join(part for part in (self.token, subject, self.kind) if part)


@dataclass(frozen=True, slots=True)
class NameRule:
    """How the provider names a resource whose name the program leaves out.

    The name is `prefix`, the logical name (lower-case where `lower` is set), `separator`, `random_length` random
    characters (hexadecimal digits, or the letters a to z where `letters` is set), and `suffix` while the boolean
    property `suffix_when` is true. `max_length` is the limit in characters of logical name, separator and tail; the
    provider refuses what does not fit. A service may allow less: the other facts of `property` say so.
    """

    property: str
    max_length: int
    separator: str = "-"
    random_length: int = 7
    letters: bool = False
    lower: bool = False
    prefix: str = ""
    suffix: str = ""
    suffix_when: str = ""


class ResourceFacts:
    """What is known of one resource type. Empty for a type that no source covers."""

    def __init__(self, token: str, rows: tuple[Fact, ...] = ()) -> None:
        self.token = token
        self.rows = rows

    @cached_property
    def _by_path(self) -> dict[str, tuple[Fact, ...]]:
        grouped: dict[str, list[Fact]] = {}
        for row in self.rows:
            grouped.setdefault(row.path, []).append(row)
        return {path: tuple(facts) for path, facts in grouped.items()}

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._by_path)

    def at(self, path: str) -> tuple[Fact, ...]:
        """Facts of one property; `path` may hold indices (`ingress[0].fromPort`)."""
        return self._by_path.get(without_indices(path), ())

    def fact(self, path: str, kind: FactKind) -> Fact | None:
        """The fact of one kind about one property."""
        return next((row for row in self.at(path) if row.kind == kind), None)

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """All facts of one kind."""
        return tuple(row for row in self.rows if row.kind == kind)

    def change(self, path: str) -> Fact | None:
        """What a change at `path` does: the `replaces`, `updates` or `may_replace` fact there or at the nearest parent.

        None where no source says: that is not the same as an update in place.
        """
        current = without_indices(path)
        while current:
            for row in self._by_path.get(current, ()):
                if row.kind in ("replaces", "updates", "may_replace"):
                    return row
            current = parent_path(current)
        return None

    @property
    def stateful(self) -> str | None:
        """What the resource holds that its replacement or deletion loses; None for a resource that holds nothing."""
        return next((str(row.value) for row in self.of("stateful")), None)

    @property
    def name(self) -> NameRule | None:
        """The rule for names that the provider makes; None where the type has no such name or no source says."""
        row = next(iter(self.of("name")), None)
        if row is None:
            return None
        return NameRule(
            property=row.path,
            max_length=row.value["max"],
            separator=row.value.get("separator", "-"),
            random_length=row.value.get("random", 7),
            letters=row.value.get("letters", False),
            lower=row.value.get("lower", False),
            prefix=row.value.get("prefix", ""),
            suffix=row.value.get("suffix", ""),
            suffix_when=row.value.get("suffix_when", ""),
        )

    @property
    def delete_first(self) -> bool:
        """Whether the provider deletes the old resource before it creates the replacement."""
        return bool(self.of("delete_first"))


_INDEX = re.compile(r"\[[^\]]*\]")


def without_indices(path: str) -> str:
    """`ingress[0].fromPort` -> `ingress[].fromPort`."""
    return _INDEX.sub("[]", path)


def parent_path(path: str) -> str:
    """The path one step up: `a[].b` -> `a[]` -> `a` -> empty."""
    if path.endswith(("[]", "{}")):
        return path[:-2]
    return path.rpartition(".")[0]
