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


def deploy(layout: Layout, version: str, *, migrating: bool = True) -> str:
    """Makes a version live. Says what it did. Raises `AgentError` after it has returned to the version before."""
    before = layout.current.resolve() if layout.current.exists() else None
    live = journal.versions(layout)[-1:] == [version] and not _interrupted(layout)
    if before is not None and before.name == version and live:
        # A server that has just been made anew may still be starting it.
        health.wait_until_healthy(layout.description(before), within=600)
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
    if migrating:
        journal.record(layout, "migrate", version=version)
        # Without starting or changing what it depends on: the version before still uses that.
        migrate(layout, release, description, "--no-deps")
    journal.record(layout, "switch", version=version, before=before.name if before else None)
    serving = live_colour(layout, description)
    try:
        _switch(layout, release, description, serving)
        health.wait_until_healthy(description)
    except AgentError as error:
        journal.record(layout, "unhealthy", version=version, reason=str(error))
        if before is None or before == release:
            raise
        _return(layout, before, description, serving)
        health.wait_until_healthy(layout.description(before))
        journal.record(layout, "returned", version=before.name)
        raise AgentError(f"{version} was not healthy and {before.name} is live again: {error}") from None
    if description["release"] == "blue_green":
        # Only now: until the verdict, going back takes no longer than a reload.
        Compose(layout).stop(serving)
    journal.record(layout, "live", version=version)
    return "live"


def rollback(layout: Layout) -> str:
    """Makes the version before the current one live again. Data stays as it is."""
    current = layout.current.resolve().name
    earlier = [version for version in journal.versions(layout) if version != current]
    if not earlier:
        raise AgentError("there is no earlier version on record to return to; name one: blueprints deploy VERSION")
    # The schema stays as it is: a version never undoes the migrations of a later one.
    return deploy(layout, earlier[-1], migrating=False)


def _interrupted(layout: Layout) -> bool:
    # A deploy that was killed after its switch has left no verdict; it is done again.
    steps = journal.entries(layout)
    return bool(steps) and steps[-1]["action"] in ("switch", "unhealthy")


def _switch(layout: Layout, release: Path, description: dict[str, Any], serving: str) -> None:
    _place(layout, release, description)
    if description["release"] != "blue_green":
        bring_up(layout, description)
        return
    new = _other(description, serving)
    compose = Compose(layout)
    # The new colour is healthy before nginx hears of it.
    compose.up(new, profile=new.removeprefix("app-"))
    point_to(layout, description, new)
    compose.up("nginx", profile=new.removeprefix("app-"))
    compose.reload_nginx()


def _return(layout: Layout, before: Path, failed: dict[str, Any], serving: str) -> None:
    description = layout.description(before)
    _place(layout, before, description)
    if description["release"] != "blue_green" or failed["release"] != "blue_green":
        bring_up(layout, description)
        return
    # The colour that served has never stopped.
    compose = Compose(layout)
    point_to(layout, description, serving)
    compose.up("nginx", profile=serving.removeprefix("app-"))
    compose.reload_nginx()
    compose.stop(_other(description, serving))


def _place(layout: Layout, release: Path, description: dict[str, Any]) -> None:
    fetch_secrets(layout, release)
    if host_files(layout, release):
        run(["systemctl", "daemon-reload"])
    activate(layout, release, description)
    link(layout, release)


def _other(description: dict[str, Any], colour: str) -> str:
    return next(name for name in description["upstreams"] if name != colour)
