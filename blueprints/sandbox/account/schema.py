"""The tables of `account.sqlite` and how a connection to it is opened."""

from __future__ import annotations

import sqlite3
from pathlib import Path

FILE_NAME = "account.sqlite"
_BUSY_SECONDS = 30.0

TABLES = """
CREATE TABLE IF NOT EXISTS account (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resource (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    urn TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, stack TEXT NOT NULL, project TEXT NOT NULL,
    name TEXT NOT NULL, region TEXT NOT NULL, inputs TEXT NOT NULL, outputs TEXT NOT NULL,
    UNIQUE (urn, id)
);
CREATE INDEX IF NOT EXISTS resource_by_id ON resource (id, type);
CREATE INDEX IF NOT EXISTS resource_by_type ON resource (type);
-- Every text by which another resource can refer to one: its id, ARN, name, URL.
CREATE TABLE IF NOT EXISTS handle (value TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (value, number)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS handle_by_number ON handle (number);
-- Texts in a resource's inputs that could be such a handle.
CREATE TABLE IF NOT EXISTS mention (value TEXT NOT NULL, number INTEGER NOT NULL, path TEXT NOT NULL,
    PRIMARY KEY (value, number, path)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mention_by_number ON mention (number);
-- Physical names that are taken. A name outlives its resource while AWS still holds it (a secret's recovery window).
CREATE TABLE IF NOT EXISTS name (scope TEXT NOT NULL, value TEXT NOT NULL, number INTEGER, urn TEXT NOT NULL,
    held TEXT NOT NULL DEFAULT '', PRIMARY KEY (scope, value)) WITHOUT ROWID;
-- How often a URN was created: the seed of what must differ between a resource and its replacement.
CREATE TABLE IF NOT EXISTS generation (urn TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
-- What AWS keeps when a resource is deleted: final snapshots, keys and secrets in their waiting time.
CREATE TABLE IF NOT EXISTS remainder (stack TEXT NOT NULL, project TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    urn TEXT NOT NULL, type TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (stack, project, kind, id)) WITHOUT ROWID;
"""


def connect(home: Path) -> sqlite3.Connection:
    """A connection to the account under `home`, which is made when missing. Safe for several processes."""
    home.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(home / FILE_NAME, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    # A simulated account may lose its last moments in a power cut; the engine's state may not, and has its own file.
    connection.execute("PRAGMA synchronous = OFF")
    if connection.execute("PRAGMA user_version").fetchone()[0] != 1:
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = 1; COMMIT;")
    return connection
