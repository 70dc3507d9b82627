"""Installing a bundle on a host: files in their places, units enabled, the mark that it is done set last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blueprints.server import BundleSpec, render_bundle
from blueprints.server.agent import install
from blueprints.server.agent.errors import AgentError
from blueprints.server.agent.layout import Layout


@pytest.fixture
def release(tmp_path: Path) -> Path:
    bundle = render_bundle(BundleSpec.load({"app": {"image": "shop:1"}, "domains": ["shop.example.com"]}))
    folder = tmp_path / "opt/blueprints/releases" / bundle.version
    bundle.write(folder)
    return folder


def test_units_and_settings_are_in_place_before_anything_is_started(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, calls = Layout(tmp_path), list[list[str]]()

    def run(command: list[str], **known: Any) -> str:
        assert not layout.installed.exists()
        assert (tmp_path / "usr/local/sbin/blueprints").stat().st_mode & 0o777 == 0o755
        calls.append(command)
        return ""

    monkeypatch.setattr(install, "run", run)
    install.install(layout, release)
    assert layout.current.resolve() == release
    assert json.loads((tmp_path / "etc/docker/daemon.json").read_text())["live-restore"] is True
    assert (tmp_path / "etc/systemd/system/docker.service.d/blueprints.conf").exists()
    assert [command[:2] for command in calls] == [
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable"],
        ["systemctl", "restart"],
        ["systemctl", "start"],
    ]
    services = {"blueprints-app.service", "blueprints-secrets.service", "blueprints-volume.service"}
    timers = {f"blueprints-{name}.timer" for name in ("backup", "certificates", "metrics", "refresh")}
    assert set(calls[1][2:]) == services | timers
    assert "--no-block" in calls[2]
    assert layout.installed.exists()


def test_an_installation_that_failed_is_not_marked_as_done(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: list[str], **known: Any) -> str:
        raise AgentError("systemctl failed")

    monkeypatch.setattr(install, "run", run)
    with pytest.raises(AgentError):
        install.install(Layout(tmp_path), release)
    assert not Layout(tmp_path).installed.exists()


def test_the_live_copy_follows_a_release_and_forgets_what_it_no_longer_has(tmp_path: Path, release: Path) -> None:
    layout = Layout(tmp_path)
    description = {"folders": [{"path": "acme", "uid": 0, "gid": 0, "mode": "0755"}]}
    install.activate(layout, release, description)
    (layout.live / "nginx/stale.conf").write_text("old")
    before = (layout.live / "compose.yaml").stat().st_ino
    install.activate(layout, release, description)
    assert not (layout.live / "nginx/stale.conf").exists()
    assert (layout.live / "compose.yaml").stat().st_ino == before
    assert (layout.data / "acme").is_dir()


@pytest.mark.parametrize(
    ("seen", "handed"),
    [((True, "active"), 1), ((False, "active"), 0), ((False, "inactive"), 1), ((True, "unknown"), 1)],
)
def test_the_cloudwatch_agent_gets_its_configuration_when_that_changed_or_it_does_not_run(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch, seen: tuple[bool, str], handed: int
) -> None:
    changed, state = seen
    control = tmp_path / "amazon-cloudwatch-agent-ctl"
    control.touch()
    monkeypatch.setattr(install, "CLOUDWATCH_CONTROL", control)
    calls: list[list[str]] = []

    def run(command: list[str], **known: Any) -> str:
        calls.append(command)
        return f"{state if command[0] == 'systemctl' else ''}\n"

    monkeypatch.setattr(install, "run", run)
    layout = Layout(tmp_path)
    layout.host_file.parent.mkdir(parents=True)
    layout.host_file.write_text(json.dumps({"logs": {"containers": "shop-containers", "host": "shop-host"}}))
    monkeypatch.setattr(install, "write", lambda path, content: changed)
    install.cloudwatch_agent(layout, release)
    assert [command[0] for command in calls] == ["systemctl", *[str(control)] * handed]


def test_the_cloudwatch_agent_publishes_one_metric_for_the_memory_and_one_for_each_disk(release: Path) -> None:
    metrics = json.loads((release / "host/cloudwatch-agent.json").read_text())["metrics"]
    # Every combination of dimensions is a metric of its own, and the alarms look at these alone.
    assert metrics["append_dimensions"] == {"InstanceId": "${aws:InstanceId}"}
    assert metrics["aggregation_dimensions"] == [["InstanceId", "path"]]
    disk, memory = metrics["metrics_collected"]["disk"], metrics["metrics_collected"]["mem"]
    assert disk["drop_original_metrics"] == ["disk_used_percent"]
    assert disk["resources"] == ["/", "/srv/data"]
    assert "drop_original_metrics" not in memory
