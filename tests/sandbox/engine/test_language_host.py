"""The Python language host, called as the engine calls it: packages, environments, and what it refuses."""

from __future__ import annotations

import json
import venv
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2

from blueprints.sandbox.engine.model import Engine

from .hosts import Host, start_host

pytestmark = pytest.mark.engine


@dataclass
class Environment:
    """A virtual environment whose packages are made up."""

    folder: Path

    def add(self, name: str, version: str, plugin: object = None) -> None:
        (site,) = self.folder.glob("lib/python*/site-packages")
        stem = name.replace("-", "_")
        (site / f"{stem}-{version}.dist-info").mkdir()
        (site / stem).mkdir()
        if plugin is not None:
            (site / stem / "pulumi-plugin.json").write_text(json.dumps(plugin))


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    return Environment(tmp_path / "venv")


def test_the_version_is_the_engines(host: Host, own_engine: Engine) -> None:
    assert host.stub.GetPluginInfo(Empty()).version == own_engine.version


def test_required_packages_are_those_of_the_environment(host: Host, environment: Environment) -> None:
    environment.add("pulumi-aws", "7.51.1", {"resource": True, "name": "aws", "version": "7.51.1"})
    environment.add("pulumi_other", "1.2.3a4", {"resource": True})
    environment.add("pulumi-plain", "1.2")
    environment.add("team-components", "0.3.0", {"resource": True, "name": "team", "version": "v0.3.0"})
    environment.add("pulumi-policy", "1.21.0")
    environment.add("pulumi-library", "0.1.0", {"resource": False})
    environment.add("pulumi-unknown", "1!2.0", {"resource": True})
    environment.add("requests", "2.0.0")
    assert host.packages(virtualenv="venv") == {
        "aws": "v7.51.1",
        "other": "v1.2.3-alpha.4",
        "plain": "v1.2.0",
        "team": "v0.3.0",
    }


def test_a_required_package_keeps_its_server_and_parameterization(host: Host, environment: Environment) -> None:
    environment.add(
        "pulumi-random",
        "3.0.0",
        {
            "resource": True,
            "name": "terraform-provider",
            "version": "0.8.0",
            "server": "https://example.com",
            "parameterization": {"name": "random", "version": "3.0.0", "value": "eyJhIjoxfQ=="},
        },
    )
    request = language_pb2.GetRequiredPackagesRequest(info=host.info(virtualenv="venv"))
    (package,) = host.stub.GetRequiredPackages(request).packages
    assert (package.name, package.kind, package.server) == ("terraform-provider", "resource", "https://example.com")
    assert (package.parameterization.name, package.parameterization.version) == ("random", "3.0.0")
    assert package.parameterization.value == b'{"a":1}'


@pytest.mark.parametrize(
    ("package", "plugin"),
    [
        ("1", "v1.0.0"),
        ("1.2.3.4", "v1.2.3.4"),
        ("1.2.3b1", "v1.2.3-beta.1"),
        ("1.2.3rc2", "v1.2.3-rc.2"),
        ("1.2.3.post4", "v1.2.3+post4"),
        ("1.2.3.dev5", "v1.2.3+dev5"),
        ("1.2.3.post4.dev5", "v1.2.3+post4dev5"),
    ],
)
def test_plugin_versions_follow_from_package_versions(
    host: Host, environment: Environment, package: str, plugin: str
) -> None:
    environment.add("pulumi-x", package)
    assert host.packages(virtualenv="venv") == {"x": plugin}


def test_the_active_environment_is_used_without_an_option(
    own_engine: Engine, environment: Environment, tmp_path: Path
) -> None:
    environment.add("pulumi-x", "1.0.0")
    (tmp_path / "project").mkdir()
    with start_host(own_engine, tmp_path / "project", VIRTUAL_ENV=str(environment.folder)) as host:
        assert host.packages() == {"x": "v1.0.0"}
        assert host.packages(toolchain="pip") == {"x": "v1.0.0"}


def test_an_environment_without_packages_requires_none(host: Host, environment: Environment) -> None:
    assert environment.folder.is_dir()
    assert host.packages(virtualenv="venv") == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"toolchain": "conda"}, "unsupported toolchain option: conda (use pip, poetry or uv)"),
        ({"typechecker": "pytype"}, "unsupported typechecker option: pytype (use mypy or pyright)"),
        ({"virtualenv": 3}, "virtualenv option must be a string, got 3"),
        ({"toolchain": "uv"}, "Could not find `uv` executable."),
        ({"toolchain": "poetry"}, "Could not find `poetry` executable."),
    ],
)
def test_options_that_cannot_be_met_are_named(host: Host, options: dict[str, str], message: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        host.packages(**options)
    assert message in str(caught.value.details())


def test_a_program_cannot_be_debugged(host: Host) -> None:
    host.stub.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:1"))
    answer = host.stub.Run(language_pb2.RunRequest(info=host.info(), attach_debugger=True))
    assert "cannot attach a debugger" in answer.error


def test_a_program_needs_the_handshake_first(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        host.stub.Run(language_pb2.RunRequest(info=host.info()))
    assert "Handshake" in str(caught.value.details())


def test_code_generation_is_not_offered(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        host.stub.GenerateProject(language_pb2.GenerateProjectRequest())
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("given", "asked"), [({}, ["toolchain"]), ({"toolchain": "pip"}, ["virtualenv"]), ({"toolchain": "uv"}, [])]
)
def test_a_new_project_is_asked_for_what_it_lacks(host: Host, given: dict[str, str], asked: list[str]) -> None:
    prompts = host.stub.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest(info=host.info(**given))).prompts
    assert [prompt.key for prompt in prompts] == asked
    assert all(prompt.default.stringValue in {"pip", "venv"} for prompt in prompts)


def test_the_host_ends_when_it_is_asked_to(host: Host) -> None:
    host.process.terminate()
    assert host.process.wait(timeout=10) == 0
