"""An installed Pulumi package, read from its SDK's source on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from .declarations import read_enum, read_function, read_object, read_resource
from .location import Installed, all_tokens, find_installed, token_file
from .model import ANY, EnumType, FunctionType, ObjectType, ResourceType, Type
from .record import Record, decode, encode
from .source import Source
from .store import Store, cache_file

R = TypeVar("R", ResourceType, FunctionType, ObjectType, EnumType)


class Package:
    """The declarations of one package.

    Only the files that a program's tokens need are read, and what was read is kept in the cache of the user.
    Lookups are safe from several threads.
    """

    def __init__(self, installed: Installed, store: Store | None = None) -> None:
        self.name = installed.name
        self.version = installed.version
        self._installed = installed
        self._store = store or Store(cache_file(installed))
        self._lock = threading.RLock()
        self._records: dict[str, Record | None] = {}
        self._sources: dict[Path, Source] = {}

    def resource(self, token: str) -> ResourceType | None:
        """The resource type `token`; None where the package declares none."""
        return self._find(f"resource:{token}", ResourceType, lambda: self._declared(token, read_resource))

    def function(self, token: str) -> FunctionType | None:
        """The function `token`; None where the package declares none."""
        return self._find(f"function:{token}", FunctionType, lambda: self._declared(token, read_function))

    @property
    def provider(self) -> ResourceType | None:
        """The provider's own settings. Those with `json` set arrive as JSON text."""
        return self.resource(f"pulumi:providers:{self.name}")

    def object_type(self, ref: str) -> ObjectType:
        """The nested object that `Type.ref` names."""
        found = self._find(f"object:{ref}", ObjectType, lambda: self._referred(ref, read_object))
        return found or ObjectType(ref, {})

    def enum_type(self, ref: str) -> EnumType:
        """The enumeration that `Type.ref` names."""

        def read(source: Source, name: str, key: str, _: object) -> EnumType | None:
            return read_enum(source, name, key)

        return self._find(f"enum:{ref}", EnumType, lambda: self._referred(ref, read)) or EnumType(ref, ())

    def tokens(self) -> list[str]:
        """Every token that the package declares, sorted. Reads the whole SDK: for tools and tests."""
        return sorted(all_tokens(self._installed))

    def _find(self, key: str, kind: type[R], read: Callable[[], R | None]) -> R | None:
        known = self._records.get(key, ...)
        if known is ...:
            with self._lock:
                text = self._store.get(key)
                if text is not None:
                    known = decode(text)
                else:
                    known = read()
                    self._store.put(key, encode(known))
                self._records[key] = known
        return known if isinstance(known, kind) else None

    def _declared(self, token: str, read: Callable[[Source, str, Callable[[str], Type]], R | None]) -> R | None:
        path = token_file(self._installed, token)
        if path is None:
            return None
        source = self._source(path)
        return read(source, token, partial(self._resolve, source))

    def _referred(self, ref: str, read: Callable[[Source, str, str, Callable[[str], Type]], R | None]) -> R | None:
        file, _, name = ref.partition("#")
        path = self._installed.root / file
        if not path.is_file():
            return None
        source = self._source(path)
        return read(source, name, ref, partial(self._resolve, source))

    def _source(self, path: Path) -> Source:
        if path not in self._sources:
            self._sources[path] = Source(path)
        return self._sources[path]

    def _resolve(self, source: Source, dotted: str) -> Type:
        """The type behind a class name in an annotation of `source`."""
        first, *rest = dotted.split(".")
        name = rest[-1] if rest else first
        folder = source.path.parent
        if not rest:
            here = [source.path] if source.path.name == "outputs.py" else []
            candidates = [*here, folder / "_inputs.py", folder / "_enums.py", folder / "outputs.py", source.path]
        elif first in source.imports:
            dots, module = source.imports[first]
            for _ in range(dots - 1):
                folder = folder.parent
            target = folder.joinpath(*module.split("."), *rest[:-1])
            candidates = [target / "_inputs.py", target / "_enums.py", target.with_name(f"{target.name}.py")]
        else:
            return ANY
        for path in candidates:
            if path.is_file() and name in self._source(path).names:
                ref = f"{path.relative_to(self._installed.root).as_posix()}#{name}"
                if path.name == "_enums.py":
                    return Type("enum", ref=ref)
                if path.name in ("_inputs.py", "outputs.py"):
                    return Type("object", ref=ref)
        return ANY


@cache
def _package(name: str, search_path: tuple[str, ...] | None) -> Package | None:
    installed = find_installed(name, search_path)
    return Package(installed) if installed else None


def package(name: str, search_path: Sequence[str] | None = None) -> Package | None:
    """The installed package `name` (`aws`, ...); None where its SDK is not on `search_path` (default `sys.path`)."""
    return _package(name, None if search_path is None else tuple(search_path))
