"""Edits of YAML files on their node graph: what is not edited keeps the spelling that the engine read.

PyYAML's own values would not do: it reads `yes`, `12:30:45` and dates by rules that the engine does not share.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from blueprints.sandbox.errors import BadInput


def read_mapping(path: Path) -> MappingNode:
    """The root mapping of a YAML or JSON file; an empty file is an empty mapping. Raises `BadInput`."""
    try:
        root = _composed(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(f"{path}: not readable as YAML: {reason}") from error
    if root is None:
        return MappingNode("tag:yaml.org,2002:map", [])
    if not isinstance(root, MappingNode):
        raise BadInput(f"{path}: must be a mapping of `name: value` lines")
    return root


def write(root: MappingNode) -> str:
    """The text of a node graph."""
    return _serialized(root)


def entry(mapping: Node | None, name: str) -> Node | None:
    """The value of a key, or None."""
    if not isinstance(mapping, MappingNode):
        return None
    return next((value for key, value in mapping.value if isinstance(key, ScalarNode) and key.value == name), None)


def text(node: Node | None) -> str | None:
    """The text of a scalar, or None."""
    return node.value if isinstance(node, ScalarNode) and node.tag != "tag:yaml.org,2002:null" else None


def remove(mapping: MappingNode, *names: str) -> None:
    """Takes keys out, where they are there."""
    mapping.value = [(key, value) for key, value in mapping.value if getattr(key, "value", None) not in names]


def put(mapping: MappingNode, name: str, value: Node) -> None:
    """Sets a key in its place, or at the end."""
    for index, (key, _) in enumerate(mapping.value):
        if isinstance(key, ScalarNode) and key.value == name:
            mapping.value[index] = (key, value)
            return
    mapping.value.append((string(name), value))


def node(value: object) -> Node:
    """A plain Python value as a node."""
    made = _composed(yaml.safe_dump(value))
    assert made is not None
    return made


def string(value: str) -> ScalarNode:
    """A string that stays one, whatever it looks like."""
    return ScalarNode("tag:yaml.org,2002:str", value, style='"')


def plain(item: Node) -> object:
    """A node as plain Python values."""
    return yaml.safe_load(_serialized(item))


def _composed(text: str) -> Node | None:
    # PyYAML's stubs leave the nodes untyped.
    compose = cast("Callable[..., Node | None]", yaml.compose)  # pyright: ignore[reportUnknownMemberType]
    return compose(text, Loader=yaml.SafeLoader)


def _serialized(root: Node) -> str:
    serialize = cast("Callable[..., str]", yaml.serialize)  # pyright: ignore[reportUnknownMemberType]
    return serialize(root, Dumper=yaml.SafeDumper, width=10_000, allow_unicode=True)
