"""Which Python runs a project's program: the one its own runtime options choose, otherwise ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from blueprints.sandbox.errors import BadInput

_TOOLCHAIN_SECONDS = 60


@dataclass(frozen=True)
class Interpreter:
    """A Python interpreter and the environment it belongs to."""

    environment: Path
    """Folder of the virtual environment, or the prefix of a plain installation."""
    virtual: bool
    """Whether `environment` is a virtual environment."""

    @property
    def bin_dir(self) -> Path:
        """The folder to put first on PATH."""
        return self.environment / ("Scripts" if os.name == "nt" else "bin")

    def site_packages(self) -> list[Path]:
        """The folders in which this interpreter's packages are installed."""
        if self.environment == Path(sys.prefix):
            return [Path(entry) for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
        return sorted(self.environment.glob("lib*/python3*/site-packages"))


def current() -> Interpreter:
    """The interpreter that runs this process."""
    return Interpreter(Path(sys.prefix), sys.prefix != sys.base_prefix)


def choose(root: Path, options: dict[str, object]) -> tuple[Interpreter, str | None]:
    """The interpreter for a project, from `runtime.options` of its Pulumi.yaml; a note where it is not the one named.

    A project whose environment nobody has made yet runs with ours, which may well hold all that it needs.
    """
    named = _named(root, options)
    if named is None:
        return current(), None
    if _is_environment(named):
        return Interpreter(Path(os.path.normpath(named)), virtual=True), None
    return current(), f"runtime.options: {named} is no virtual environment; the program runs with {sys.executable}"


def _named(root: Path, options: dict[str, object]) -> Path | None:
    """The folder of the environment that the options name, whether it exists or not; None where they name none."""
    toolchain = str(options.get("toolchain") or "pip").lower()
    virtualenv = options.get("virtualenv")
    if toolchain == "pip":
        return root / str(virtualenv) if virtualenv else None
    if toolchain == "uv":
        folder = str(virtualenv or os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv"))
        return _nearest(root, "uv.lock", "pyproject.toml") / folder
    if toolchain == "poetry":
        return _poetry_environment(_nearest(root, "poetry.lock", "pyproject.toml"))
    raise BadInput(
        f"Pulumi.yaml: runtime.options.toolchain must be pip, poetry or uv (got {toolchain!r})\n    fix: choose one"
    )


def _is_environment(folder: Path) -> bool:
    return any((folder / place).exists() for place in ("bin/python", "Scripts/python.exe"))


def _poetry_environment(base: Path) -> Path:
    inside = base / ".venv"
    poetry = shutil.which("poetry")
    if _is_environment(inside) or poetry is None:
        return inside
    try:
        answer = subprocess.run(
            [poetry, "env", "info", "--path"],
            cwd=base,
            capture_output=True,
            text=True,
            timeout=_TOOLCHAIN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput(f"`poetry env info --path` gave no answer in {_TOOLCHAIN_SECONDS} s in {base}") from error
    return Path(answer.stdout.strip() or inside)


def _nearest(root: Path, *names: str) -> Path:
    """The folder at or above `root` that holds the first of these files to be found, or `root`."""
    for name in names:
        for folder in (root, *root.parents):
            if (folder / name).is_file():
                return folder
    return root
