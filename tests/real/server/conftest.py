"""Fixtures of the real server tests: tools that must be there, and a live nginx on the rendered bundle."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE))

from live import LiveNginx  # noqa: E402 - beside this file
from specs import full  # noqa: E402


def _tool(name: str) -> str:
    command = [sys.executable, str(ROOT / "tools" / "install.py"), name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1200)
    if done.returncode:
        pytest.fail(f"this tier needs {name}: {done.stderr}\nrun: python tools/install.py {name}", pytrace=False)
    return done.stdout.strip().partition(": ")[2]


@pytest.fixture(scope="session")
def system() -> None:
    """Debian packages: nginx, cloud-init, tools for block devices."""
    _tool("system")
    for program in ("nginx", "cloud-init", "openssl", "mkfs.xfs", "sfdisk", "cryptsetup"):
        if shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin") is None:
            pytest.fail(f"{program} is missing; run: python tools/install.py system", pytrace=False)


@pytest.fixture(scope="session")
def judges() -> Path:
    """Folder of the judging programs."""
    return Path(_tool("judges"))


@pytest.fixture(scope="session")
def aws_server() -> Path:
    """Folder with moto_server and a Python that has boto3."""
    return Path(_tool("aws_server"))


@pytest.fixture(scope="session")
def compose() -> Path:
    """Docker Compose, built from its Go module."""
    return Path(_tool("compose"))


@pytest.fixture(scope="module")
def live(system: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNginx]:
    """nginx on a bundle with everything in it, before a small application and a stand-in for Keycloak."""
    folder = tmp_path_factory.mktemp("live")
    # Limits have tests of their own; here one test must not use up what the next one needs.
    plenty = {"per_minute": 60000, "burst": 10000}
    limits = {"general": plenty, "login": plenty, "admin": plenty}
    with LiveNginx(full(folder, nginx={"rate_limits": limits}), folder) as server:
        yield server
