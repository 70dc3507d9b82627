"""The Python language host, called as the engine calls it: packages, environments, plugins, and what it refuses."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, language_pb2, language_pb2_grpc

from blueprints.sandbox.engine.model import Engine

pytestmark = pytest.mark.engine


@dataclass
class Host:
    """A running language host and what it is asked about one project."""

    stub: language_pb2_grpc.LanguageRuntimeStub
    process: subprocess.Popen[str]
    folder: Path

    def info(self, **options: str) -> language_pb2.ProgramInfo:
        struct = Struct()
        struct.update(options)
        return language_pb2.ProgramInfo(
            root_directory=str(self.folder), program_directory=str(self.folder), entry_point=".", options=struct
        )

    def packages(self, **options: str) -> dict[str, str]:
        """Name to version of the plugins that the environment's packages require."""
        request = language_pb2.GetRequiredPackagesRequest(info=self.info(**options))
        return {package.name: package.version for package in self.stub.GetRequiredPackages(request).packages}


@pytest.fixture
def host(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    with start_host(engine, tmp_path) as started:
        yield started


@contextlib.contextmanager
def start_host(engine: Engine, folder: Path, **variables: str) -> Iterator[Host]:
    process = subprocess.Popen(
        [str(engine.language_host)],
        env={**os.environ, "PATH": "/usr/bin:/bin", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
                yield Host(language_pb2_grpc.LanguageRuntimeStub(channel), process, folder)
        finally:
            process.terminate()
            process.wait(timeout=20)


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


def test_the_version_is_the_engines(host: Host, engine: Engine) -> None:
    assert host.stub.GetPluginInfo(Empty()).version == engine.version


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
    engine: Engine, environment: Environment, tmp_path: Path
) -> None:
    environment.add("pulumi-x", "1.0.0")
    (tmp_path / "project").mkdir()
    with start_host(engine, tmp_path / "project", VIRTUAL_ENV=str(environment.folder)) as host:
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


@dataclass
class Plugin:
    """A plugin that runs: its lines of output and, when it ended with an error, its exit code."""

    stream: Iterator[language_pb2.RunPluginResponse]
    exit_code: int = 0
    errors: str = ""

    def lines(self) -> Iterator[str]:
        text = ""
        for answer in self.stream:
            if answer.WhichOneof("output") == "exitcode":
                self.exit_code = answer.exitcode
            text += answer.stdout.decode()
            self.errors += answer.stderr.decode()
            *complete, text = text.split("\n")
            yield from complete


def run_plugin(host: Host, kind: str = "resource", *arguments: str) -> Plugin:
    request = language_pb2.RunPluginRequest(
        pwd=str(host.folder),
        args=arguments,
        env=["GREETING=hello"],
        info=host.info(virtualenv=sys.prefix),
        kind=kind,
        name="example",
    )
    return Plugin(host.stub.RunPlugin(request))


def test_a_plugin_runs_with_its_arguments_folder_and_environment(host: Host) -> None:
    (host.folder / "__main__.py").write_text(
        "import os, sys\nprint(sys.argv[1:], os.getcwd(), os.environ['GREETING'], sys.prefix)\nsys.exit(5)\n"
    )
    plugin = run_plugin(host, "resource", "one", "two")
    assert list(plugin.lines()) == [f"['one', 'two'] {host.folder} hello {sys.prefix}"]
    assert plugin.exit_code == 5


def test_a_component_provider_of_python_source_is_served(host: Host) -> None:
    (host.folder / "__main__.py").write_text(
        """
from typing import TypedDict

import pulumi
from pulumi.provider.experimental import component_provider_host


class Args(TypedDict):
    size: pulumi.Input[int]


class Thing(pulumi.ComponentResource):
    size: pulumi.Output[int]

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("example:index:Thing", name, {}, opts)


if __name__ == "__main__":
    component_provider_host(components=[Thing], name="example")
"""
    )
    from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

    plugin = run_plugin(host, "resource", "127.0.0.1:1")
    with grpc.insecure_channel(f"127.0.0.1:{int(next(plugin.lines()))}") as channel:
        provider = provider_pb2_grpc.ResourceProviderStub(channel)
        schema = json.loads(provider.GetSchema(provider_pb2.GetSchemaRequest()).schema)
    assert schema["resources"]["example:index:Thing"]["requiredInputs"] == ["size"]


def test_a_plugin_without_a_program_is_named(host: Host) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        list(run_plugin(host).lines())
    assert "it has neither a __main__.py nor a pyproject.toml with a build system" in str(caught.value.details())


def test_a_plugin_that_is_a_package_is_imported_by_its_name(host: Host) -> None:
    (host.folder / "pyproject.toml").write_text(
        '[project]\nname = "no-such-components"\nversion = "1.0.0"\n[build-system]\nrequires = ["hatchling"]\n'
        'build-backend = "hatchling.build"\n'
    )
    plugin = run_plugin(host)
    assert list(plugin.lines()) == []
    assert plugin.exit_code == 1
    assert "No module named 'no_such_components'" in plugin.errors


def test_cancelling_ends_a_running_plugin(host: Host) -> None:
    (host.folder / "__main__.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(100)\n")
    plugin = run_plugin(host)
    lines = plugin.lines()
    assert next(lines) == "up"
    host.stub.Cancel(Empty())
    assert list(lines) == []
    assert plugin.exit_code != 0


def test_a_policy_pack_gets_the_stacks_configuration(host: Host) -> None:
    """The pack tells what it was started with in its own answer to the engine."""
    (host.folder / "__main__.py").write_text(
        """
import os, sys, time
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc


class Pack(analyzer_pb2_grpc.AnalyzerServicer):
    def GetAnalyzerInfo(self, request, context):
        seen = [os.environ[f"PULUMI_{name}"] for name in ("PROJECT", "STACK", "DRY_RUN", "CONFIG")]
        return analyzer_pb2.AnalyzerInfo(name="|".join(seen), version=os.getcwd())


server = grpc.server(ThreadPoolExecutor(1))
analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Pack(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
time.sleep(100)
"""
    )
    plugin = run_plugin(host, "analyzer", "127.0.0.1:1")
    with grpc.insecure_channel(f"127.0.0.1:{int(next(plugin.lines()))}") as channel:
        pack = analyzer_pb2_grpc.AnalyzerStub(channel)
        pack.ConfigureStack(
            analyzer_pb2.AnalyzerStackConfigureRequest(
                stack="dev", project="shop", dry_run=True, config={"shop:size": "3"}
            )
        )
        info = pack.GetAnalyzerInfo(Empty(), wait_for_ready=True, timeout=30)
    assert info.name == 'shop|dev|true|{"shop:size":"3"}'
    assert info.version == str(host.folder)
