"""Where relative paths in settings begin: the folder of Pulumi.yaml."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import pulumi

ORIGIN = ".blueprints-origin"
"""File in a derived project folder that names the folder it was derived from."""

_root: ContextVar[Path | None] = ContextVar("project_root", default=None)


def project_root() -> Path:
    """The folder of the user's Pulumi.yaml; the working folder where no Pulumi program runs."""
    chosen = _root.get()
    if chosen is not None:
        return chosen
    try:
        root = Path(pulumi.get_root_directory())
    except Exception:  # noqa: BLE001  # the SDK raises a bare Exception where no engine runs the program
        return Path.cwd()
    origin = root / ORIGIN
    return Path(origin.read_text(encoding="utf-8").strip()) if origin.is_file() else root


def resolve(path: str) -> Path:
    """A path from the settings as an absolute one."""
    return project_root() / Path(path).expanduser()


@contextmanager
def rooted(root: Path) -> Generator[None]:
    """Resolves paths from `root` while settings are read outside a Pulumi program."""
    token = _root.set(root.resolve())
    try:
        yield
    finally:
        _root.reset(token)
