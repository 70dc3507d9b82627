"""A simulated provider starts inside its own sandbox run and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from blueprints.sandbox.provider.guard import ancestors, process_start

TOKEN = "0123456789abcdef"
BACKEND = "file:///sandbox/state"
# Stands between the test and the provider as the engine does: the provider reads its parent's environment.
ENGINE = """
import os, subprocess, sys
provider = subprocess.Popen([sys.executable, "-m", "blueprints.sandbox.provider", sys.argv[1]],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
line = provider.stdout.readline()
provider.terminate()
out, err = provider.communicate(timeout=20)
print("port" if line.strip().isdigit() else "none", provider.returncode)
sys.stderr.write(err)
"""


def start(home: Path, package: str = "aws", token: str = TOKEN, backend: str = BACKEND, **run: Any) -> tuple[str, str]:
    """What the provider printed first, and what it said on standard error."""
    content = {"token": TOKEN, "pid": os.getpid(), "pid_start": process_start(os.getpid()), "backend": BACKEND}
    (home / "run").mkdir(parents=True, exist_ok=True)
    (home / "run" / f"{TOKEN}.json").write_text(json.dumps(content | run))
    environment = {
        **os.environ,
        "BLUEPRINTS_SANDBOX_HOME": str(home),
        "BLUEPRINTS_SANDBOX_TOKEN": token,
        "PULUMI_BACKEND_URL": backend,
    }
    done = subprocess.run(
        [sys.executable, "-c", ENGINE, package], env=environment, capture_output=True, text=True, timeout=60
    )
    return done.stdout.split()[0], done.stderr


def test_inside_its_run_it_prints_a_port(home: Path) -> None:
    assert start(home) == ("port", "")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"token": ""}, "no run token"),
        ({"token": "another-token-1"}, "belongs to no live sandbox run"),
        ({"token": "../../etc/passwd"}, "the run token is malformed"),
        ({"backend": "file:///home/me/.pulumi"}, "the engine works on `file:///home/me/.pulumi`"),
        ({"backend": ""}, "a backend that the sandbox did not choose"),
        ({"pid_start": "1"}, "has ended"),
        ({"pid": 2**22 + 17, "pid_start": "None"}, "has ended"),
    ],
)
def test_anywhere_else_it_refuses_and_says_what_to_use(home: Path, arguments: dict[str, Any], reason: str) -> None:
    port, message = start(home, **arguments)
    assert port == "none"
    assert reason in message
    assert "use `blueprints preview|up|destroy` or `blueprints sandbox run`" in message


def test_a_live_process_that_is_no_ancestor_does_not_vouch(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        port, message = start(home, pid=stranger.pid, pid_start=process_start(stranger.pid))
        stranger.communicate(b"\n")
    assert port == "none"
    assert "was not started by the sandbox run" in message


def test_a_package_that_is_not_simulated_is_refused_by_name(home: Path) -> None:
    port, message = start(home, package="gcp")
    assert port == "none"
    assert "the package `gcp` is not simulated (simulated: aws, command, docker, kubernetes, random, tls)" in message


def test_it_ends_with_the_engine_that_started_it(home: Path) -> None:
    orphan = ENGINE.replace("provider.terminate()\nout, err = provider.communicate(timeout=20)", "os._exit(0)").replace(
        "line = provider.stdout.readline()", "print(provider.pid, provider.stdout.readline(), flush=True)"
    )
    (home / "run").mkdir(parents=True)
    content = {"token": TOKEN, "pid": os.getpid(), "pid_start": process_start(os.getpid()), "backend": BACKEND}
    (home / "run" / f"{TOKEN}.json").write_text(json.dumps(content))
    variables = {"BLUEPRINTS_SANDBOX_HOME": str(home), "BLUEPRINTS_SANDBOX_TOKEN": TOKEN, "PULUMI_BACKEND_URL": BACKEND}
    done = subprocess.run(
        [sys.executable, "-c", orphan, "aws"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    pid = int(done.stdout.split()[0])
    for _ in range(100):
        if process_start(pid) is None or not Path(f"/proc/{pid}/cmdline").read_bytes():
            break
        __import__("time").sleep(0.1)
    else:
        pytest.fail(f"the provider {pid} outlived its engine")


def test_ancestors_are_listed_from_the_nearest() -> None:
    assert ancestors(os.getpid())[0] == os.getppid()
