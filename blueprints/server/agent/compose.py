"""Docker Compose on the live copy of the bundle."""

from __future__ import annotations

from pathlib import Path

from .errors import AgentError
from .layout import Layout
from .process import run

_NGINX = ["nginx", "-c", "/etc/nginx/blueprints/nginx.conf"]


class Compose:
    """The containers of the server. `folder` is the live copy unless another release is named."""

    def __init__(self, layout: Layout, folder: Path | None = None) -> None:
        self._layout = layout
        self._folder = folder or layout.live

    def command(self, *arguments: str) -> list[str]:
        """A compose command with the variables that the file needs."""
        layout = self._layout
        known = [f"BLUEPRINTS_DATA={layout.data}", f"BLUEPRINTS_MEMORY={layout.memory}"]
        if layout.versions_file.exists():
            known += layout.versions_file.read_text(encoding="utf-8").split()
        folder = str(self._folder)
        where = ["--progress", "quiet", "--project-directory", folder, "--file", f"{folder}/compose.yaml"]
        return ["env", *known, "docker", "compose", *where, *arguments]

    def call(self, *arguments: str, text: str | None = None, timeout: float = 300) -> str:
        """One compose command; its standard output."""
        return run(self.command(*arguments), text=text, timeout=timeout)

    def prepare(self) -> None:
        """Pulls and builds images while the running version still serves."""
        self.call("pull", "--ignore-buildable", "--policy", "missing", "--quiet", timeout=1800)
        self.call("build", "--quiet", timeout=1800)

    def up(self, *services: str, profile: str | None = None) -> None:
        """Starts what is not as the file says and waits until it is healthy."""
        profiles = ["--profile", profile] if profile else []
        self.call(
            *profiles, "up", "--detach", "--remove-orphans", "--wait", "--wait-timeout", "600", *services, timeout=900
        )

    def stop(self, *services: str) -> None:
        """Stops containers, each in its own time to end cleanly."""
        self.call("--profile", "*", "stop", *services)

    def running(self) -> list[str]:
        """Services that have a running container."""
        return self.call("ps", "--services", "--status", "running").split()

    def execute(self, service: str, *command: str, text: str | None = None, timeout: float = 120) -> str:
        """Runs a program inside a running container."""
        return self.call("exec", "--no-TTY", service, *command, text=text, timeout=timeout)

    def reload_nginx(self) -> None:
        """Makes nginx read its files again without losing a connection; a wrong configuration changes nothing."""
        if "nginx" not in self.running():
            return
        try:
            self.execute("nginx", *_NGINX, "-t", "-q")
        except AgentError as error:
            raise AgentError(f"nginx refuses its configuration and keeps the old one: {error}") from None
        self.execute("nginx", *_NGINX, "-s", "reload")
