"""A real engine on a scratch project, with the simulated providers in front of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blueprints.sandbox.provider import supported_packages
from blueprints.sandbox.provider.guard import process_start

TOKEN = "test-run-token"
REPOSITORY = Path(__file__).parents[3]


@dataclass
class Outcome:
    """What one engine command did."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return f"{self.out}\n{self.err}"


@dataclass
class Project:
    """A Pulumi project in a folder of its own, with a sandbox beside it."""

    root: Path
    engine: Path
    stack: str = "dev"
    config: dict[str, str] = field(default_factory=lambda: {"aws:region": "eu-central-1"})
    variables: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.home.joinpath("run").mkdir(parents=True, exist_ok=True)
        (self.home / "state").mkdir(exist_ok=True)
        self._write_project()
        binaries = self.home / "providers"
        binaries.mkdir(exist_ok=True)
        for package in supported_packages():
            launcher = binaries / f"pulumi-resource-{package}"
            launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m blueprints.sandbox.provider {package} "$@"\n')
            launcher.chmod(0o755)
        self.write_run()
        made = self.pulumi("stack", "init", self.stack)
        assert made.code == 0, made.text

    def _write_project(self) -> None:
        (self.root / "Pulumi.yaml").write_text("name: scratch\nruntime: python\n")
        lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in self.config.items())
        (self.root / f"Pulumi.{self.stack}.yaml").write_text(f"config:\n{lines}")

    @property
    def home(self) -> Path:
        return self.root / ".blueprints" / "sandbox"

    @property
    def backend(self) -> str:
        return f"file://{self.home / 'state'}"

    def write_run(self, **changes: Any) -> None:
        """The run file of this process, with changes for tests of the guard."""
        content = {"token": TOKEN, "pid": os.getpid(), "pid_start": process_start(os.getpid()), "backend": self.backend}
        content |= {"stack": self.stack, "project": "scratch"} | changes
        (self.home / "run" / f"{TOKEN}.json").write_text(json.dumps(content))

    def environment(self) -> dict[str, str]:
        path = [self.home / "providers", self.engine, Path(sys.executable).parent, "/usr/bin", "/bin"]
        return {
            "PATH": os.pathsep.join(map(str, path)),
            "HOME": str(self.root),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
            "PULUMI_HOME": str(self.home / "pulumi-home"),
            "PULUMI_BACKEND_URL": self.backend,
            "PULUMI_CONFIG_PASSPHRASE": "sandbox",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_ERROR_OUTPUT_STRING": "1",
            "PYTHONPATH": str(REPOSITORY),
            "BLUEPRINTS_SANDBOX_HOME": str(self.home),
            "BLUEPRINTS_SANDBOX_TOKEN": TOKEN,
            **self.variables,
        }

    def pulumi(self, *arguments: str) -> Outcome:
        """Runs the engine's command line."""
        command = [str(self.engine / "pulumi"), *arguments, "--non-interactive", "--color", "never"]
        done = subprocess.run(
            command, cwd=self.root, env=self.environment(), capture_output=True, text=True, timeout=240, check=False
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def program(self, text: str) -> None:
        """Writes the program."""
        (self.root / "__main__.py").write_text(text)

    def up(self, *arguments: str) -> Outcome:
        return self.pulumi("up", "--yes", "--skip-preview", *arguments)

    def preview(self, *arguments: str) -> Outcome:
        return self.pulumi("preview", *arguments)

    def plan(self, *arguments: str) -> dict[str, Any]:
        """A preview as the engine's own document."""
        done = self.pulumi("preview", "--json", *arguments)
        return json.loads(done.out)

    def steps(self, *arguments: str) -> dict[str, str]:
        """What a preview would do, by logical name."""
        return {step["urn"].rpartition("::")[2]: step["op"] for step in self.plan(*arguments)["steps"]}

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets shown."""
        return json.loads(self.pulumi("stack", "output", "--json", "--show-secrets").out)

    def resources(self) -> dict[str, dict[str, Any]]:
        """The state's resources by logical name."""
        deployment = json.loads(self.pulumi("stack", "export").out)["deployment"]
        return {item["urn"].rpartition("::")[2]: item for item in deployment.get("resources", [])}

    def urn(self, name: str) -> str:
        return self.resources()[name]["urn"]
