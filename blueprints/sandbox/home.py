"""Where a project's sandbox keeps everything it writes: one self-ignoring folder inside the project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from blueprints.sandbox.errors import BadInput, RunFailed

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
FOLDER = ".blueprints"
# The engine leaves folders of this name out when it archives a directory: a program that archives its own project
# root would otherwise see the sandbox's state change under it, and no second preview would be empty.
_UNARCHIVED = ".pulumi"


@dataclass(frozen=True)
class Home:
    """The folders of one project's sandbox."""

    project_root: Path
    """Folder of the user's own Pulumi.yaml; the sandbox never writes to it outside `folder`."""

    @property
    def folder(self) -> Path:
        """What `BLUEPRINTS_SANDBOX_HOME` names."""
        return self.project_root / FOLDER / _UNARCHIVED

    @property
    def state(self) -> Path:
        """File backend of the engine."""
        return self.folder / "state"

    @property
    def backend(self) -> str:
        """URL of the only backend that sandbox providers serve."""
        return f"file://{self.state}"

    @property
    def project(self) -> Path:
        """Derived project: the folder that the engine takes for the project root."""
        return self.folder / "project"

    @property
    def plugins(self) -> Path:
        """Launchers of the simulated providers."""
        return self.folder / "plugins"

    @property
    def runs(self) -> Path:
        """One file for each run under way; the provider reads them."""
        return self.folder / "run"

    @property
    def engine_home(self) -> Path:
        """`PULUMI_HOME` of the sandbox: no plugin and no login of the user is in it."""
        return self.folder / "pulumi-home"

    @property
    def user_home(self) -> Path:
        """`HOME` of the sandbox: empty, so that no credentials file is found."""
        return self.folder / "home"

    @property
    def account(self) -> Path:
        """What exists in the simulated account."""
        return self.folder / "account.sqlite"

    @property
    def cache(self) -> Path:
        """Notes that can be made again at any time."""
        return self.folder / "cache"

    def make(self) -> None:
        """Makes the folders. Raises `RunFailed` where the project cannot be written to."""
        try:
            for folder in (
                self.state,
                self.project,
                self.plugins,
                self.runs,
                self.engine_home,
                self.user_home,
                self.cache,
            ):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            ignore = self.project_root / FOLDER / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n")
        except PermissionError as error:
            raise RunFailed(
                f"the sandbox cannot write to {self.project_root / FOLDER}: {error.strerror}\n"
                "    fix: run it in a copy of the project that you own"
            ) from error


def find_project_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a Pulumi project. Raises `BadInput` if there is none."""
    start = Path(os.path.realpath(start))
    for folder in (start, *start.parents):
        if project_file(folder) is not None:
            return folder
    raise BadInput(
        f"no Pulumi project here: {start} and the folders above it hold no Pulumi.yaml\n"
        "    fix: go to the project's folder, or name it with --cwd FOLDER"
    )


def project_file(folder: Path) -> Path | None:
    """The project file of a folder, if it has one."""
    return next((folder / name for name in PROJECT_FILES if (folder / name).is_file()), None)


def write_if_changed(path: Path, text: str, mode: int = 0o600) -> None:
    """Replaces a file at once, and only when its text differs: two runs may derive the same project together."""
    try:
        if path.read_text() == text:
            return
    except OSError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.chmod(mode)
    temporary.replace(path)
