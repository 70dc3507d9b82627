"""A Pulumi project in a folder of its own, under git, and `blueprints` run in it as a person would type it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 300


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both streams, for a search in all that was printed."""
        return self.out + self.err

    def json(self) -> Any:
        """Standard output as the one JSON document that it is."""
        return json.loads(self.out)


class Project:
    """One project folder. Everything in it is committed, so that `changed_files` shows what a command did."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = dict(environment or {})
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, files: Mapping[str, str]) -> Project:
        """Writes files and commits all there is."""
        for name, text in files.items():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        self.commit()
        return self

    def copy_stacks(self) -> Project:
        """The project of this repository: its Pulumi.yaml and stacks."""
        shutil.copy(REPOSITORY / "Pulumi.yaml", self.folder)
        shutil.copytree(REPOSITORY / "stacks", self.folder / "stacks", dirs_exist_ok=True)
        self.commit()
        return self

    def commit(self) -> None:
        """Commits all files."""
        if not (self.folder / ".git").exists():
            self._git("init", "--quiet")
        self._git("add", "--all")
        author = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        self._git(*author, "commit", "--quiet", "--allow-empty", "--message", "files")

    def changed_files(self) -> str:
        """What git sees of the commands that ran since the last commit."""
        return self._git("status", "--porcelain")

    def command(self, *arguments: str) -> list[str]:
        """The command line of `blueprints`."""
        return [sys.executable, "-m", "blueprints.cli.main", *arguments]

    def run(self, *arguments: str, cwd: str = ".", stdin: str = "", **variables: str) -> Answer:
        """Runs `blueprints` to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder / cwd,
            env={**os.environ, **self.environment, **variables},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts `blueprints`, for tests that interrupt it."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def home(self) -> Path:
        """The project's sandbox."""
        return self.folder / ".blueprints" / ".pulumi"

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """The resources in a stack's state."""
        deployment = self.run("export", stack).json()["deployment"]
        return deployment.get("resources") or []

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True, timeout=60
        ).stdout
