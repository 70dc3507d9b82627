"""The memory of the simulated account: which resources exist, under which names, and who refers to whom."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blueprints.sandbox.account.records import Draft, NameTakenError, Remainder, Row, stack_and_project
from blueprints.sandbox.account.schema import connect
from blueprints.sandbox.account.sealing import Sealing

_COLUMNS = "number, urn, id, type, stack, project, name, region, inputs, outputs"


class Account:
    """The account kept under one sandbox home. Safe for threads and for several processes at once."""

    def __init__(self, home: Path) -> None:
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection = connect(home)
        self._connection.execute("INSERT OR IGNORE INTO account VALUES ('key', ?)", (secrets.token_hex(32),))
        (key,) = self._connection.execute("SELECT value FROM account WHERE key = 'key'").fetchone()
        self.sealing = Sealing(bytes.fromhex(key))

    def close(self) -> None:
        """Closes the file; the account stays."""
        self._connection.close()

    def check(self) -> None:
        """Raises `sqlite3.DatabaseError` where a page of the file is damaged."""
        found = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)

    @contextmanager
    def change(self) -> Generator[None]:
        """One change of several steps that happens whole or not at all."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _all(self, statement: str, *arguments: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, arguments).fetchall()

    def _rows(self, condition: str, *arguments: object) -> list[Row]:
        found = self._all(f"SELECT {_COLUMNS} FROM resource WHERE {condition} ORDER BY number", *arguments)  # noqa: S608
        return [Row(*columns) for columns in found]

    def get(self, urn: str, identity: str) -> Row | None:
        """The resource with this URN and id."""
        return next(iter(self._rows("urn = ? AND id = ?", urn, identity)), None)

    def latest(self, urn: str) -> Row | None:
        """The newest resource with this URN; during a replacement there are two."""
        return next(reversed(self._rows("urn = ?", urn)), None)

    def by_id(self, type_token: str, identity: str) -> Row | None:
        """The resource of a type with this id, whichever stack made it."""
        return next(reversed(self._rows("id = ? AND type = ?", identity, type_token)), None)

    def renamed(self, urn: str, type_token: str, identity: str) -> Row | None:
        """The resource of this URN's stack with this id under another URN: what an alias renames."""
        stack, project = stack_and_project(urn)
        found = self._rows("id = ? AND stack = ? AND project = ?", identity, stack, project)
        same_type = [row for row in found if row.type == type_token]
        if same_type:
            return same_type[-1]
        return found[0] if len(found) == 1 else None

    def of_type(self, *types: str) -> list[Row]:
        """Every resource of these types, oldest first."""
        return self._rows(f"type IN ({','.join('?' * len(types))})", *types)

    def of_project(self) -> list[Row]:
        """Everything that exists, whichever stack made it."""
        return self._rows("1 = 1")

    def of_stack(self, stack: str, project: str | None = None) -> list[Row]:
        """Every resource that a stack made and that still exists."""
        if project is None:
            return self._rows("stack = ?", stack)
        return self._rows("stack = ? AND project = ?", stack, project)

    def by_handle(self, value: str) -> list[Row]:
        """The resources that a text refers to."""
        return self._rows("number IN (SELECT number FROM handle WHERE value = ?)", value)

    def exists(self, value: str) -> bool:
        """Whether a text refers to anything that exists."""
        return bool(self._all("SELECT 1 FROM handle WHERE value = ? LIMIT 1", value))

    def known_text(self, value: str) -> bool:
        """Whether a text stands anywhere in the outputs of a resource: an id of something that belongs to it."""
        escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        pattern = f'%"{escaped}"%'
        return bool(self._all("SELECT 1 FROM resource WHERE outputs LIKE ? ESCAPE '\\' LIMIT 1", pattern))

    def dependents(self, row: Row) -> list[tuple[Row, str]]:
        """The resources that mention this one, each with the path at which it does."""
        found = self._all(
            "SELECT DISTINCT m.number, m.path FROM handle h JOIN mention m ON m.value = h.value"
            " WHERE h.number = ? AND m.number != ? ORDER BY m.number, m.path",
            row.number,
            row.number,
        )
        return [(self._rows("number = ?", number)[0], path) for number, path in found]

    def inputs(self, row: Row, known: dict[str, Any] | None = None) -> dict[str, Any]:
        """The inputs as last applied, secrets and files restored from `known` where they are the same."""
        return self.sealing.load(row.stored_inputs, known)

    def outputs(self, row: Row, known: dict[str, Any] | None = None) -> dict[str, Any]:
        """The outputs as they are now."""
        return self.sealing.load(row.stored_outputs, known)

    def generation(self, urn: str) -> int:
        """How often a resource with this URN was created so far."""
        found = self._all("SELECT count FROM generation WHERE urn = ?", urn)
        return found[0][0] if found else 0

    def add(self, draft: Draft) -> None:
        """Records a new resource. `NameTakenError` when one of its names is taken, and then nothing changes."""
        stack, project = stack_and_project(draft.urn)
        with self.change():
            self._take_names(draft)
            cursor = self._connection.execute(
                "INSERT INTO resource (urn, id, type, stack, project, name, region, inputs, outputs)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (draft.urn, draft.id, draft.type, stack, project, draft.name, draft.region, *self._stored(draft)),
            )
            self._connection.execute(
                "INSERT INTO generation VALUES (?, 1) ON CONFLICT (urn) DO UPDATE SET count = count + 1", (draft.urn,)
            )
            self._link(cursor.lastrowid or 0, draft)

    def replace(self, row: Row, draft: Draft) -> None:
        """Records what an existing resource has become."""
        with self.change():
            self._unlink(row.number)
            self._take_names(draft)
            self._connection.execute(
                "UPDATE resource SET urn = ?, type = ?, name = ?, region = ?, inputs = ?, outputs = ? WHERE number = ?",
                (draft.urn, draft.type, draft.name, draft.region, *self._stored(draft), row.number),
            )
            self._link(row.number, draft)

    def rewrite(self, row: Row, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
        """Changes what is stored without touching names and links: how drift is made. Values are in stored form."""
        from json import dumps

        with self.change():
            self._connection.execute(
                "UPDATE resource SET inputs = ?, outputs = ? WHERE number = ?",
                (dumps(inputs, sort_keys=True), dumps(outputs, sort_keys=True), row.number),
            )

    def remove(self, row: Row, keep_names: Iterable[tuple[str, str, str]] = ()) -> None:
        """Forgets a resource. `keep_names` are (scope, name, reason) that stay taken."""
        with self.change():
            self._unlink(row.number)
            self._connection.execute("DELETE FROM resource WHERE number = ?", (row.number,))
            for scope, value, reason in keep_names:
                self._connection.execute(
                    "INSERT OR REPLACE INTO name VALUES (?, ?, NULL, ?, ?)", (scope, value, row.urn, reason)
                )

    def mark_gone(self, type_token: str, identity: str) -> None:
        """Remembers that a described resource was deleted: its description does not bring it back."""
        with self.change():
            self._connection.execute("INSERT OR REPLACE INTO account VALUES (?, 'gone')", (f"{type_token} {identity}",))

    def is_gone(self, type_token: str, identity: str) -> bool:
        """Whether a described resource was deleted."""
        return bool(self._all("SELECT 1 FROM account WHERE key = ?", f"{type_token} {identity}"))

    def leave(self, urn: str, remainder: Remainder) -> None:
        """Records something that stays when its resource goes."""
        stack, project = stack_and_project(urn)
        values = (stack, project, remainder.kind, remainder.id, remainder.urn, remainder.type, remainder.note)
        with self.change():
            self._connection.execute("INSERT OR REPLACE INTO remainder VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def remainders(self, stack: str, project: str | None = None) -> list[Remainder]:
        """What stays of a stack's deleted resources."""
        found = self._all(
            "SELECT kind, id, urn, type, note FROM remainder WHERE stack = ? AND (? IS NULL OR project = ?)"
            " ORDER BY kind, id",
            stack,
            project,
            project,
        )
        return [Remainder(*columns) for columns in found]

    def forget(self, stack: str, project: str | None = None) -> int:
        """Removes everything that a stack ever left in the account; the number of resources removed."""
        rows = self.of_stack(stack, project)
        with self.change():
            for row in rows:
                self.remove(row)
            prefix = f"urn:pulumi:{stack}::{project}::%" if project is not None else f"urn:pulumi:{stack}::%"
            self._connection.execute("DELETE FROM name WHERE urn LIKE ?", (prefix,))
            self._connection.execute("DELETE FROM generation WHERE urn LIKE ?", (prefix,))
            self._connection.execute(
                "DELETE FROM remainder WHERE stack = ? AND (? IS NULL OR project = ?)", (stack, project, project)
            )
        return len(rows)

    def _stored(self, draft: Draft) -> tuple[str, str]:
        dump = self.sealing.dump
        return dump(draft.inputs.value, draft.inputs.secret_paths), dump(
            draft.outputs.value, draft.outputs.secret_paths
        )

    def _take_names(self, draft: Draft) -> None:
        for scope, value in draft.names:
            taken = self._all("SELECT urn, held FROM name WHERE scope = ? AND value = ?", scope, value)
            if taken:
                raise NameTakenError(scope, value, *taken[0])

    def _link(self, number: int, draft: Draft) -> None:
        execute = self._connection.executemany
        execute("INSERT OR IGNORE INTO handle VALUES (?, ?)", [(value, number) for value in draft.handles])
        execute(
            "INSERT OR IGNORE INTO mention VALUES (?, ?, ?)", [(text, number, path) for text, path in draft.mentions]
        )
        execute(
            "INSERT INTO name (scope, value, number, urn) VALUES (?, ?, ?, ?)",
            [(scope, value, number, draft.urn) for scope, value in draft.names],
        )

    def _unlink(self, number: int) -> None:
        for table in ("handle", "mention", "name"):
            self._connection.execute(f"DELETE FROM {table} WHERE number = ?", (number,))  # noqa: S608 - fixed names
