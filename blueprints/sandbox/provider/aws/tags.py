"""Default tags: which tags a resource ends up with."""

from __future__ import annotations

from typing import Any

from blueprints.sandbox.provider.values import UNKNOWN, Unknown, has_unknown, is_list, is_map


def all_tags(tags: Any, config: dict[str, Any]) -> Any:
    """The provider's default tags with the resource's own over them, without the ignored ones.

    Unknown as soon as any of them is, as in the provider itself (pulumi-aws, provider/tags.go).
    """
    defaults = config.get("defaultTags")
    ignored = config.get("ignoreTags")
    if has_unknown(tags) or has_unknown(defaults) or has_unknown(ignored):
        return UNKNOWN
    merged: dict[str, str] = {}
    for source in (defaults.get("tags") if is_map(defaults) else None, tags):
        if is_map(source):
            merged.update({key: _text(value) for key, value in source.items() if value is not None})
    keys, prefixes = _ignored(ignored)
    return {k: v for k, v in merged.items() if k not in keys and not k.startswith(prefixes)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _ignored(ignored: Any) -> tuple[set[str], tuple[str, ...]]:
    if not is_map(ignored) or isinstance(ignored, Unknown):
        return set(), ()
    keys, prefixes = ignored.get("keys"), ignored.get("keyPrefixes")
    return {str(key) for key in keys} if is_list(keys) else set(), tuple(map(str, prefixes)) if is_list(
        prefixes
    ) else ()
