"""Writes the settings reference of a blueprint from the docstrings of its settings classes, so that it cannot lie.

Usage: python tools/settings_reference.py        writes docs/<blueprint>-settings.md for every blueprint
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from blueprints.settings import Settings
from blueprints.topologies import TOPOLOGIES, topology

DOCS = Path(__file__).resolve().parent.parent / "docs"


def page(name: str) -> str:
    """The reference of one blueprint as Markdown."""
    blueprint = topology(name)
    lines = [f"# Settings of `{name}`", ""]
    lines += [
        "Made from the settings classes by `tools/settings_reference.py`; change the docstrings, not this page.",
        "",
    ]
    for path, kind in _classes("", blueprint.SETTINGS):
        lines += [f"## `{path}`" if path else f"## `{kind.__name__}`", "", _one_line(inspect.getdoc(kind) or ""), ""]
        lines += ["| setting | default | meaning |", "|---|---|---|"]
        lines += [_row(field, info) for field, info in sorted(kind.model_fields.items())]
        lines.append("")
    lines += ["## Stores", "", "Protected until named in `unprotect`:", ""]
    lines += [f"- `{store}`" for store in sorted(blueprint.stores())]
    lines += ["", "## Children", "", "Names for `overrides`:", ""]
    lines += [f"- `{role}`: {token}" for role, token in sorted(blueprint.roles().items())]
    return "\n".join(lines) + "\n"


def file_of(name: str) -> Path:
    """Where the reference of a blueprint lies: `docs/single-server-settings.md`."""
    dashed = re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()
    return DOCS / f"{dashed}-settings.md"


def _classes(path: str, kind: type[Settings]) -> Iterator[tuple[str, type[Settings]]]:
    yield path, kind
    for name, info in sorted(kind.model_fields.items()):
        for inner, listed in _inner(info.annotation):
            yield from _classes(f"{path}.{name}".lstrip(".") + ("[]" if listed else ""), inner)


def _inner(annotation: Any) -> Iterator[tuple[type[Settings], bool]]:
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        yield annotation, False
        return
    listed = typing.get_origin(annotation) is list
    for argument in typing.get_args(annotation):
        for inner, deeper in _inner(argument):
            yield inner, listed or deeper


def _row(name: str, info: FieldInfo) -> str:
    return f"| `{name}` | {_default(info)} | {_one_line(info.description or '').replace('|', chr(92) + '|')} |"


def _default(info: FieldInfo) -> str:
    value = info.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value is None or value in ("", [], {}) or isinstance(value, Settings):
        return ""
    return f"`{value}`"


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    for topology_name in TOPOLOGIES:
        file_of(topology_name).write_text(page(topology_name), encoding="utf-8")
