"""Brings in what the real tests run: Debian packages, Python programs, and tools built from pinned Go modules.

    python tools/install.py                 everything
    python tools/install.py compose judges  what is named; prints where each is

What is there already is left alone. Cache folders are named after the pins, so a changed pin builds anew and nothing
else does.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
GO_MINIMUM = (1, 26)
COMPOSE = "github.com/docker/compose/v2"
COMPOSE_VERSION = "v2.40.3"


class ToolError(Exception):
    """A tool cannot be had; the message says why and what to do."""


def cache_home() -> Path:
    """Where tools are kept."""
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


def compose() -> Path:
    """Docker Compose, built from its Go module."""
    module = HERE / "compose"
    key = _key((module / "go.sum").read_bytes(), go_version().encode(), COMPOSE_VERSION.encode())
    binary = cache_home() / f"compose-{key}" / "docker-compose"

    def build(scratch: Path) -> None:
        say("building docker-compose from Go (about 2 minutes, once)")
        flags = f"-s -w -X {COMPOSE}/internal.Version={COMPOSE_VERSION}"
        output = scratch / binary.name
        _run(["go", "build", "-trimpath", "-ldflags", flags, "-o", str(output), f"{COMPOSE}/cmd"], cwd=module)

    return _cached(binary, build)


def judges() -> Path:
    """Folder of the programs that judge nginx, compose, TLS, shell and Dockerfiles."""
    return _environment("judges")


def aws_server() -> Path:
    """Folder of a local AWS stand-in (`moto_server`) and of a Python with boto3."""
    return _environment("aws_server")


def system() -> Path:
    """Debian packages of tools/system-packages.txt. Needs root where one is missing."""
    lines = (HERE / "system-packages.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n", *wanted]
    try:
        known = subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
    except FileNotFoundError:
        raise ToolError(f"this is no Debian; install the equivalents of: {' '.join(wanted)}") from None
    missing = [name for name in wanted if f"installed {name}" not in known]
    if missing:
        command = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
        if os.geteuid() != 0:
            raise ToolError(f"packages are missing; run as root: {command}")
        say(f"installing Debian packages: {' '.join(missing)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "update", "-qq"], env=environment)
        # The tests start servers themselves; none is to be started by its package.
        _run([*command.split(), "-qq"], env={**environment, "RUNLEVEL": "1"})
    return Path("/usr")


TOOLS: dict[str, Callable[[], Path]] = {
    "system": system,
    "judges": judges,
    "aws_server": aws_server,
    "compose": compose,
}


def _environment(name: str) -> Path:
    requirements = HERE / name / "requirements.txt"
    key = _key(requirements.read_bytes(), sys.version.encode())
    home = cache_home() / f"{name}-{key}"
    done = home / "complete"

    def build(scratch: Path) -> None:
        del scratch
        say(f"installing {name} (once)")
        # A virtual environment cannot be moved after it was made: it is made in place and marked when complete.
        shutil.rmtree(home, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(home)])
        _run([str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)])

    if not done.exists():
        with _locked(name):
            if not done.exists():
                build(home)
                done.touch()
    return home / "bin"


def _cached(target: Path, build: Callable[[Path], None]) -> Path:
    if target.exists():
        return target
    with _locked(target.parent.name):
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=cache_home()) as scratch:
                build(Path(scratch))
                target.parent.mkdir(parents=True, exist_ok=True)
                # A rename is all or nothing: an interrupted build leaves no half program in the cache.
                (Path(scratch) / target.name).replace(target)
    return target


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Two test runs may want the same tool at once; the second waits for the first one's result."""
    cache_home().mkdir(parents=True, exist_ok=True)
    with (cache_home() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise ToolError(f"{' '.join(command[:4])} failed with exit code {done.returncode}:\n{said}")


def _key(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def say(message: str) -> None:
    """Progress, apart from the paths on standard output."""
    print(message, file=sys.stderr, flush=True)


def main() -> int:
    """Command line: brings in what is named, or everything, and prints where it is."""
    parser = argparse.ArgumentParser(description="Brings in what the real tests run.")
    parser.add_argument("tool", choices=[*TOOLS, []], nargs="*", help=f"one of: {', '.join(TOOLS)}; everything if none")
    failed = 0
    for name in parser.parse_args().tool or list(TOOLS):
        try:
            print(f"{name}: {TOOLS[name]()}", flush=True)
        except ToolError as error:
            print(f"error: {name}: {error}", file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
