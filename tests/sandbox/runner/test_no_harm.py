"""With the real engine: no credential, plugin, socket or file of the user is touched by any command."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import Project

pytestmark = pytest.mark.engine

# Does what a curious program could do, and exports what it found.
NOSY = """
import json, os, socket, urllib.request
import pulumi

config = pulumi.Config()
pulumi.export("password", config.require_secret("password"))
# The language host hands secret config over in this one variable; a program that exports it gives it away itself.
pulumi.export("environment", {name: value for name, value in os.environ.items() if name != "PULUMI_CONFIG"})
pulumi.export("home", sorted(os.listdir(os.path.expanduser("~"))))
pulumi.export("folder", os.getcwd())
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
    reached = "connected"
except OSError as error:
    reached = error.strerror or "no answer"
pulumi.export("network", reached)


def attempt(place):
    try:
        if place.endswith(".sock"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(place)
            return "connected"
        return open(place).read()
    except OSError as error:
        return ""


# Places that a program could know without being told: by the password file, or because they are always there.
places = open("places.txt").read().split() if os.path.exists("places.txt") else []
pulumi.export("places", {place: attempt(place) for place in places})
"""
STACK = """\
# A comment that has to stay.
secretsprovider: awskms://alias/team?region=eu-central-1
encryptedkey: AQICAHhPL4NTEDKEY
config:
  shop:password:
    secure: v1:PL4NTEDCIPHER
  shop:deep: {list: [a, {secure: "v1:PL4NTEDCIPHER2"}]}
"""


@pytest.fixture
def shop(project: Project) -> Project:
    return project.write(
        {
            "Pulumi.yaml": "name: shop\nruntime: python\nbackend: {url: s3://pl4nted}\n",
            "Pulumi.dev.yaml": STACK,
            "__main__.py": NOSY,
        }
    )


@pytest.fixture
def planted(shop: Project, tmp_path: Path) -> Iterator[list[str]]:
    """Plants what a sandbox must not find; the list fills with whatever touched the Docker socket or a plugin."""
    touched: list[str] = []
    user = tmp_path / "user"
    for name, text in {
        ".aws/credentials": "[default]\naws_access_key_id = PL4NTED\naws_secret_access_key = PL4NTED\n",
        ".kube/config": "PL4NTED",
        ".docker/config.json": '{"auths": {"x": {"auth": "PL4NTED"}}}',
        ".pulumi/credentials.json": '{"current": "https://pl4nted", "accessTokens": {"https://pl4nted": "PL4NTED"}}',
    }.items():
        (user / name).parent.mkdir(parents=True, exist_ok=True)
        (user / name).write_text(text)
    mark = tmp_path / "plugin-ran"
    places = [user / ".pulumi" / "plugins" / "resource-aws-v9.9.9", user / "bin", shop.folder]
    for place in places:
        for package in ("aws", "random", "evil"):
            place.mkdir(parents=True, exist_ok=True)
            plugin = place / f"pulumi-resource-{package}"
            plugin.write_text(f"#!/bin/sh\necho {package} >> {mark}\nexit 1\n")
            plugin.chmod(0o755)
    files = [user / name for name in (".aws/credentials", ".kube/config", ".docker/config.json")]
    shop.write({"places.txt": "\n".join(map(str, [*files, user / ".pulumi/credentials.json", tmp_path / "d.sock"]))})
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(tmp_path / "d.sock"))
        server.listen()
        server.settimeout(0.2)
        stop = threading.Event()

        def accept() -> None:
            while not stop.is_set():
                try:
                    server.accept()[0].close()
                    touched.append("docker")
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        shop.environment |= {
            "HOME": str(user),
            "PATH": f"{user / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
            "AWS_ACCESS_KEY_ID": "PL4NTED",
            "AWS_SECRET_ACCESS_KEY": "PL4NTED",
            "KUBECONFIG": str(user / ".kube" / "config"),
            "DOCKER_HOST": f"unix://{tmp_path / 'd.sock'}",
            "PULUMI_ACCESS_TOKEN": "PL4NTED",
            "PULUMI_BACKEND_URL": "s3://pl4nted",
            "GITHUB_TOKEN": "PL4NTED",
        }
        yield touched
        stop.set()
        thread.join()
    touched += mark.read_text().split() if mark.exists() else []


def files_with(folder: Path, word: bytes) -> list[str]:
    """Files under a folder that hold a word, links not followed."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and word.lower() in path.read_bytes().lower()
    ]


def test_a_nosy_program_finds_nothing_of_the_user(shop: Project, planted: list[str]) -> None:
    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    outputs = shop.run("outputs", "dev", "--json", "--show-secrets").json()
    assert outputs["home"] == []
    assert outputs["folder"] == str(shop.folder)
    assert [name for name, value in outputs["environment"].items() if "PL4NTED" in value.upper()] == []
    assert outputs["password"].startswith("sandbox-")
    assert planted == []


def test_files_and_sockets_are_covered_where_the_system_allows_a_wall(shop: Project, planted: list[str]) -> None:
    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    places = shop.run("outputs", "dev", "--json").json()["places"]
    assert len(places) == 5
    if allowed("--mount"):
        assert set(places.values()) == {""}
        assert planted == []


def allowed(*namespaces: str) -> bool:
    """Whether this machine lets a user make such namespaces."""
    return subprocess.run(["unshare", "--map-root-user", *namespaces, "true"], capture_output=True).returncode == 0


def test_no_planted_secret_is_in_any_file_that_was_written(shop: Project, planted: list[str]) -> None:
    for words in (["preview", "dev"], ["up", "dev"], ["sandbox", "run", "--", "refresh", "--yes"], ["destroy", "dev"]):
        answer = shop.run(*words)
        assert answer.status == 0, answer.text
        assert "PL4NTED" not in answer.text
    assert files_with(shop.home, b"PL4NTED") == []


def test_a_program_that_uses_a_foreign_plugin_is_refused_by_name_and_the_plugin_never_runs(
    shop: Project, planted: list[str]
) -> None:
    program = "import pulumi\npulumi.CustomResource('evil:index:Thing', 'thing', {})\n"
    shop.write({"__main__.py": program})
    answer = shop.run("sandbox", "run", "--", "preview")
    assert answer.status != 0
    assert "evil" in answer.text
    assert planted == []


def test_the_users_stack_file_keeps_every_byte_and_git_sees_no_change_after_any_command(shop: Project) -> None:
    for words in (
        ["list"],
        ["preview", "dev"],
        ["preview", "dev", "--json"],
        ["up", "dev"],
        ["outputs", "dev"],
        ["export", "dev"],
        ["sandbox", "run", "--", "config", "set", "size", "3"],
        ["sandbox", "run", "--", "config", "set", "--secret", "key", "value"],
        ["sandbox", "run", "--", "stack", "init", "other"],
        ["sandbox", "run", "--", "preview", "--stack", "dev"],
        ["sandbox", "run", "--", "stack", "rm", "other", "--yes"],
        ["destroy", "dev"],
    ):
        answer = shop.run(*words)
        assert answer.status == 0, (words, answer.text)
        assert shop.changed_files() == "", words
    assert (shop.folder / "Pulumi.dev.yaml").read_text() == STACK


def test_secrets_stay_secrets(shop: Project) -> None:
    assert shop.run("up", "dev").status == 0
    shown = shop.run("outputs", "dev", "--json").json()
    assert shown["password"] == "[secret]"
    value = shop.run("outputs", "dev", "--json", "--show-secrets").json()["password"]
    assert files_with(shop.home / "state", value.encode()) == []
    assert value not in shop.run("export", "dev").out
    assert value not in shop.run("preview", "dev", "--json").out


def test_the_network_is_out_of_reach_where_the_system_allows_a_wall(shop: Project) -> None:
    assert shop.run("up", "dev").status == 0
    reached = shop.run("outputs", "dev", "--json").json()["network"]
    assert reached == "Network is unreachable" if allowed("--net") else reached != "connected"


def test_a_real_engine_is_kept_off_the_sandboxs_state(shop: Project) -> None:
    assert shop.run("up", "dev").status == 0
    engine = json.loads(
        subprocess.run(
            [
                sys.executable,
                "-c",
                "import json\n"
                "from blueprints.sandbox.engine.bootstrap import ensure_engine\n"
                "engine = ensure_engine(print)\n"
                "print(json.dumps([str(engine.pulumi), *map(str, engine.search_path)]))",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()[-1]
    )
    done = subprocess.run(
        [engine[0], "destroy", "--stack", "dev", "--yes", "--non-interactive"],
        cwd=shop.home / "project",
        env={
            "PATH": os.pathsep.join([*engine[1:], "/usr/bin", "/bin"]),
            "HOME": str(shop.folder.parent),
            "PULUMI_BACKEND_URL": f"file://{shop.home / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "blueprints-sandbox",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "the stack is currently locked" in done.stderr
    assert "blueprints-sandbox" in done.stderr
    assert shop.run("preview", "dev", "--expect-no-changes").status == 0
