"""Deploys a version of the bundle: fetch, verify, prepare, migrate, switch, verify; and back when it is not healthy.

The release that runs is untouched until the new one is fetched, its images are here and its migration has succeeded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import health, journal
from .aws import client
from .compose import Compose
from .errors import AgentError
from .fetch import FetchError, fetch
from .host import update
from .install import activate, host_files, link
from .layout import Layout
from .process import run
from .start import bring_up, fetch_secrets, live_colour, migrate, point_to


def deploy(layout: Layout, version: str) -> str:
    """Makes a version live. Says what it did. Raises `AgentError` after it has returned to the version before."""
    before = layout.current.resolve() if layout.current.exists() else None
    if before is not None and before.name == version and not _interrupted(layout):
        return "already live"
    host = update(layout)
    bundle = host["bundle"]
    journal.record(layout, "fetch", version=version)
    try:
        s3 = client("s3", host["region"])
        release = fetch(s3, bundle["bucket"], bundle["prefix"], version, layout.releases)
    except FetchError as error:
        raise AgentError(f"nothing was changed: {error}") from None
    description = layout.description(release)
    journal.record(layout, "prepare", version=version)
    fetch_secrets(layout, release)
    Compose(layout, release).prepare()
    journal.record(layout, "migrate", version=version)
    # Without starting or changing what it depends on: the version before still uses that.
    migrate(layout, release, description, "--no-deps")
    journal.record(layout, "switch", version=version, before=before.name if before else None)
    try:
        _switch(layout, release, description)
        health.wait_until_healthy(description)
    except AgentError as error:
        journal.record(layout, "unhealthy", version=version, reason=str(error))
        if before is None or before == release:
            raise
        _switch(layout, before, layout.description(before))
        health.wait_until_healthy(layout.description(before))
        journal.record(layout, "returned", version=before.name)
        raise AgentError(f"{version} was not healthy and {before.name} is live again: {error}") from None
    journal.record(layout, "live", version=version)
    return "live"


def rollback(layout: Layout) -> str:
    """Makes the version before the current one live again. Data stays as it is."""
    current = layout.current.resolve().name
    earlier = [version for version in journal.versions(layout) if version != current]
    if not earlier:
        raise AgentError("there is no earlier version on record to return to; name one: blueprints deploy VERSION")
    return deploy(layout, earlier[-1])


def _interrupted(layout: Layout) -> bool:
    # A deploy that was killed after its switch has left no verdict; it is done again.
    steps = journal.entries(layout)
    return bool(steps) and steps[-1]["action"] in ("switch", "unhealthy")


def _switch(layout: Layout, release: Path, description: dict[str, Any]) -> None:
    fetch_secrets(layout, release)
    if host_files(layout, release):
        run(["systemctl", "daemon-reload"])
    activate(layout, release, description)
    link(layout, release)
    if description["release"] != "blue_green":
        bring_up(layout, description)
        return
    names = list(description["upstreams"])
    old = live_colour(layout, description)
    new = next(name for name in names if name != old)
    compose = Compose(layout)
    # The new colour is healthy before nginx hears of it; the old one ends after its open requests.
    compose.up(new, profile=new.removeprefix("app-"))
    point_to(layout, description, new)
    compose.up("nginx", profile=new.removeprefix("app-"))
    compose.reload_nginx()
    compose.stop(old)
