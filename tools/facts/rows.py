"""Rows on their way into the table, and how rows of several sources become one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from blueprints.sandbox.facts import Fact, FactKind, Source

CHANGE_KINDS = ("replaces", "updates", "may_replace")
_LOOSEST = {"min_length": min, "minimum": min, "min_items": min, "max_length": max, "maximum": max, "max_items": max}
MAX_CLOSED_VALUES = 40
"""An enumeration longer than this grows with the service (instance types, runtimes): never closed unless curated."""
MAX_PATTERN = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of one source. Lower `rank` wins."""

    token: str
    path: str
    kind: FactKind
    value: Any
    source: Source
    closed: bool = False
    rank: int = 9

    def fact(self) -> Fact:
        return Fact(self.token, self.path, self.kind, self.value, self.source, self.closed)

    @property
    def subject(self) -> tuple[str, str, str]:
        # Groups of one kind can stand side by side; every other kind occurs once for each path.
        group = ",".join(self.value or ()) if self.kind in ("exactly_one_of", "at_least_one_of") else ""
        family = "change" if self.kind in CHANGE_KINDS else self.kind
        return (self.path, family, group)


def merge(rows: Iterable[Row]) -> Iterator[Row]:
    """One row for each subject of one resource type.

    A curated row (rank 0) stands alone. Otherwise the best rank decides, and limits and enumerations of other sources
    can only widen it: where sources differ, a value that any of them accepts is accepted.
    """
    subjects: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        subjects.setdefault(row.subject, []).append(row)
    for subject in sorted(subjects):
        candidates = sorted(subjects[subject], key=lambda row: (row.rank, str(row.value)))
        best = candidates[0]
        if best.value is None:  # a curated row that withdraws what the sources say
            continue
        if best.rank > 0 and best.kind in _LOOSEST:
            widened = _LOOSEST[best.kind](row.value for row in candidates)
            best = replace(best, value=widened)
        elif best.rank > 0 and best.kind == "enum":
            extra = [value for row in candidates[1:] for value in row.value if value not in best.value]
            best = replace(best, value=[*best.value, *dict.fromkeys(extra)])
            if len(best.value) > MAX_CLOSED_VALUES:
                best = replace(best, closed=False)
        elif best.rank > 0 and best.kind == "reference":
            union = {key: sorted({item for row in candidates for item in row.value[key]}) for key in ("forms", "to")}
            prefixes = {row.value.get("prefix") for row in candidates if row.value["forms"] == union["forms"]} - {None}
            best = replace(best, value=union | ({"prefix": prefixes.pop()} if len(prefixes) == 1 else {}))
        yield best


def usable_pattern(pattern: str, *, anywhere: bool = False) -> str | None:
    """A pattern for a match of the whole value, or None where Python cannot read it as its source meant it.

    `anywhere` says that the source looks for the pattern within the value (JSON schemas do).
    """
    if not pattern or len(pattern) > MAX_PATTERN or "\\p{" in pattern or "[:" in pattern:
        return None
    if pattern in (".*", "^.*$", "[\\s\\S]*", "^[\\s\\S]*$"):
        return None
    starts, ends = pattern.startswith("^"), pattern.endswith(("$", "\\Z"))
    if (starts or anywhere) and not ends:
        pattern = rf"(?:{pattern})[\s\S]*"
    if (ends or anywhere) and not starts:
        pattern = rf"[\s\S]*(?:{pattern})"
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return None
    return pattern
