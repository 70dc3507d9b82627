"""Changes and questions about the account from outside a deployment: drift, removal, orphans, what is kept."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprints.sandbox.account.paths import parse_path
from blueprints.sandbox.account.records import Remainder, Row
from blueprints.sandbox.account.schema import FILE_NAME
from blueprints.sandbox.account.store import Account
from blueprints.sandbox.provider.values import is_list, is_map


class AccountError(Exception):
    """What was asked of the account cannot be done; the message says why and what to type instead."""


class AccountDamagedError(AccountError):
    """The account's file cannot be used; the message says which file, and what to do."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of the simulated account, as a person would be shown it."""

    urn: str
    id: str
    type: str


def drift(home: Path, urn: str, path: str, value: Any) -> Resource:
    """Sets one property of an existing resource to `value`, as somebody working around Pulumi would.

    `path` is a property path such as `tags.Name` or `ingress[0].fromPort`; a `value` of None removes the property.
    `AccountError` for an unknown URN, a path that leads nowhere and a property that holds a secret.
    """
    try:
        steps = parse_path(path)
    except ValueError as error:
        raise AccountError(f"`{path}` is not a property path: {error}") from None
    with _opened(home) as account:
        row = _existing(account, urn)
        account.rewrite(row, *_drifted(row, steps, value, path))
        return Resource(row.urn, row.id, row.type)


def _drifted(row: Row, steps: tuple[str | int, ...], value: Any, path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    inputs: dict[str, Any] = json.loads(row.stored_inputs)
    outputs: dict[str, Any] = json.loads(row.stored_outputs)
    settable, computed = _declared(row)
    known = sorted({*inputs, *outputs, *settable, *computed})
    if steps[0] not in known:
        named = [name for name in known if not name.startswith("__")]
        close = difflib.get_close_matches(str(steps[0]), named, n=1, cutoff=0.6)
        fix = f"did you mean `{close[0]}`?" if close else f"one of {', '.join(named)}"
        name, kind = row.urn.rpartition("::")[2], row.type
        raise AccountError(f"{name} ({kind}) has no property `{steps[0]}`\n    fix: {fix}")
    _set(outputs, steps, value, path)
    if steps[0] in inputs or steps[0] in settable:
        _set(inputs, steps, value, path)
    return inputs, outputs


def _declared(row: Row) -> tuple[set[str], set[str]]:
    """What a program can set, and what it cannot: drifting the latter must not turn it into an input."""
    from blueprints.sandbox.catalog import package

    declared = package(row.type.partition(":")[0])
    resource = declared.resource(row.type) if declared else None
    return (set(resource.inputs), set(resource.only_outputs)) if resource else (set(), set())


def _set(target: Any, steps: tuple[str | int, ...], value: Any, path: str) -> None:
    for step in steps[:-1]:
        if is_map(target) and isinstance(step, str):
            target = target.setdefault(step, {})
        elif is_list(target) and isinstance(step, int) and step < len(target):
            target = target[step]
        else:
            raise AccountError(f"`{path}` leads nowhere: there is no `{step}`")
    last = steps[-1]
    if is_map(target) and isinstance(last, str):
        if set(target) == {"$secret"} or (is_map(old := target.get(last)) and set(old) == {"$secret"}):
            raise AccountError(f"`{path}` is a secret; the account holds no secrets, so one cannot drift")
        if value is None:
            target.pop(last, None)
        else:
            target[last] = value
    elif is_list(target) and isinstance(last, int) and last <= len(target):
        if value is None:
            del target[last : last + 1]
        else:
            target[last : last + 1] = [value]
    else:
        raise AccountError(f"`{path}` leads nowhere: there is no `{last}`")


def remove(home: Path, urn: str) -> Resource:
    """Removes a resource from the account behind the engine's back. `AccountError` for an unknown URN."""
    with _opened(home) as account:
        row = _existing(account, urn)
        account.remove(row)
        return Resource(row.urn, row.id, row.type)


def check(home: Path) -> None:
    """Raises `AccountDamagedError` for an account whose file is damaged: better before a run than within it."""
    if (home / FILE_NAME).exists():
        with _opened(home) as account:
            account.check()


def orphans(home: Path, stack: str, state_urns: Collection[str], project: str | None = None) -> list[Resource]:
    """Resources that a stack made and that its state does not know: an interrupted run left them."""
    if not (home / FILE_NAME).exists():
        return []
    known = set(state_urns)
    with _opened(home) as account:
        return [Resource(r.urn, r.id, r.type) for r in account.of_stack(stack, project) if r.urn not in known]


def discard_interrupted(home: Path, pending: Collection[str], state: Collection[tuple[str, str]]) -> list[Resource]:
    """Removes what an interrupted run created without recording it, so that the next run can create it again.

    `pending` are the URNs whose creation the engine's state lists as unfinished, `state` the (URN, id) pairs that it
    holds. What was removed is returned for the report.
    """
    if not (home / FILE_NAME).exists():
        return []
    recorded = set(state)
    removed: list[Resource] = []
    with _opened(home) as account:
        for urn in pending:
            while (row := account.latest(urn)) is not None and (row.urn, row.id) not in recorded:
                account.remove(row)
                removed.append(Resource(row.urn, row.id, row.type))
    return removed


def kept(home: Path, stack: str, project: str | None = None) -> list[Remainder]:
    """What a destroyed stack leaves behind: retained resources, final snapshots, keys and secrets in waiting time."""
    if not (home / FILE_NAME).exists():
        return []
    note = "still exists; not managed any more once the state does not hold it"
    with _opened(home) as account:
        rows = account.of_stack(stack, project)
        retained = [Remainder("retained resource", row.id, row.urn, row.type, note) for row in rows]
        return [*account.remainders(stack, project), *retained]


def forget(home: Path, stack: str, project: str | None = None) -> int:
    """Empties the account of everything that a stack made; the number of resources that were still there."""
    if not (home / FILE_NAME).exists():
        return 0
    with _opened(home) as account:
        return account.forget(stack, project)


@contextmanager
def _opened(home: Path) -> Generator[Account]:
    if not (home / FILE_NAME).exists():
        raise AccountError("the simulated account is empty: nothing has been brought up in this project's sandbox")
    try:
        account = Account(home)
        try:
            yield account
        finally:
            account.close()
    except sqlite3.OperationalError as error:
        # Locked, read-only or no room: the account itself is whole.
        raise AccountDamagedError(f"{home / FILE_NAME}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise AccountDamagedError(
            f"the simulated account is damaged: {home / FILE_NAME}: {error}\n"
            f"    fix: remove {home.parent} to begin anew; nothing in it exists anywhere else"
        ) from error


def _existing(account: Account, urn: str) -> Row:
    row = account.latest(urn)
    if row is None:
        raise AccountError(f"the simulated account has no resource {urn}{_nearest(account, urn)}")
    return row


def _nearest(account: Account, urn: str) -> str:
    stack = urn.split("::", 1)[0].removeprefix("urn:pulumi:")
    close = difflib.get_close_matches(urn, [row.urn for row in account.of_stack(stack)], n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
