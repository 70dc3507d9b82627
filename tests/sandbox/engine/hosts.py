"""A running language host, called as the engine calls it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from blueprints.sandbox.engine.model import Engine


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


@contextlib.contextmanager
def start_host(engine: Engine, folder: Path, **variables: str) -> Generator[Host]:
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
