"""`sandbox run`, `sandbox drift` and `sandbox rm`."""

from __future__ import annotations

import argparse
import difflib
import json
from pathlib import Path
from typing import Any

from blueprints.cli.stacks import banner, check_fail_on, program
from blueprints.cli.terminal import paint, say, status
from blueprints.sandbox import pulumi_command, state
from blueprints.sandbox.account import manage
from blueprints.sandbox.environment import asked_variables
from blueprints.sandbox.errors import BadInput
from blueprints.sandbox.home import Home, find_project_root
from blueprints.sandbox.session import Options


def run(typed: argparse.Namespace) -> int:
    """Runs the real pulumi command line in the sandbox. Returns its own exit code."""
    banner()
    arguments = typed.arguments[1:] if typed.arguments[:1] == ["--"] else typed.arguments
    check_fail_on(typed.fail_on)
    options = Options(
        fail_on=typed.fail_on, variables=asked_variables(typed.env), program=program(), network=typed.network
    )
    # Only the making of an engine takes long here; while pulumi runs the terminal is its own.
    return pulumi_command.run(arguments, Path(typed.cwd).resolve(), say, say, options)


def drift(typed: argparse.Namespace) -> int:
    """Changes a property of a resource behind the engine's back."""
    banner()
    path, given, text = typed.change.partition("=")
    if not given or not path:
        raise BadInput(f"{typed.change!r} must be PATH=VALUE\n    fix: for example tags.Owner=somebody")
    home = Home(find_project_root(Path(typed.cwd)))
    with status("changing the simulated account"):
        found = manage.drift(home.folder, _urn(home, typed.resource, typed.stack), path, _value(text))
    print(f"{paint('drifted', 'yellow')} {found.id}: {path} = {text or '(removed)'}")
    stack = found.urn.split("::", 1)[0].removeprefix("urn:pulumi:")
    print(f"`{program()} preview {stack} --refresh` sees it, `{program()} up {stack} --refresh` repairs it")
    return 0


def remove(typed: argparse.Namespace) -> int:
    """Removes a resource behind the engine's back."""
    banner()
    home = Home(find_project_root(Path(typed.cwd)))
    with status("changing the simulated account"):
        found = manage.remove(home.folder, _urn(home, typed.resource, typed.stack))
    print(f"{paint('removed', 'yellow')} {found.type} {found.id} from the simulated account; a refresh sees it")
    return 0


def _value(text: str) -> Any:
    """A value as JSON where it is JSON, else as text; empty text removes the property."""
    if text == "":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _urn(home: Home, resource: str, stack: str) -> str:
    """The URN of a resource that was named by its URN or by its name, in one stack or in any."""
    if resource.startswith("urn:pulumi:"):
        return resource
    found = {item.urn: item.name for item in _all(home, stack) if item.custom}
    urns = [urn for urn, name in found.items() if name == resource]
    if len(urns) == 1:
        return urns[0]
    if urns:
        listed = "\n".join(f"      {urn}" for urn in urns)
        raise BadInput(
            f"{len(urns)} resources have the name {resource!r}\n"
            f"    fix: add --stack, or type one of these URNs:\n{listed}"
        )
    close = difflib.get_close_matches(resource, sorted(set(found.values())), n=1, cutoff=0.5)
    fix = f"did you mean `{close[0]}`?" if close else "type its URN, as `blueprints export STACK` shows it"
    raise BadInput(f"no resource in this project's sandbox has the name {resource!r}\n    fix: {fix}")


def _all(home: Home, stack: str) -> list[state.Resource]:
    found: list[state.Resource] = []
    for file in sorted((home.state / ".pulumi" / "stacks").glob(f"*/{stack or '*'}.json")):
        read = state.read(home, file.parent.name, file.stem)
        found += read.resources if read else ()
    return found
