"""What a property can be on the wire, as Python values.

Plain values are `None`, `bool`, `int`, `float`, `str`, `list` and `dict`; everything that has no JSON form is one of
the classes below. All of them compare by value, so a decoded message can be compared and encoded again without loss.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: `("ingress", 0, "fromPort")`."""

INTERNAL = "__"
"""Keys that start so belong to providers (`__defaults`, `__meta`) and are never settings."""

DEFAULTS = "__defaults"
"""The key under which a bridged provider lists the inputs that it filled in itself."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only an update will know."""

    kind: str = "string"
    """The wire's own name for what is missing: string, boolean, number, array, object, asset or archive."""


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must never be shown or stored in plain text."""

    value: Any

    def __repr__(self) -> str:
        return "Secret([secret])"


@dataclass(frozen=True, slots=True)
class OutputValue:
    """A value together with where it comes from; `value` means nothing when it is not `known`."""

    value: Any
    known: bool = True
    secret: bool = False
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """Another resource, passed whole. `id` is None for a component."""

    urn: str
    id: Any = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, by content, path or address. Two assets are the same when their content hash is."""

    text: str | None = None
    path: str | None = None
    uri: str | None = None
    hash: str = ""

    def content_hash(self) -> str:
        """SHA-256 of the content where it is known, else of the place that it comes from."""
        if self.hash:
            return self.hash
        if self.text is not None:
            return hashlib.sha256(self.text.encode()).hexdigest()
        return hashlib.sha256(f"{self.path}|{self.uri}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder or an archive file, by its entries, path or address."""

    assets: dict[str, Any] | None = None
    path: str | None = None
    uri: str | None = None
    hash: str = ""

    def content_hash(self) -> str:
        """SHA-256 of the content where the engine has read it, else of the entries or of the place it comes from."""
        if self.hash:
            return self.hash
        if self.assets is not None:
            entries = (f"{name}={content_hash(entry)}" for name, entry in sorted(self.assets.items()))
            return hashlib.sha256("\n".join(entries).encode()).hexdigest()
        return hashlib.sha256(f"{self.path}|{self.uri}".encode()).hexdigest()


@dataclass(slots=True)
class Sealed:
    """A plain value and the paths in it that are secret."""

    value: dict[str, Any]
    secret_paths: list[Path] = field(default_factory=list[Path])


def is_map(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether the value is an object (keys on the wire are always strings)."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether the value is a list."""
    return isinstance(value, list)


def listed(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if is_list(value) else []


def mapped(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if is_map(value) else {}


def content_hash(value: Any) -> str:
    """The content hash of an asset or archive; the empty string for anything else."""
    return value.content_hash() if isinstance(value, Asset | Archive) else ""


def reveal(value: Any) -> Any:
    """The plain value: secrets opened, outputs resolved, resources as their id (or their URN, for a component)."""
    if is_map(value):
        return {key: reveal(item) for key, item in value.items()}
    if is_list(value):
        return [reveal(item) for item in value]
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, OutputValue):
        return reveal(value.value) if value.known else UNKNOWN
    if isinstance(value, ResourceReference):
        return value.urn if value.id is None else reveal(value.id)
    return value


def secret_paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """The outermost paths that are secret."""
    if isinstance(value, Secret) or (isinstance(value, OutputValue) and value.secret):
        yield at
    elif isinstance(value, OutputValue):
        yield from secret_paths(value.value, at)
    elif is_map(value):
        for key, item in value.items():
            yield from secret_paths(item, (*at, key))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from secret_paths(item, (*at, index))


def unseal(value: dict[str, Any]) -> Sealed:
    """Splits a decoded message into its plain value and the paths that were secret."""
    return Sealed(reveal(value), list(secret_paths(value)))


def seal(value: dict[str, Any], paths: list[Path]) -> dict[str, Any]:
    """The value again, with what stands at `paths` secret.

    A path to a member that is not there is left out. Where the value has another shape than the path expects (a list of
    one that was opened, say), all of it becomes secret.
    """
    tree: dict[Any, Any] = {}
    for path in paths:
        node = tree
        for step in path:
            node = node.setdefault(step, {})
        node[_HERE] = True
    return _seal(value, tree) if tree else value


_HERE = object()
"""Marks a secret place in the tree of paths: no property can be named so."""


def _seal(value: Any, tree: dict[Any, Any]) -> Any:
    if _HERE in tree:
        return value if isinstance(value, Secret) else Secret(value)
    if any(not is_list(value) if isinstance(step, int) else not is_map(value) for step in tree):
        return Secret(value)
    if is_map(value):
        return {k: _seal(v, tree[k]) if k in tree else v for k, v in value.items()}
    if is_list(value):
        return [_seal(v, tree[i]) if i in tree else v for i, v in enumerate(value)]
    return value


def has_unknown(value: Any) -> bool:
    """Whether any part of a plain value is unknown."""
    if isinstance(value, Unknown):
        return True
    if is_map(value):
        return any(has_unknown(item) for item in value.values())
    if is_list(value):
        return any(has_unknown(item) for item in value)
    return False


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is neither a list nor a dict, with its path."""
    if is_map(value):
        for key, item in value.items():
            if not key.startswith(INTERNAL):
                yield from leaves(item, (*at, key))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    else:
        yield at, value


def replace_leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same structure with every leaf passed through `change`."""
    if is_map(value):
        return {key: replace_leaves(item, change) for key, item in value.items()}
    if is_list(value):
        return [replace_leaves(item, change) for item in value]
    return change(value)


def without_internal(value: Any) -> Any:
    """The value without the providers' own keys, at every depth."""
    if is_map(value):
        return {key: without_internal(item) for key, item in value.items() if not key.startswith(INTERNAL)}
    if is_list(value):
        return [without_internal(item) for item in value]
    return value


def format_path(path: Path) -> str:
    """The path as Pulumi writes it: `ingress[0].fromPort`, `tags["a.b"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif not step or any(c in step for c in '.[]"'):
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
        else:
            text += f".{step}" if text else step
    return text
