"""After an engine was killed: the state without unfinished operations, the account without what nobody recorded."""

from __future__ import annotations

import json
from pathlib import Path

from blueprints.sandbox.account import manage
from blueprints.sandbox.session import Launch, Sandbox

_SHOWN = 20


def recover(sandbox: Sandbox, launch: Launch, stack: str) -> list[str]:
    """Makes a stack fit for the next run. Returns what was found, for the user; nothing after a run that ended well."""
    state = sandbox.state(stack)
    if state is None or not state.pending:
        return []
    notes = [
        f"the last run was interrupted while it was {kind} {urn.rpartition('::')[2]}" for kind, urn in state.pending
    ]
    recorded = [(resource.urn, resource.id) for resource in state.resources]
    creating = [urn for kind, urn in state.pending if kind == "creating"]
    for orphan in manage.discard_interrupted(sandbox.home.folder, creating, recorded):
        notes.append(
            f"orphan: {orphan.type} {orphan.id} had been created and not recorded; the sandbox removed it"
            " (AWS would keep it: import or delete it there)"
        )
    _drop_pending(launch, stack, sandbox.home.cache / "recovered.json")
    return notes


def orphans(sandbox: Sandbox, stack: str) -> list[str]:
    """A line for each resource of the simulated account that the stack made and no longer knows."""
    state = sandbox.state(stack)
    known = [] if state is None else [resource.urn for resource in state.resources]
    # A retained resource is no orphan: the stack let go of it on purpose.
    found = manage.orphans(sandbox.home.folder, stack, known, sandbox.project.name)
    lines = [
        f"orphan: {item.type} {item.id} exists and is in no state;"
        f" remove it with: {sandbox.program} sandbox rm '{item.urn}'"
        for item in found[:_SHOWN]
    ]
    if len(found) > _SHOWN:
        lines.append(f"... and {len(found) - _SHOWN} more orphans")
    return lines


def _drop_pending(launch: Launch, stack: str, scratch: Path) -> None:
    """Takes unfinished operations out of the state, through the engine's own export and import."""
    deployment = json.loads(launch.capture(["stack", "export", "--stack", stack]))
    deployment["deployment"].pop("pending_operations", None)
    scratch.write_text(json.dumps(deployment))
    try:
        launch.capture(["stack", "import", "--stack", stack, "--file", str(scratch)])
    finally:
        scratch.unlink(missing_ok=True)
