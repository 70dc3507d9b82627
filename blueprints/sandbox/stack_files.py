"""Derived stack files: the user's settings with the sandbox's own encryption and a placeholder for each secret.

The user's file is only read. What `sandbox run -- config set` changes is kept in the derived copy and laid over again
whenever the user's file changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from blueprints.sandbox import yaml_nodes
from blueprints.sandbox.home import Home, write_if_changed
from blueprints.sandbox.project import Project

# The engine's `v1` form of a key derived from `environment.PASSPHRASE`: salt, and the word that proves the passphrase.
ENCRYPTION_SALT = "v1:kL1aAWXySUA=:v1:eDd7UldXtJRCf4kB:YbaPZ/Jh8OPp/AE4iVXB77u4zHF73A=="

Encrypt = Callable[[list[str]], list[str]]
"""Encrypts texts with the sandbox's key, through the engine."""


def derive_stack_file(
    project: Project, stack: str, encrypt: Encrypt, settings: dict[str, object] | None = None
) -> list[str]:
    """Writes the derived file of a stack. Returns one note for each thing left out.

    `settings` are laid over `blueprints:settings` for this run only. Raises `BadInput` for an unreadable file.
    """
    source = project.stack_file(stack)
    root = yaml_nodes.read_mapping(source) if source else MappingNode("tag:yaml.org,2002:map", [])
    notes = derive_nodes(root, project.home, encrypt)
    if settings:
        _lay_over(root, project.name, settings)
    target = project.home.project / f"Pulumi.{stack}.yaml"
    derived = yaml_nodes.write(root)
    base = project.home.cache / f"{target.name}.base"
    if base.exists() and target.exists():
        derived = yaml_nodes.write(_with_own_changes(root, base, target))
    write_if_changed(base, yaml_nodes.write(root))
    write_if_changed(target, derived)
    return notes


def derive_named_file(home: Home, source: Path, encrypt: Encrypt) -> Path:
    """A derived copy of a settings file that was named with `--config-file`."""
    root = yaml_nodes.read_mapping(source)
    derive_nodes(root, home, encrypt)
    name = hashlib.sha256(str(source.resolve()).encode()).hexdigest()[:12]
    target = home.cache / "config-files" / f"{name}.yaml"
    write_if_changed(target, yaml_nodes.write(root))
    return target


def derive_nodes(root: MappingNode, home: Home, encrypt: Encrypt) -> list[str]:
    """Changes a stack file's nodes in place: encryption fields, ESC imports and secrets. Returns notes."""
    notes: list[str] = []
    if yaml_nodes.entry(root, "environment") is not None:
        notes.append("environment: left out; ESC environments are not read in the sandbox")
    yaml_nodes.remove(root, "secretsprovider", "encryptedkey", "environment")
    yaml_nodes.put(root, "encryptionsalt", yaml_nodes.string(ENCRYPTION_SALT))
    found = list(_secrets(yaml_nodes.entry(root, "config"), ""))
    if found:
        texts = [placeholder(path) for path, _ in found]
        for (_, leaf), cipher in zip(found, _encrypted(texts, home, encrypt), strict=True):
            leaf.value = [(leaf.value[0][0], yaml_nodes.string(cipher))]
        notes.append(f"secrets: {len(found)} replaced by placeholders, for example {found[0][0]}")
    return notes


def placeholder(path: str) -> str:
    """What a program reads instead of the secret at `path`: the same in every run, another for each path."""
    return f"sandbox-{hashlib.sha256(path.encode()).hexdigest()[:24]}"


def _secrets(node: Node | None, path: str) -> Iterator[tuple[str, MappingNode]]:
    if isinstance(node, MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, ScalarNode)]
        if keys == ["secure"] and isinstance(node.value[0][1], ScalarNode):
            yield path, node
            return
        for key, value in node.value:
            name = str(getattr(key, "value", ""))
            yield from _secrets(value, f"{path}.{name}" if path else name)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            yield from _secrets(value, f"{path}[{index}]")


def _encrypted(texts: list[str], home: Home, encrypt: Encrypt) -> list[str]:
    """Encrypts what was not encrypted before: a new cipher text in each run would be a change in each preview."""
    notes = home.cache / "placeholders.json"
    known: dict[str, str] = json.loads(notes.read_text()) if notes.exists() else {}
    missing = sorted(set(texts) - set(known))
    if missing:
        known |= dict(zip(missing, encrypt(missing), strict=True))
        write_if_changed(notes, json.dumps(known, indent=1, sort_keys=True))
    return [known[text] for text in texts]


def _lay_over(root: MappingNode, project: str, settings: dict[str, object]) -> None:
    """Sets fields of `blueprints:settings`, under whichever of its two spellings the file uses."""
    config = yaml_nodes.entry(root, "config")
    if not isinstance(config, MappingNode):
        config = MappingNode("tag:yaml.org,2002:map", [])
        yaml_nodes.put(root, "config", config)
    names = ("blueprints:settings", "settings") if project == "blueprints" else ("blueprints:settings",)
    name = next((name for name in names if yaml_nodes.entry(config, name) is not None), names[0])
    target = yaml_nodes.entry(config, name)
    if not isinstance(target, MappingNode):
        target = MappingNode("tag:yaml.org,2002:map", [])
        yaml_nodes.put(config, name, target)
    for field, value in settings.items():
        yaml_nodes.put(target, field, yaml_nodes.node(value))


def _with_own_changes(root: MappingNode, base: Path, current: Path) -> MappingNode:
    """The newly derived file with what was set or removed in the sandbox since the last derivation."""
    old, own = (_config(yaml_nodes.read_mapping(path)) for path in (base, current))
    changed = {key: value for key, value in own.items() if _text(value) != _text(old.get(key))}
    removed = old.keys() - own.keys()
    if not changed and not removed:
        return root
    merged = MappingNode(root.tag, list(root.value))
    config = yaml_nodes.entry(root, "config")
    entries = list(config.value) if isinstance(config, MappingNode) else []
    fresh = MappingNode("tag:yaml.org,2002:map", entries)
    yaml_nodes.remove(fresh, *removed)
    for key, value in changed.items():
        yaml_nodes.put(fresh, key, value)
    yaml_nodes.put(merged, "config", fresh)
    return merged


def _config(root: MappingNode) -> dict[str, Node]:
    config = yaml_nodes.entry(root, "config")
    return {key.value: value for key, value in config.value} if isinstance(config, MappingNode) else {}


def _text(node: Node | None) -> object:
    return None if node is None else yaml_nodes.plain(node)
