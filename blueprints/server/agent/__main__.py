"""Command line of the agent: `blueprints VERB`. Exit codes: 0 done, 1 failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from . import backup, certificates, install, journal, metrics, release, start, volume
from .aws import client
from .compose import Compose
from .errors import AgentError
from .files import exclusive
from .layout import Layout

_VERBS = {
    "install": "make a fetched bundle the server's own (the bootstrap calls it)",
    "volume": "find, format if blank, and mount the data volume",
    "secrets": "fetch secrets into memory",
    "start": "start the current release",
    "stop": "stop the containers",
    "refresh": "take over rotated secrets and recreate what reads them",
    "certificates": "issue or renew the certificate",
    "deploy": "make a version of the bundle live; returns to the one before when it is not healthy",
    "rollback": "make the version before live again",
    "backup": "dump every database to the backup bucket",
    "restore": "restore a database of a backup into a new database",
    "metrics": "measure and publish the server's health",
    "status": "show release, containers and health as JSON",
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="blueprints", description=(__doc__ or "").splitlines()[0])
    top.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    found = {name: verbs.add_parser(name, help=text, description=text) for name, text in _VERBS.items()}
    found["install"].add_argument("release", type=Path)
    found["deploy"].add_argument("version", help="64 hexadecimal digits")
    for name in ("deploy", "rollback"):
        found[name].add_argument("--wait", action="store_true", help="wait for a change under way instead of failing")
    found["restore"].add_argument("manifest", help="key of a backup's manifest.json")
    found["restore"].add_argument("database", help="database of the backup")
    found["restore"].add_argument("--into", required=True, help="name of the new database")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb. What goes wrong is said in one message, without a traceback."""
    options = parser().parse_args(arguments)
    layout = Layout(options.root)
    try:
        said = _run(layout, options)
    except AgentError as error:
        return _failed(str(error))
    except Exception as error:
        # What AWS says is for people; anything else is a fault of this program and keeps its traceback.
        if not type(error).__module__.startswith(("botocore", "boto3")):
            raise
        return _failed(f"AWS: {error}")
    if said:
        sys.stdout.write(f"{said}\n")
    return 0


def _failed(message: str) -> int:
    sys.stderr.write(f"error: {message}\n")
    return 1


def _run(layout: Layout, options: argparse.Namespace) -> str:
    match options.verb:
        case "volume":
            return volume.mount(volume.find(layout.host()["data_volume_id"]), layout.data)
        case "status":
            return _status(layout)
        case "metrics":
            region = layout.host()["region"]
            install.cloudwatch_agent(layout, layout.current.resolve())
            return json.dumps(metrics.publish(layout, client("cloudwatch", region)))
        case "backup" | "restore":
            return _data(layout, options)
        case _:
            return _change(layout, options)


def _change(layout: Layout, options: argparse.Namespace) -> str:
    # Timers and boots wait for their turn; a person is told that someone else is at work.
    with exclusive(layout.lock, wait=getattr(options, "wait", True)):
        match options.verb:
            case "install":
                install.install(layout, options.release)
                return ""
            case "secrets":
                return _names(start.fetch_secrets(layout))
            case "refresh":
                return _names(start.refresh(layout))
            case "start":
                start.start(layout)
                return "started"
            case "stop":
                Compose(layout).stop()
                return "stopped"
            case "certificates":
                renewed = certificates.renew(layout, layout.description())
                start.refresh(layout)
                return "renewed" if renewed else "nothing to renew"
            case "deploy":
                return release.deploy(layout, options.version)
            case _:
                return release.rollback(layout)


def _data(layout: Layout, options: argparse.Namespace) -> str:
    s3 = client("s3", layout.host()["region"])
    with exclusive(layout.lock.with_suffix(".data"), wait=options.verb == "backup"):
        if options.verb == "backup":
            key = backup.backup(layout, s3)
            journal.record(layout, "backup", manifest=key)
            return key
        target = backup.restore(layout, s3, options.manifest, options.database, options.into)
        journal.record(layout, "restore", manifest=options.manifest, database=target)
        return target


def _names(changed: list[str]) -> str:
    return f"changed: {', '.join(changed)}" if changed else "nothing changed"


def _status(layout: Layout) -> str:
    found = {
        "release": layout.current.resolve().name,
        "containers": Compose(layout).running(),
        "metrics": metrics.collect(layout),
        "journal": journal.entries(layout)[-5:],
    }
    return json.dumps(found, indent=2)


if __name__ == "__main__":
    sys.exit(main())
