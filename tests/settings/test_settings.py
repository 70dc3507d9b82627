"""Settings report every wrong field at once, with path, value, limit and fix, and never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from blueprints.errors import Problem, SettingsError
from blueprints.fields import Duration, Percent, Port, Size, between_sizes, gigabytes, megabytes, percent, seconds
from blueprints.inputs import In
from blueprints.settings import Settings


class Disk(Settings):
    size: Annotated[Size, between_sizes("8GB", "16TB")] = "20GB"
    kind: Literal["gp3", "io2"] = "gp3"

    def rules(self) -> Iterator[Problem]:
        if self.kind == "io2" and gigabytes(self.size) < 10:
            yield Problem("size", "must be at least 10GB for io2", "use 10GB or kind gp3", self.size)


class Rolling(Settings):
    strategy: Literal["rolling"]
    surge: Percent = "25%"


class Canary(Settings):
    strategy: Literal["canary"]
    step: int


class Server(Settings):
    name: str
    port: In[Port] = 443
    disk: Disk = Disk()
    disks: list[Disk] = []
    by_name: dict[str, Disk] = {}
    release: Annotated[Rolling | Canary, Field(discriminator="strategy")] | None = None
    drain: Duration = "30s"

    def rules(self) -> Iterator[Problem]:
        if self.port == 80:
            yield Problem("port", "must not be 80", "use 443", 80)


def problems(data: Any) -> dict[str, Problem]:
    with pytest.raises(SettingsError) as caught:
        Server.load(data, at="s")
    return {problem.path: problem for problem in caught.value.problems}


def test_a_valid_mapping_loads() -> None:
    server = Server.load({"name": "a", "disks": [{"size": "9GB"}], "release": {"strategy": "canary", "step": 5}})
    assert server.disks[0].size == "9GB"
    assert isinstance(server.release, Canary)


def test_an_instance_is_taken_as_it_is() -> None:
    server = Server(name="a")
    assert Server.load(server) is server


def test_every_wrong_field_and_every_broken_rule_come_in_one_error() -> None:
    found = problems(
        {
            "name": "a",
            "port": 80,
            "disk": {"size": "4GB", "knd": "gp3"},
            "disks": [{"size": "9GB", "kind": "io2"}, {"size": 9}, {"kind": "gp2"}],
            "by_name": {"a.b": {"size": "1PB"}},
            "release": {"strategy": "canary", "step": "5"},
            "drain": "soon",
        }
    )
    assert set(found) == {
        "s.port",
        "s.disk.size",
        "s.disk.knd",
        "s.disks[0].size",
        "s.disks[1].size",
        "s.disks[2].kind",
        "s.by_name.a.b.size",
        "s.release.step",
        "s.drain",
    }
    assert found["s.port"] == Problem("s.port", "must not be 80", "use 443", 80)
    assert found["s.disk.size"].limit == "must be from 8GB to 16TB"
    assert found["s.disk.knd"].fix == "did you mean `kind`?"
    assert found["s.disks[2].kind"].limit == "must be one of 'gp3' or 'io2'"
    assert all(problem.fix for problem in found.values())


@pytest.mark.parametrize(
    ("data", "path", "limit"),
    [
        ({}, "s.name", "is required"),
        ({"name": 3}, "s.name", "must be text"),
        ({"name": "a", "port": True}, "s.port", "must be a whole number"),
        ({"name": "a", "port": "443"}, "s.port", "must be a whole number"),
        ({"name": "a", "port": 0}, "s.port", "must be at least 1"),
        ({"name": "a", "port": 70000}, "s.port", "must be at most 65535"),
        ({"name": "a", "disk": 3}, "s.disk", "must be a mapping of settings"),
        ({"name": "a", "disks": "x"}, "s.disks", "must be a list"),
        ({"name": "a", "release": {"strategy": "big_bang"}}, "s.release", "must be one of 'rolling', 'canary'"),
        ({"name": "a", "release": {}}, "s.release", "needs 'strategy'"),
        ({"name": "a", "drain": "30"}, "s.drain", "must be a duration"),
        ([], "s", "must be a mapping of settings"),
        (None, "s", "must be a mapping of settings"),
    ],
)
def test_each_kind_of_error_says_where_and_what(data: Any, path: str, limit: str) -> None:
    found = problems(data)
    assert list(found) == [path]
    assert limit in found[path].limit


class Tls(Settings):
    mode: Literal["acme", "provided", "self_signed"] = "acme"


class Site(Settings):
    tls: Tls = Tls()
    domains: list[str] = []
    port: int = 443

    def rules(self) -> Iterator[Problem]:
        if self.tls.mode == "acme" and not self.domains:
            yield Problem("domains", "must not be empty with acme", "name one", self.domains)
        if self.port == 80:
            yield Problem("port", "must not be 80", "use 443", 80)


def test_a_rule_that_only_the_default_would_break_is_not_told() -> None:
    with pytest.raises(SettingsError) as caught:
        Site.load({"tls": {"mode": "selfsigned"}, "port": 80})
    assert [problem.path for problem in caught.value.problems] == ["args.tls.mode", "args.port"]


def test_a_secret_leaf_is_refused_with_its_path_and_never_shown() -> None:
    found = problems({"name": "a", "disks": [{"kind": {"secure": "AAABBB"}}]})
    assert "must not be a secret" in found["s.disks[0].kind"].limit
    assert "AAABBB" not in str(found["s.disks[0].kind"])


def test_a_value_under_a_secret_name_is_never_shown() -> None:
    assert "hunter2" not in str(problems({"name": "a", "db_password": "hunter2"})["s.db_password"])


def test_shown_holds_only_what_was_given() -> None:
    assert Server.load({"name": "a", "disk": {"kind": "io2"}}).shown() == {"name": "a", "disk": {"kind": "io2"}}


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@given(json_like)
def test_whatever_is_given_it_loads_or_explains(data: Any) -> None:
    try:
        Server.load(data)
    except SettingsError as error:
        assert error.problems


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Server.model_fields, json_like)))
def test_any_value_in_any_field_loads_or_explains(data: dict[str, Any]) -> None:
    try:
        Server.load(data)
    except SettingsError as error:
        assert all(problem.path.startswith("args") and problem.limit for problem in error.problems)


@given(st.integers(min_value=0, max_value=10**6), st.sampled_from("smhd"))
def test_durations_read_as_seconds(number: int, unit: str) -> None:
    assert seconds(f"{number}{unit}") == number * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit]


def test_sizes_and_percentages_read_as_numbers() -> None:
    assert (megabytes("2GB"), gigabytes("1TB"), gigabytes("512MB"), percent("2.5%")) == (2048, 1024, 1, 2.5)
