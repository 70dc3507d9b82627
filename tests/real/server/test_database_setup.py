"""setup.sql on a real PostgreSQL: roles, databases and passwords as the secrets say, none of them in a log."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from live import free_port

from blueprints.server import BundleSpec, render_bundle

pytestmark = pytest.mark.real

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PLANTED = {
    "postgres_password": "planted-super",
    "db_password": "planted 'a\\ \"b$c",
    "keycloak_db_password": "planted-keycloak",
}


@dataclass
class Database:
    """A PostgreSQL initialised as the compose file says, reached over its socket and the loopback."""

    folder: Path
    port: int

    def secret(self, name: str, value: str) -> None:
        """Puts a secret file."""
        (self.folder / "secrets" / name).write_text(value)
        (self.folder / "secrets" / name).chmod(0o644)

    def setup(self) -> str:
        """Runs the rendered script as the setup container does."""
        settings = {
            "app": {"image": "shop:1"},
            "domains": ["shop.example.com"],
            "keycloak": {},
            "postgres": {"database": "order"},
        }
        text = render_bundle(BundleSpec.load(settings)).files["postgres/setup.sql"].text
        assert text is not None
        assert text.count("/run/secrets/") == 3
        script = self.folder / "setup.sql"
        script.write_text(text.replace("/run/secrets", str(self.folder / "secrets")))
        script.chmod(0o644)
        return self.as_owner(
            "psql", "--no-psqlrc", "--quiet", "--username=postgres", "--dbname=postgres", f"--file={script}"
        )

    def as_owner(self, program: str, *arguments: str) -> str:
        """Runs a client as the system user postgres, over the socket."""
        command = [str(PROGRAMS / program), "--host", str(self.folder), "--port", str(self.port), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True, user="postgres", cwd="/")
        return done.stdout + done.stderr

    def login(self, role: str, password: str, database: str) -> bool:
        """Whether a password opens a database over the network."""
        command = [
            str(PROGRAMS / "psql"),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            role,
            "-d",
            database,
            "-tAc",
            "SELECT 1",
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, "PGPASSWORD": password}
        )
        return done.returncode == 0


@pytest.fixture
def database(system: None) -> Iterator[Database]:
    """A fresh server."""
    if os.geteuid() != 0:
        pytest.fail("this tier runs PostgreSQL as its own user; run it as root", pytrace=False)
    owner = pwd.getpwnam("postgres")
    # Outside of pytest's folders, which its own user alone may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield from _running(Path(folder))


def _running(home: Path) -> Iterator[Database]:
    (home / "secrets").mkdir()
    found = Database(home, free_port())
    for name, value in PLANTED.items():
        found.secret(name, value)
    data = home / "data"
    flags = [
        "--auth-local=peer",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--username=postgres",
    ]
    subprocess.run(
        [str(PROGRAMS / "initdb"), "-D", str(data), *flags], check=True, capture_output=True, user="postgres", cwd="/"
    )
    options = f"-p {found.port} -k {home} -c listen_addresses=127.0.0.1 -c log_statement=all"
    control = [str(PROGRAMS / "pg_ctl"), "-D", str(data), "-w"]
    start = [*control, "-o", options, "-l", str(home / "log"), "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user="postgres", cwd="/")
    try:
        yield found
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, user="postgres", cwd="/")


def test_roles_and_databases_are_made_and_only_their_owners_get_in(database: Database) -> None:
    database.setup()
    assert database.login("order", PLANTED["db_password"], "order")
    assert database.login("keycloak", PLANTED["keycloak_db_password"], "keycloak")
    assert not database.login("order", PLANTED["db_password"], "keycloak")
    assert not database.login("order", "wrong", "order")
    rights = database.as_owner(
        "psql", "-U", "postgres", "-tAc", "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreatedb"
    )
    assert rights.split() == ["postgres"]


def test_a_second_run_changes_nothing_and_a_rotated_password_takes_over(database: Database) -> None:
    database.setup()
    database.as_owner("psql", "-U", "postgres", "-d", "order", "-c", "CREATE TABLE kept AS SELECT 1 AS x")
    assert database.setup() == ""
    database.secret("db_password", "rotated")
    database.secret("postgres_password", "rotated-super")
    database.setup()
    assert database.login("order", "rotated", "order")
    assert not database.login("order", PLANTED["db_password"], "order")
    assert database.login("postgres", "rotated-super", "postgres")
    assert database.as_owner("psql", "-U", "postgres", "-d", "order", "-tAc", "SELECT x FROM kept").strip() == "1"


def test_no_password_is_logged_even_where_everything_is(database: Database) -> None:
    said = database.setup() + database.setup()
    log = (database.folder / "log").read_text()
    for value in PLANTED.values():
        assert value not in said
        assert value not in log
    assert "planted" not in log
