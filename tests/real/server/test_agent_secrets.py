"""The agent's secrets against a local Secrets Manager: generated once, one owner a file, nothing leaked anywhere."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from live import free_port
from specs import full

from blueprints.server import BackupPlace, Bundle, BundlePlace, HostParameters, render_bundle

pytestmark = pytest.mark.real

REGION = "eu-west-1"
PLANTED = "planted-Smtp-pa$$word'\"\\ {x}"


@dataclass
class Server:
    """A root folder of a server with a bundle installed, and the AWS stand-in it talks to."""

    root: Path
    port: int
    tools: Path
    bundle: Bundle
    outputs: list[str]

    @property
    def environment(self) -> dict[str, str]:
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        known["PATH"] = f"{known.get('PATH', '')}:/usr/sbin:/sbin"
        return {
            **known,
            "PYTHONPATH": str(self.root / "opt/blueprints/current/host"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def agent(self, *arguments: str, code: int = 0) -> str:
        """Runs the agent as the server would; what it said."""
        command = [str(self.tools / "python"), "-m", "agent", "--root", str(self.root), *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)
        said = done.stdout + done.stderr
        self.outputs.append(said)
        assert done.returncode == code, said
        assert "Traceback" not in said
        return said

    def aws(self, script: str) -> Any:
        """Runs a piece of Python with boto3 against the stand-in; what it printed, as JSON."""
        head = f"import boto3, json\nclient = lambda name: boto3.client(name, region_name='{REGION}')\n"
        command = [str(self.tools / "python"), "-c", head + script]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def value(self, name: str) -> str:
        """What the store holds."""
        return self.aws(
            f"print(json.dumps(client('secretsmanager').get_secret_value(SecretId='{name}')['SecretString']))"
        )

    def path(self, name: str) -> Path:
        """A secret file."""
        return self.root / "srv/memory/secrets" / name


@pytest.fixture(scope="module")
def stand_in(aws_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of an AWS stand-in on the loopback."""
    port = free_port()
    with (tmp_path_factory.mktemp("store") / "log").open("w") as log:
        process = subprocess.Popen(
            [str(aws_server / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def store(stand_in: int) -> int:
    """The stand-in, emptied."""
    reset = urllib.request.Request(f"http://127.0.0.1:{stand_in}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset, timeout=10).close()
    return stand_in


@pytest.fixture
def server(system: None, aws_server: Path, store: int, tmp_path: Path) -> Iterator[Server]:
    """A server whose generated secrets are still empty and whose own one is planted."""
    if os.geteuid() != 0:
        pytest.fail("this tier mounts a file system in memory and gives files to users; run it as root", pytrace=False)
    bundle = render_bundle(full(tmp_path))
    root = tmp_path / "root"
    release = root / "opt/blueprints/releases" / bundle.version
    bundle.write(release)
    (root / "opt/blueprints/current").symlink_to(release)
    (root / "srv/data").mkdir(parents=True)
    made = Server(root, store, aws_server, bundle, [])
    names = [need.name for need in bundle.secrets]
    arns = made.aws(
        f"print(json.dumps({{n: client('secretsmanager').create_secret(Name=n)['ARN'] for n in {names!r}}}))"
    )
    made.aws(f"client('secretsmanager').put_secret_value(SecretId='smtp_password', SecretString={PLANTED!r})")
    parameters = HostParameters(
        region=REGION,
        server="shop",
        bundle=BundlePlace("bundle-bucket", bundle.version),
        backup=BackupPlace("backup-bucket", "arn:aws:kms:eu-west-1:000000000000:key/1"),
        data_volume_id="vol-1",
        secrets=arns,
        logs={"containers": "c", "host": "h"},
    )
    made.aws(f"client('ssm').put_parameter(Name='/shop', Type='String', Value={parameters.to_json()!r})")
    host = {**json.loads(parameters.to_json()), "instance_id": "i-1", "parameter": "/shop", "first_boot": 0}
    (root / "etc/blueprints").mkdir(parents=True)
    (root / "etc/blueprints/host.json").write_text(json.dumps(host))
    try:
        yield made
    finally:
        subprocess.run(["umount", str(root / "srv/memory")], capture_output=True, check=False)


def test_missing_values_are_generated_in_the_store_and_given_to_one_user_each(server: Server) -> None:
    server.agent("secrets")
    password = server.value("db_password")
    assert len(password) == 40
    assert password.isalnum()
    assert password != server.value("postgres_password")
    for name, uid in (("app/db_password", 10001), ("database-setup/db_password", 70), ("app/smtp_password", 10001)):
        status = server.path(name).stat()
        assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (uid, 0o400)
    assert server.path("app/db_password").read_text() == password
    assert server.path("app/smtp_password").read_text() == PLANTED
    assert server.path("worker/smtp_password").read_text() == PLANTED
    folder = server.path("app").stat()
    assert stat.S_IMODE(folder.st_mode) == 0o711


def test_secrets_lie_in_memory_only(server: Server) -> None:
    server.agent("secrets")
    kind = subprocess.run(
        ["findmnt", "-no", "FSTYPE", "--mountpoint", str(server.root / "srv/memory")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert kind.stdout.strip() == "tmpfs"


def test_a_second_fetch_changes_nothing(server: Server) -> None:
    server.agent("secrets")
    before = {path: path.stat().st_ino for path in (server.root / "srv/memory").rglob("*")}
    assert "nothing changed" in server.agent("secrets")
    assert {path: path.stat().st_ino for path in (server.root / "srv/memory").rglob("*")} == before


def test_two_servers_at_once_end_with_the_same_value(server: Server) -> None:
    command = [str(server.tools / "python"), "-m", "agent", "--root", str(server.root), "secrets"]
    running = [subprocess.Popen(command, env=server.environment, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert server.path("app/db_password").read_text() == server.value("db_password")


def test_a_value_put_by_someone_is_never_replaced(server: Server) -> None:
    server.aws("client('secretsmanager').put_secret_value(SecretId='db_password', SecretString='mine')")
    server.agent("secrets")
    assert server.value("db_password") == "mine"
    assert server.path("app/db_password").read_text() == "mine"


def test_a_rotated_secret_marks_the_services_that_read_it(server: Server) -> None:
    server.agent("secrets")
    versions = (server.root / "srv/memory/versions.env").read_text()
    server.aws("client('secretsmanager').put_secret_value(SecretId='db_password', SecretString='rotated')")
    assert "app/db_password" in server.agent("secrets")
    after = dict(line.split("=") for line in (server.root / "srv/memory/versions.env").read_text().splitlines())
    before = dict(line.split("=") for line in versions.splitlines())
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"SECRETS_APP", "SECRETS_DATABASE_SETUP"}


def test_a_value_that_nobody_put_is_named_and_nothing_is_written(server: Server) -> None:
    arn = server.aws("print(json.dumps(client('secretsmanager').create_secret(Name='empty')['ARN']))")
    value = json.loads(server.aws("print(json.dumps(client('ssm').get_parameter(Name='/shop')['Parameter']['Value']))"))
    value["secrets"]["smtp_password"] = arn
    server.aws(f"client('ssm').put_parameter(Name='/shop', Type='String', Overwrite=True, Value={json.dumps(value)!r})")
    said = server.agent("secrets", code=1)
    assert "smtp_password: has no value yet" in said
    assert not server.path("app").exists()


def test_without_the_store_nothing_starts_and_the_next_try_succeeds(server: Server) -> None:
    port = server.port
    server.port = free_port()
    said = server.agent("secrets", code=1)
    assert "Secrets Manager cannot be reached" in said
    assert not server.path("app").exists()
    said = server.agent("start", code=1)
    assert "secrets are not there yet (app/db_password" in said
    server.port = port
    server.agent("secrets")
    assert server.path("app/db_password").read_text() == server.value("db_password")


def test_a_store_that_goes_away_leaves_the_files_as_they_are(server: Server) -> None:
    server.agent("secrets")
    before = server.path("app/db_password").read_text()
    server.port = free_port()
    server.agent("refresh", code=1)
    assert server.path("app/db_password").read_text() == before


def test_keycloak_gets_its_passwords_in_files_of_its_own(server: Server) -> None:
    server.agent("secrets")
    config = server.path("keycloak/keycloak.conf")
    assert config.stat().st_uid == 1000
    assert config.read_text() == (
        f"db-password={server.value('keycloak_db_password')}\n"
        f"bootstrap-admin-password={server.value('keycloak_admin_password')}\n"
    )
    realm = json.loads(server.path("keycloak/realm.json").read_text())
    assert realm["clients"][0]["secret"] == server.value("keycloak_client_secret")
    assert server.path("app/keycloak_client_secret").read_text() == server.value("keycloak_client_secret")


def test_no_value_is_anywhere_but_in_its_files(server: Server) -> None:
    server.agent("secrets")
    server.agent("secrets")
    values = [server.value(need.name) for need in server.bundle.secrets if need.name != "tls_certificate"]
    memory = server.root / "srv/memory"
    for path in server.root.rglob("*"):
        if path.is_file() and not path.is_relative_to(memory / "secrets"):
            content = path.read_bytes()
            assert not any(value.encode() in content for value in values), path
    said = "".join(server.outputs)
    assert not any(value in said for value in values)
    for name, file in server.bundle.files.items():
        assert not any(value.encode() in file.content for value in values), name


def test_a_temporary_certificate_is_there_before_the_first_start(server: Server) -> None:
    server.agent("secrets")
    tls = server.root / "srv/memory/tls"
    assert stat.S_IMODE(tls.stat().st_mode) == 0o500
    assert tls.stat().st_uid == 101
    key = (tls / "privkey.pem").stat()
    assert (key.st_uid, stat.S_IMODE(key.st_mode)) == (101, 0o400)
    names = subprocess.run(
        ["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", str(tls / "fullchain.pem")],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "DNS:shop.example.com, DNS:www.example.com" in names
    before = (tls / "fullchain.pem").read_bytes()
    server.agent("secrets")
    assert (tls / "fullchain.pem").read_bytes() == before
