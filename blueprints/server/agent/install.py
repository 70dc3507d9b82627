"""Makes a fetched bundle the server's own: its units, Docker's settings, folders on the data volume, the live copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .files import folder, mirror, write
from .layout import Layout
from .process import run

CLOUDWATCH_CONTROL = Path("/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl")


def install(layout: Layout, release: Path) -> None:
    """First boot: host files of the release in place, units enabled and started."""
    link(layout, release)
    host_files(layout, release)
    run(["systemctl", "daemon-reload"])
    found = [path for path in (release / "host/systemd").iterdir() if path.is_file()]
    units = sorted(path.name for path in found if "[Install]" in path.read_text(encoding="utf-8"))
    run(["systemctl", "enable", *units])
    # Not waited for: Docker comes after the volume and the secrets, which may take their time; systemd keeps at it.
    run(["systemctl", "restart", "--no-block", "docker.service"])
    run(["systemctl", "start", "--no-block", *units])
    # Last of all: until it is there, the bootstrap is run again.
    write(layout.installed, b"")


def host_files(layout: Layout, release: Path) -> bool:
    """Units, Docker's settings and the agent's launcher. Says whether anything changed."""
    changed = False
    for path in sorted((release / "host/systemd").rglob("*")):
        if path.is_file():
            target = layout.root / "etc/systemd/system" / path.relative_to(release / "host/systemd")
            target.parent.mkdir(parents=True, exist_ok=True)
            changed |= write(target, path.read_bytes())
    for name, target, mode in (
        ("docker-daemon.json", "etc/docker/daemon.json", 0o644),
        ("docker-client.json", "root/.docker/config.json", 0o600),
        ("blueprints", "usr/local/sbin/blueprints", 0o755),
    ):
        path = layout.root / target
        path.parent.mkdir(parents=True, exist_ok=True)
        changed |= write(path, (release / "host" / name).read_bytes(), mode=mode)
    return changed


def link(layout: Layout, release: Path) -> None:
    """Points `current` to a release, in one step."""
    layout.current.parent.mkdir(parents=True, exist_ok=True)
    scratch = layout.current.with_name(".current.new")
    scratch.unlink(missing_ok=True)
    scratch.symlink_to(release)
    scratch.replace(layout.current)


def activate(layout: Layout, release: Path, description: Mapping[str, Any]) -> None:
    """Folders that containers mount, and the files they mount from the bundle."""
    for entry in description["folders"]:
        folder(layout.data / entry["path"], uid=entry["uid"], gid=entry["gid"], mode=int(entry["mode"], 8))
    mirror(release, layout.live)
    folder(layout.state, mode=0o700)


def cloudwatch_agent(layout: Layout, release: Path) -> None:
    """Hands the bundle's configuration to the CloudWatch agent where it changed, or where the agent does not run.

    It does not when it was just installed, and when a newer version took its place.
    """
    if not CLOUDWATCH_CONTROL.exists():
        return
    config = json.loads((release / "host/cloudwatch-agent.json").read_text(encoding="utf-8"))
    groups = layout.host()["logs"]
    for entry in config["logs"]["logs_collected"]["files"]["collect_list"]:
        entry["log_group_name"] = groups[entry["log_group_name"]]
    wanted = layout.root / "etc/blueprints/cloudwatch-agent.json"
    running = run(["systemctl", "is-active", "amazon-cloudwatch-agent.service"], accept=None).strip() == "active"
    if write(wanted, json.dumps(config, indent=2).encode()) or not running:
        try:
            run([str(CLOUDWATCH_CONTROL), "-a", "fetch-config", "-m", "ec2", "-s", "-c", f"file:{wanted}"], timeout=180)
        except BaseException:
            # Not taken: the next minute tries again.
            wanted.unlink()
            raise
