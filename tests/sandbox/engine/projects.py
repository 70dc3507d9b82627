"""A Pulumi project that a test writes and runs with the real engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from blueprints.sandbox.engine.model import Engine

FAILED = 1
"""The engine's exit code for a run that failed."""


@dataclass
class Project:
    """A Pulumi project with a file backend of its own and an environment that holds nothing else."""

    engine: Engine
    folder: Path
    home: Path
    runtime: str = f"{{name: python, options: {{virtualenv: {json.dumps(sys.prefix)}}}}}"
    main: str = ""

    def write(self, program: str, file: str = "__main__.py") -> Project:
        target = self.folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(program)
        main = f"main: {self.main}\n" if self.main else ""
        (self.folder / "Pulumi.yaml").write_text(f"name: example\nruntime: {self.runtime}\n{main}")
        return self

    @property
    def environment(self) -> dict[str, str]:
        folders = [*map(str, self.engine.search_path), "/usr/bin", "/bin"]
        return {
            "PATH": os.pathsep.join(folders),
            "HOME": str(self.home),
            "PULUMI_HOME": str(self.home / "pulumi"),
            "PULUMI_BACKEND_URL": f"file://{self.home}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.engine.pulumi), *arguments, "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **variables: str) -> tuple[int, str]:
        with self.start(*arguments, **variables) as process:
            output, _ = process.communicate(timeout=120)
        return process.returncode, output

    def ok(self, *arguments: str, **variables: str) -> str:
        code, output = self.run(*arguments, **variables)
        assert code == 0, output
        return output


def new_project(engine: Engine, folder: Path) -> Project:
    """A project in a folder of its own, with a stack called `test` and an empty program."""
    (folder / "project").mkdir()
    (folder / "home").mkdir()
    project = Project(engine, folder / "project", folder / "home").write("")
    project.ok("stack", "init", "test")
    return project
