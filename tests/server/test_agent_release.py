"""Deploying and rolling back: what is recorded, what is undone, and what is left alone when something fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blueprints.server.agent import health, journal, release
from blueprints.server.agent.errors import AgentError
from blueprints.server.agent.fetch import FetchError
from blueprints.server.agent.files import exclusive
from blueprints.server.agent.layout import Layout
from blueprints.server.agent.start import live_colour, point_to

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
UPSTREAMS = {
    "app-blue": "server 172.30.0.11:8000 max_fails=0;\n",
    "app-green": "server 172.30.0.12:8000 max_fails=0;\n",
}


class Rig:
    """A server whose containers are a list of what was asked of them; versions in `sick` never get healthy."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.layout = Layout(root)
        self.sick: set[str] = set()
        self.calls: list[str] = []
        self.strategy = "recreate"
        host = {"region": "eu-west-1", "bundle": {"bucket": "b", "prefix": "bundles"}}
        replaced: dict[str, Callable[..., Any]] = {
            "update": lambda layout: host,
            "client": lambda *known: None,
            "fetch": self.fetch,
            "fetch_secrets": lambda *known: self.calls.append("secrets"),
            "Compose": lambda layout, folder=None: self,
            "migrate": lambda layout, folder, description, *options: self.step(f"migrate {folder.name[0]}"),
            "host_files": lambda layout, release: False,
            "activate": lambda layout, release, description: self.calls.append(f"activate {release.name[0]}"),
            "bring_up": lambda layout, description: self.calls.append("up"),
        }
        for name, function in replaced.items():
            monkeypatch.setattr(release, name, function)
        monkeypatch.setattr(health, "wait_until_healthy", self.wait)

    def fetch(self, s3: Any, bucket: str, prefix: str, version: str, releases: Path) -> Path:
        if version == "0" * 64:
            raise FetchError("compose.yaml has another hash")
        folder = releases / version
        folder.mkdir(parents=True, exist_ok=True)
        description = {"release": self.strategy, "domains": ["x"], "upstreams": UPSTREAMS}
        (folder / "bundle.json").write_text(json.dumps(description))
        return folder

    def step(self, what: str) -> None:
        self.calls.append(what)
        if what in self.sick:
            raise AgentError(f"{what} failed")

    def wait(self, description: dict[str, Any], within: float = 120) -> None:
        if self.layout.current.resolve().name in self.sick:
            raise AgentError("https://x/health: HTTP 502 after 120 s")

    def prepare(self) -> None:
        self.step("prepare")

    def up(self, service: str, profile: str) -> None:
        self.step(f"up {service}")

    def stop(self, service: str) -> None:
        self.calls.append(f"stop {service}")

    def reload_nginx(self) -> None:
        colour = live_colour(self.layout, {"upstreams": UPSTREAMS})
        self.calls.append(f"reload to {colour}")

    @property
    def live(self) -> str:
        return self.layout.current.resolve().name

    @property
    def steps(self) -> list[str]:
        return [entry["action"] for entry in journal.entries(self.layout)]


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(tmp_path, monkeypatch)


def test_a_healthy_version_becomes_live_in_recorded_steps(rig: Rig) -> None:
    assert release.deploy(rig.layout, ONE) == "live"
    assert rig.live == ONE
    assert rig.steps == ["fetch", "prepare", "migrate", "switch", "live"]
    assert rig.calls == ["secrets", "prepare", "migrate 1", "secrets", "activate 1", "up"]


def test_the_live_version_is_not_deployed_again(rig: Rig) -> None:
    release.deploy(rig.layout, ONE)
    rig.calls.clear()
    assert release.deploy(rig.layout, ONE) == "already live"
    assert rig.calls == []


def test_an_unhealthy_version_gives_way_to_the_one_before_and_fails(rig: Rig) -> None:
    release.deploy(rig.layout, ONE)
    rig.sick.add(TWO)
    with pytest.raises(AgentError, match=f"{TWO} was not healthy and {ONE} is live again: .*HTTP 502"):
        release.deploy(rig.layout, TWO)
    assert rig.live == ONE
    assert rig.steps[-3:] == ["switch", "unhealthy", "returned"]
    assert rig.calls[-2:] == ["activate 1", "up"]


@pytest.mark.parametrize("failing", ["prepare", "migrate 2"])
def test_what_fails_before_the_switch_leaves_the_live_version_alone(rig: Rig, failing: str) -> None:
    release.deploy(rig.layout, ONE)
    rig.sick.add(failing)
    with pytest.raises(AgentError):
        release.deploy(rig.layout, TWO)
    assert rig.live == ONE
    assert "activate 2" not in rig.calls


def test_a_bundle_that_is_not_whole_changes_nothing(rig: Rig) -> None:
    release.deploy(rig.layout, ONE)
    with pytest.raises(AgentError, match=r"nothing was changed: compose\.yaml"):
        release.deploy(rig.layout, "0" * 64)
    assert rig.live == ONE


def test_a_server_that_never_got_its_version_up_is_not_called_live(rig: Rig) -> None:
    """The bootstrap has linked the release, but no start of it has succeeded yet."""
    folder = rig.fetch(None, "b", "bundles", ONE, rig.layout.releases)
    release.link(rig.layout, folder)
    assert release.deploy(rig.layout, ONE) == "live"
    assert "up" in rig.calls


def test_a_live_version_that_is_not_healthy_fails_the_command(rig: Rig) -> None:
    release.deploy(rig.layout, ONE)
    rig.sick.add(ONE)
    with pytest.raises(AgentError, match="HTTP 502"):
        release.deploy(rig.layout, ONE)


def test_a_deploy_that_was_killed_after_its_switch_is_done_again(rig: Rig) -> None:
    release.deploy(rig.layout, ONE)
    journal.record(rig.layout, "switch", version=ONE)
    rig.calls.clear()
    assert release.deploy(rig.layout, ONE) == "live"
    assert "up" in rig.calls


def test_rollback_returns_to_the_version_before_and_back_again(rig: Rig) -> None:
    release.deploy(rig.layout, ONE)
    with pytest.raises(AgentError, match="no earlier version on record"):
        release.rollback(rig.layout)
    release.deploy(rig.layout, TWO)
    rig.sick.add(THREE)
    with pytest.raises(AgentError):
        release.deploy(rig.layout, THREE)
    rig.calls.clear()
    assert release.rollback(rig.layout) == "live"
    assert rig.live == ONE
    assert "migrate 1" not in rig.calls


def test_blue_green_starts_the_other_colour_before_nginx_hears_of_it(rig: Rig) -> None:
    rig.strategy = "blue_green"
    point_to(rig.layout, {"upstreams": UPSTREAMS}, "app-blue")
    release.deploy(rig.layout, ONE)
    assert rig.calls[-4:] == ["up app-green", "up nginx", "reload to app-green", "stop app-blue"]
    release.deploy(rig.layout, TWO)
    assert rig.calls[-4:] == ["up app-blue", "up nginx", "reload to app-blue", "stop app-green"]


def test_a_colour_that_never_gets_healthy_is_never_led_to(rig: Rig) -> None:
    rig.strategy = "blue_green"
    point_to(rig.layout, {"upstreams": UPSTREAMS}, "app-blue")
    release.deploy(rig.layout, ONE)
    rig.sick.add("up app-blue")
    rig.calls.clear()
    with pytest.raises(AgentError, match=f"{TWO} was not healthy and {ONE} is live again: up app-blue failed"):
        release.deploy(rig.layout, TWO)
    assert rig.calls[-4:] == ["activate 1", "up nginx", "reload to app-green", "stop app-blue"]
    assert "reload to app-blue" not in rig.calls
    assert rig.live == ONE


def test_a_fault_after_the_switch_flips_back_to_a_colour_that_never_stopped(rig: Rig) -> None:
    rig.strategy = "blue_green"
    point_to(rig.layout, {"upstreams": UPSTREAMS}, "app-blue")
    release.deploy(rig.layout, ONE)
    rig.sick.add(TWO)
    rig.calls.clear()
    with pytest.raises(AgentError, match="HTTP 502"):
        release.deploy(rig.layout, TWO)
    assert "stop app-green" not in rig.calls
    assert rig.calls[-3:] == ["up nginx", "reload to app-green", "stop app-blue"]


def test_two_changes_at_once_are_refused_by_name(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path / "lock"),
        pytest.raises(AgentError, match="another change of this server is under way"),
        exclusive(tmp_path / "lock"),
    ):
        pass


def test_a_journal_line_that_a_crash_cut_short_is_left_out(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    journal.record(layout, "live", version=ONE)
    with (layout.state / "journal.jsonl").open("a") as file:
        file.write('{"action": "li')
    assert journal.versions(layout) == [ONE]
