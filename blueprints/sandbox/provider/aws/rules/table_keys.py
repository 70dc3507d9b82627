"""Every key of a table or index is a declared attribute, and every declared attribute is a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Unknown, has_unknown, is_list, is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/table-keys"
SOURCE = "Amazon DynamoDB API Reference, CreateTable"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds keys without an attribute, and attributes that are no key."""
    inputs = subject.inputs
    if has_unknown([inputs.get(name) for name in _PARTS]) or inputs.get("restoreSourceName") is not None:
        return
    declared = _names(inputs.get("attributes"), "name")
    keys = {str(inputs[name]) for name in ("hashKey", "rangeKey") if inputs.get(name)}
    for index in ("globalSecondaryIndexes", "localSecondaryIndexes"):
        keys |= _names(inputs.get(index), "hashKey") | _names(inputs.get(index), "rangeKey")
        entries = inputs.get(index)
        for entry in entries if is_list(entries) else []:
            schemas = entry.get("keySchemas") if is_map(entry) else None
            keys |= _names(schemas, "attributeName")
    for name in sorted(keys - declared):
        findings.error("attributes", f"the key `{name}` is not among `attributes`", RULE, SOURCE)
    for name in sorted(declared - keys):
        findings.error("attributes", f"the attribute `{name}` is no key of the table or an index", RULE, SOURCE)


_PARTS = ("attributes", "hashKey", "rangeKey", "globalSecondaryIndexes", "localSecondaryIndexes")


def _names(entries: Any, member: str) -> set[str]:
    if not is_list(entries) or isinstance(entries, Unknown):
        return set()
    return {str(entry[member]) for entry in entries if is_map(entry) and entry.get(member)}
