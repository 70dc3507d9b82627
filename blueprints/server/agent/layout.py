"""Where things lie on the server, and what the server and the bundle say about themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import AgentError


@dataclass(frozen=True)
class Layout:
    """Paths below one root, which is / on a server and a scratch folder in a test."""

    root: Path = Path("/")

    @property
    def host_file(self) -> Path:
        """What infrastructure told the server: region, bucket, ids, ARNs. No secrets."""
        return self.root / "etc/blueprints/host.json"

    @property
    def releases(self) -> Path:
        """One folder a bundle version; never changed after it was fetched."""
        return self.root / "opt/blueprints/releases"

    @property
    def current(self) -> Path:
        """Link to the release that runs."""
        return self.root / "opt/blueprints/current"

    @property
    def installed(self) -> Path:
        """Marks that the first boot's work is done."""
        return self.root / "opt/blueprints/installed"

    @property
    def live(self) -> Path:
        """Copy of the release that containers mount: its path stays, so that a release does not recreate nginx."""
        return self.root / "opt/blueprints/live"

    @property
    def data(self) -> Path:
        """Mount point of the data volume."""
        return self.root / "srv/data"

    @property
    def memory(self) -> Path:
        """Mount point of the file system in memory that holds secrets and keys."""
        return self.root / "srv/memory"

    @property
    def secrets(self) -> Path:
        """Secret files, a folder for each container."""
        return self.memory / "secrets"

    @property
    def tls(self) -> Path:
        """Certificate and key as nginx reads them."""
        return self.memory / "tls"

    @property
    def versions_file(self) -> Path:
        """Variables for compose: which versions of the secrets each container has."""
        return self.memory / "versions.env"

    @property
    def state(self) -> Path:
        """What outlives the instance: journal of releases, last backup."""
        return self.data / "state"

    @property
    def lock(self) -> Path:
        """Held by whatever changes the server."""
        return self.root / "run/blueprints.lock"

    def host(self) -> dict[str, Any]:
        """What infrastructure told the server."""
        return _json(self.host_file)

    def description(self, release: Path | None = None) -> dict[str, Any]:
        """What a bundle says about itself; the running one unless another is named."""
        return _json((release or self.current) / "bundle.json")


def _json(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AgentError(
            f"{path} does not exist: the server was not installed (systemctl status blueprints-bootstrap)"
        ) from None
    except ValueError as error:
        raise AgentError(f"{path} is not JSON: {error}") from None
