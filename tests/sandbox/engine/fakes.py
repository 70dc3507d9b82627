"""A made-up outside world for the bootstrap: programs on a PATH of their own, a Go toolchain, release archives."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from blueprints.sandbox.engine.model import Engine
from blueprints.sandbox.engine.release import Archive

PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")


def write_program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def write_engine(folder: Path, version: str = "v3.259.0", *, programs: tuple[str, ...] = PROGRAMS) -> Path:
    """A folder that looks like an installed CLI and answers `pulumi version`."""
    for name in programs:
        write_program(folder, name, f"echo {version}" if name == "pulumi" else "exit 0")
    return folder


@dataclass
class FakeGo:
    """A `go` that builds in no time; what it was asked is in `calls`."""

    folder: Path
    version: str = "go1.26.8"
    toolchain: str = "local"
    build: str = ":"
    """Shell commands run by `go build`, with $out set to the output folder and its ending slash."""

    @property
    def calls(self) -> list[str]:
        log = self.folder / "calls"
        return log.read_text().splitlines() if log.exists() else []

    def install(self) -> Path:
        sdk = self.folder / "sdk"
        executor = sdk / "python" / "cmd" / "pulumi-language-python-exec"
        executor.parent.mkdir(parents=True, exist_ok=True)
        executor.write_text("# executor\n")
        settings = (
            f'{{"GOVERSION": "{self.version}", "GOTOOLCHAIN": "{self.toolchain}", '
            f'"GOMODCACHE": "{self.folder}/mod", "GOCACHE": "{self.folder}/build"}}'
        )
        write_program(
            self.folder / "bin",
            "go",
            f"""
echo "$CGO_ENABLED $GOPROXY $@" >> '{self.folder}/calls'
case "$1 $2" in
  "env -json") echo '{settings}' ;;
  "list -deps") printf 'a\\nb\\nc\\n' ;;
  "list -m") echo '{sdk}' ;;
  "build -v")
    while [ "$1" != -o ]; do shift; done
    out=$2
    {self.build}
    for name in pulumi pulumi-language-python; do
      printf '#!/bin/sh\\necho v3.259.0\\n' > "$out$name"; chmod 755 "$out$name"
    done ;;
esac""",
        )
        return self.folder / "bin"


def archive_of(engine: Engine) -> bytes:
    """The bytes of a release archive that holds the programs of an engine."""
    content = io.BytesIO()
    host = engine.language_host.resolve()
    with tarfile.open(fileobj=content, mode="w:gz", compresslevel=1) as archive:
        for program in (engine.pulumi.resolve(), host, host.with_name("pulumi-language-python-exec")):
            archive.add(program, arcname=f"pulumi/{program.name}")
    return content.getvalue()


def release_archive(programs: tuple[str, ...] = PROGRAMS) -> bytes:
    """The bytes of a release archive of fakes, with a program that nobody asked for in it."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name in (*programs, "pulumi-language-nodejs"):
            data = f"#!/bin/sh\necho {name}\n".encode()
            member = tarfile.TarInfo(f"pulumi/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


@dataclass
class ReleaseServer:
    """Serves one archive on the loopback interface, well or badly."""

    body: bytes = field(default_factory=release_archive)
    answer: Callable[[BaseHTTPRequestHandler, bytes], None] | None = None
    requests: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def archive(self) -> Archive:
        return Archive("pulumi-v3.259.0-linux-x64.tar.gz", hashlib.sha256(self.body).hexdigest())
