"""Builds the tools that the real tests need from their pinned Go modules into a cache, once.

    python tools/install.py compose        prints the path of the binary

The cache folder is named after the module's go.sum and the Go version, so a changed pin builds anew and nothing else does.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
GO_MINIMUM = (1, 26)


@dataclass(frozen=True)
class Tool:
    """One program built from the Go module in the folder of the same name."""

    name: str
    package: str
    binary: str
    linker_flags: str


TOOLS = {
    "compose": Tool(
        name="compose",
        package="github.com/docker/compose/v2/cmd",
        binary="docker-compose",
        linker_flags="-s -w -X github.com/docker/compose/v2/internal.Version=v2.40.3",
    ),
}


class ToolError(Exception):
    """A tool cannot be built; the message says why and what to do."""


def cache_home() -> Path:
    """Where built tools are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "blueprints" / "tools"


def go_version() -> str:
    """Version of the Go toolchain, for example 1.26.8. Raises `ToolError` where it is missing or too old."""
    go = shutil.which("go")
    if go is None:
        raise ToolError("Go is not on PATH; install Go 1.26 or later (https://go.dev/doc/install)")
    answer = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True, cwd="/")
    version = answer.stdout.strip().removeprefix("go")
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < GO_MINIMUM:
        wanted = ".".join(str(number) for number in GO_MINIMUM)
        raise ToolError(f"Go {version} is too old; install Go {wanted} or later (https://go.dev/doc/install)")
    return version


def install(name: str) -> Path:
    """Path of the built program, building it where the cache has none. Raises `ToolError`."""
    tool = TOOLS[name]
    module = HERE / tool.name
    key = hashlib.sha256((module / "go.sum").read_bytes() + go_version().encode()).hexdigest()[:16]
    binary = cache_home() / f"{tool.name}-{key}" / tool.binary
    if binary.exists():
        return binary
    cache_home().mkdir(parents=True, exist_ok=True)
    # Two test runs may want the tool at once; the second waits for the first one's result.
    with (cache_home() / f"{tool.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.exists():
            _build(tool, module, binary)
    return binary


def _build(tool: Tool, module: Path, binary: Path) -> None:
    print(f"building {tool.binary} from Go (about 2 minutes, once)", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=cache_home()) as scratch:
        built = Path(scratch) / tool.binary
        command = ["go", "build", "-trimpath", "-ldflags", tool.linker_flags, "-o", str(built), tool.package]
        done = subprocess.run(command, cwd=module, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ToolError(f"{tool.binary} did not build:\n{done.stderr[-2000:]}")
        binary.parent.mkdir(parents=True, exist_ok=True)
        # A rename is all or nothing: an interrupted build leaves no half program in the cache.
        built.replace(binary)


def main() -> int:
    """Command line: builds what is named and prints where it is."""
    parser = argparse.ArgumentParser(description="Builds the tools that the real tests need, once.")
    parser.add_argument("tool", choices=sorted(TOOLS), nargs="+")
    try:
        for name in parser.parse_args().tool:
            print(install(name))
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
