"""From secrets and a bundle to running containers; also what a rotation of secrets sets off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import certificates, journal, secret_files
from .aws import client
from .compose import Compose
from .errors import AgentError
from .files import folder, write
from .host import update
from .install import activate
from .layout import Layout
from .secret_store import Secret, read_all


def fetch_secrets(layout: Layout, release: Path | None = None) -> list[str]:
    """Reads every secret and writes the files. Names of what changed. Raises before anything is written."""
    release = release or layout.current.resolve()
    description = layout.description(release)
    secrets = _read(layout, description)
    secret_files.prepare_memory(layout)
    changed = secret_files.write_all(layout, description, secrets, release)
    if certificates.ensure(layout, description, secrets):
        changed.append("tls")
    return changed


def start(layout: Layout) -> None:
    """Starts the current release. Refuses while a secret file is missing, so that nothing runs without its secrets."""
    release = layout.current.resolve()
    description = layout.description(release)
    missing = secret_files.missing(layout, description)
    if missing:
        raise AgentError(
            f"not started: secrets are not there yet ({', '.join(missing)}); see blueprints-secrets.service"
        )
    activate(layout, release, description)
    first = release.name not in journal.versions(layout)
    if first:
        migrate(layout, layout.live, description)
    bring_up(layout, description)
    if first:
        journal.record(layout, "live", version=release.name)


def migrate(layout: Layout, folder: Path, description: dict[str, Any], *options: str) -> None:
    """Runs the application's migrations in a container of their own, where it has any."""
    if description["migrates"]:
        compose = Compose(layout, folder)
        compose.call("--profile", "migrate", "run", "--rm", "--no-TTY", *options, "migrate", timeout=3600)


def bring_up(layout: Layout, description: dict[str, Any]) -> None:
    """Brings containers to what the live copy says; only what changed is recreated."""
    secret_files.prune(layout, description)
    compose = Compose(layout)
    if description["release"] == "blue_green":
        colour = live_colour(layout, description)
        point_to(layout, description, colour)
        compose.up(profile=colour.removeprefix("app-"))
    else:
        compose.up()
    # Mounted files may have changed without the container being recreated.
    compose.reload_nginx()


def refresh(layout: Layout) -> list[str]:
    """Takes over rotated secrets: files, the database's passwords and the containers that read them."""
    changed = fetch_secrets(layout)
    if changed:
        bring_up(layout, layout.description())
    return changed


def live_colour(layout: Layout, description: dict[str, Any]) -> str:
    """The colour that nginx leads to; the first one on a new server."""
    try:
        text = (layout.data / "upstream" / "app.conf").read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    for name, line in description["upstreams"].items():
        if line == text:
            return name
    return next(iter(description["upstreams"]))


def point_to(layout: Layout, description: dict[str, Any], colour: str) -> None:
    """Writes the file that leads nginx to a colour; takes effect with the next reload."""
    folder(layout.data / "upstream")
    write(layout.data / "upstream" / "app.conf", description["upstreams"][colour].encode())


def _read(layout: Layout, description: dict[str, Any]) -> dict[str, Secret]:
    host = update(layout)
    return read_all(client("secretsmanager", host["region"]), description["secrets"], host["secrets"])
