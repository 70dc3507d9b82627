"""The language host runs plugins of Python source: component providers, packages, policy packs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, language_pb2, provider_pb2, provider_pb2_grpc

from .hosts import Host

pytestmark = pytest.mark.engine


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
