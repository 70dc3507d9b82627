"""Taking a stack down: disposable ones leave nothing, others are refused until each store is named.

Step 1 names the stores (`unprotect` in the settings, then `up`), step 2 destroys. Stores of staging and prod are
retained even then: they leave the state and stay in the account, and the list at the end says which.
"""

from __future__ import annotations

from collections import Counter

from blueprints.environments import PROFILES
from blueprints.sandbox.account import manage
from blueprints.sandbox.account.records import Remainder
from blueprints.sandbox.errors import RunFailed
from blueprints.sandbox.session import Launch, Sandbox
from blueprints.sandbox.state import Resource, StackState

_COMPONENTS = "blueprints:index:"
# How the account describes keys and secrets in the time in which they could still be brought back.
_WAITING = "pending deletion"


def protected(state: StackState) -> list[Resource]:
    """Everything that the engine would refuse to delete."""
    return [resource for resource in state.resources if resource.protected]


def disposable(resource: Resource, state: StackState) -> bool:
    """Whether a protected store is one of a blueprint in an environment whose stores may go with it (dev).

    There it is protected against being replaced by accident, and goes with its stack. A team's own protected resources
    are never taken for disposable.
    """
    root = _root_component(resource, state)
    return root is not None and _disposable_root(root)


def is_disposable(state: StackState) -> bool:
    """Whether the whole stack is blueprints of an environment that leaves nothing."""
    roots = {item.urn: item for item in (_root_component(one, state) for one in state.shown if one.custom) if item}
    return bool(roots) and all(map(_disposable_root, roots.values()))


def is_of_blueprint(resource: Resource, state: StackState) -> bool:
    """Whether a resource is part of one of our components, so that settings have a name for it."""
    return _root_component(resource, state) is not None


def role(resource: Resource, state: StackState) -> str:
    """The name by which settings call a store: its own, without that of the blueprint that holds it."""
    root = _root_component(resource, state)
    return resource.name.removeprefix(f"{root.name}-") if root else resource.name


def refuse_protected(sandbox: Sandbox, stack: str) -> list[Resource]:
    """The disposable stores to unprotect before a destroy. Raises `RunFailed` when others would have to go."""
    state = sandbox.state(stack)
    if state is None:
        return []
    stores = protected(state)
    held = [store for store in stores if not disposable(store, state)]
    if held:
        raise RunFailed(_refusal(stack, held, state, sandbox.project.stack_file(stack) is not None, sandbox.program))
    return stores


def unprotect(launch: Launch, stack: str, stores: list[Resource]) -> None:
    """Lifts the engine's protection of disposable stores."""
    if stores:
        launch.capture(["state", "unprotect", "--yes", "--stack", stack, *(store.urn for store in stores)])


def kept(sandbox: Sandbox, stack: str) -> list[Remainder]:
    """What a destroyed stack leaves in the account: by kind, and rarer types first."""
    found = manage.kept(sandbox.home.folder, stack, sandbox.project.name)
    number = Counter(item.type for item in found)
    return sorted(found, key=lambda item: (item.kind, number[item.type], item.type, item.urn, item.id))


def leave_nothing(sandbox: Sandbox, stack: str) -> list[str]:
    """After a disposable stack: forgets what AWS itself deletes in time, and says so, one line each.

    Nothing is forgotten while anything else is left.
    """
    found = manage.kept(sandbox.home.folder, stack, sandbox.project.name)
    if not all(_WAITING in item.note for item in found):
        return []
    forget(sandbox, stack)
    return [f"AWS deletes {item.kind} {item.id} ({item.type}) by itself: {item.note}" for item in found]


def forget(sandbox: Sandbox, stack: str) -> int:
    """Empties the account of what a stack made. Returns how many resources were still there."""
    return manage.forget(sandbox.home.folder, stack, sandbox.project.name)


def _disposable_root(root: Resource) -> bool:
    # A setting at its default is not among a component's inputs.
    profile = PROFILES.get(root.inputs.get("environment", "dev"))
    return profile is not None and profile.disposable


def _root_component(resource: Resource, state: StackState) -> Resource | None:
    """The outermost of our components above a resource."""
    found: Resource | None = None
    here = state.by_urn.get(resource.parent)
    while here is not None:
        if here.type.startswith(_COMPONENTS):
            found = here
        here = state.by_urn.get(here.parent)
    return found


def _refusal(stack: str, held: list[Resource], state: StackState, has_file: bool, program: str) -> str:
    ours = [store for store in held if is_of_blueprint(store, state)]
    count = "1 store is" if len(held) == 1 else f"{len(held)} stores are"
    width = max(len(role(store, state)) for store in held)
    lines = [f"{stack} is not destroyed: {count} protected"]
    lines += [f"  {role(store, state):<{width}}  {store.type}  {store.id}".rstrip() for store in held]
    if ours:
        flags = " ".join(f"--unprotect {role(store, state)}" for store in ours)
        lines += ["", "To take it down, in two steps:", f"  1. {program} up {stack} {flags}"]
        if has_file:
            names = ", ".join(role(store, state) for store in ours)
            lines.append(f"     (the same as `unprotect: [{names}]` in the settings; name only what may go)")
        lines += [f"  2. {program} destroy {stack}", "     ends with the exact list of what is kept"]
    others = [store for store in held if store not in ours]
    if others:
        lines += ["", "Resources of your own program: take `protect` off there, or, in the sandbox only:"]
        lines += [f"  {program} sandbox run -- state unprotect --stack {stack} '{store.urn}'" for store in others]
    return "\n".join(lines)
