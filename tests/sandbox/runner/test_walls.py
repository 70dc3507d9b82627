"""The walls around the engine: what is covered, what stays open because the run needs it, going on without them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blueprints.sandbox import covered, launcher

LAUNCHER = launcher.__file__


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "user"
    for name in (".aws/credentials", ".kube/config", ".pulumi/bin/pulumi", ".pulumi/credentials.json", ".ssh/id"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("planted")
    monkeypatch.setenv("HOME", str(home))
    for name in ("KUBECONFIG", "DOCKER_HOST", "SSH_AUTH_SOCK", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    return home


def test_credentials_of_the_user_are_covered_and_the_users_engine_is_not(user: Path) -> None:
    inside = [path for path in covered.paths([]) if path.startswith(str(user))]
    assert inside == [str(user / name) for name in (".aws", ".kube", ".pulumi/credentials.json", ".ssh")]


def test_what_variables_name_is_covered(user: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("one", "two", "docker.sock"):
        (tmp_path / name).touch()
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/one:{tmp_path}/two:{tmp_path}/not-there:relative")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    found = covered.paths([])
    assert {str(tmp_path / name) for name in ("one", "two", "docker.sock")} <= set(found)
    assert str(tmp_path / "not-there") not in found


def test_what_the_run_needs_stays_open(user: Path) -> None:
    project = user / ".aws" / "project"
    project.mkdir()
    assert str(user / ".aws") not in covered.paths([project])


def launch(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-S", LAUNCHER, *arguments], capture_output=True, text=True)


def allowed(*namespaces: str) -> bool:
    return subprocess.run(["unshare", "--map-root-user", *namespaces, "true"], capture_output=True).returncode == 0


def test_files_are_empty_and_folders_too_behind_the_wall_and_only_there(user: Path) -> None:
    script = f"cat {user}/.aws/credentials {user}/.pulumi/credentials.json; ls {user}/.ssh; cat {user}/.kube/config"
    done = launch(
        *(
            "--cover",
            str(user / ".aws"),
            "--cover",
            str(user / ".pulumi/credentials.json"),
            "--cover",
            str(user / ".ssh"),
        ),
        *("--", "/bin/sh", "-c", script),
    )
    assert done.stdout == "planted" if allowed("--mount") else "id" in done.stdout
    assert (user / ".aws" / "credentials").read_text() == "planted"


def test_the_program_takes_the_launchers_place_with_its_exit_code(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", LAUNCHER, "--", "/bin/sh", "-c", "echo $$; exit 7"],
        stdout=subprocess.PIPE,
        text=True,
    )
    out, _ = process.communicate()
    assert (int(out), process.returncode) == (process.pid, 7)


def test_the_network_is_a_loopback_that_works(tmp_path: Path) -> None:
    script = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname(), 5)\n"
        "print(sorted(name for _, name in socket.if_nameindex()))"
    )
    walled = launch("--", sys.executable, "-c", script)
    open_ = launch("--network", "--", sys.executable, "-c", script)
    assert open_.returncode == walled.returncode == 0
    assert walled.stdout == ("['lo']\n" if allowed("--net") else open_.stdout)


def test_a_machine_without_namespaces_runs_without_walls(tmp_path: Path) -> None:
    # Root may do anything, so the right is taken away first.
    prefix = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-all", "--"] if os.getuid() == 0 else []
    done = subprocess.run(
        [*prefix, sys.executable, "-I", "-S", LAUNCHER, "--cover", str(tmp_path), "--", "/bin/echo", "ran"],
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("ran\n", 0)
