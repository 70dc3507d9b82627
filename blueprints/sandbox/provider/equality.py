"""Values that differ in writing and not in meaning, as AWS and its provider see them."""

from __future__ import annotations

import json
import re
from typing import Any

from blueprints.sandbox.provider.values import Archive, Asset, is_list, is_map

# Properties whose text is JSON that the service stores parsed.
_JSON_TEXT = re.compile(
    r"(polic(y|ies)|document|definitions?|pattern|dashboardBody|template|redriveAllowPolicy|secretPolicy|json)$",
    re.IGNORECASE,
)
# Policy documents, in which one item and a list of one item mean the same.
_POLICY_TEXT = re.compile(r"(polic(y|ies)|document|json)$", re.IGNORECASE)
_ANY_PROTOCOL = ("-1", "all")
_PROTOCOLS = ("protocol", "ipProtocol")


def same(old: Any, new: Any, name: str, as_set: bool = False) -> bool:
    """Whether two plain values of the property `name` mean the same. `as_set` ignores the order of a list."""
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return True
    if isinstance(old, Asset | Archive) or isinstance(new, Asset | Archive):
        return type(old) is type(new) and old.content_hash() == new.content_hash()
    if is_map(old) and is_map(new):
        return old.keys() == new.keys() and all(same(item, new[key], key) for key, item in old.items())
    if is_list(old) and is_list(new):
        return _same_list(old, new, name, as_set)
    if isinstance(old, str) and isinstance(new, str):
        return _same_text(old, new, name)
    return _scalar(old) == _scalar(new) if _is_scalar(old) and _is_scalar(new) else False


def _same_list(old: list[Any], new: list[Any], name: str, as_set: bool) -> bool:
    if len(old) != len(new):
        return False
    if all(same(a, b, name) for a, b in zip(old, new, strict=True)):
        return True
    if not as_set:
        return False
    return sorted(_canonical(item, name) for item in old) == sorted(_canonical(item, name) for item in new)


def _canonical(value: Any, name: str) -> str:
    """A text that is the same for values that mean the same, so that sets are compared by sorting."""
    if is_map(value):
        members = (f"{key}={_canonical(item, key)}" for key, item in sorted(value.items()))
        return "{" + ",".join(members) + "}"
    if is_list(value):
        return "[" + ",".join(_canonical(item, name) for item in value) + "]"
    if isinstance(value, Asset | Archive):
        return value.content_hash()
    if isinstance(value, str) and name in _PROTOCOLS and value in _ANY_PROTOCOL:
        return _ANY_PROTOCOL[0]
    return repr(_scalar(value))


def _same_text(old: str, new: str, name: str) -> bool:
    if name in _PROTOCOLS and {old, new} <= set(_ANY_PROTOCOL):
        return True
    if not _JSON_TEXT.search(name):
        return False
    try:
        first, second = json.loads(old), json.loads(new)
    except ValueError:
        return False
    if not isinstance(first, dict | list):
        return False
    if _POLICY_TEXT.search(name):
        return _policy(first) == _policy(second)
    return bool(first == second)


def _policy(value: Any, key: str = "") -> Any:
    """A policy document with lists of one item opened and the order of lists removed."""
    if is_map(value):
        if key in ("Principal", "NotPrincipal") and value == {"AWS": "*"}:
            return value
        return {name: _policy(item, name) for name, item in value.items()}
    if is_list(value):
        items = [_policy(item, key) for item in value]
        if len(items) == 1:
            return items[0]
        return items if key == "Statement" else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return _scalar(value) if isinstance(value, bool) else value


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | bool | int | float)


def _scalar(value: Any) -> str:
    """The text that stands for a scalar in the provider's own state: `8080`, `true`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
