"""`list`, `outputs` and `export`: what there is."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, cast

from blueprints.cli.run_view import show_outputs
from blueprints.cli.stacks import opened
from blueprints.cli.terminal import paint
from blueprints.sandbox import operations, state
from blueprints.sandbox.errors import RunFailed
from blueprints.sandbox.home import Home, find_project_root
from blueprints.sandbox.project import Project, read_project


def list_stacks(typed: argparse.Namespace) -> int:
    """Prints the project's stacks and the blueprints there are."""
    from blueprints.topologies import TOPOLOGIES

    project = read_project(Home(find_project_root(Path(typed.cwd))))
    rows = [_row(project, stack) for stack in project.stacks()]
    if typed.json:
        print(json.dumps({"stacks": rows, "blueprints": sorted(TOPOLOGIES)}, indent=2))
        return 0
    columns = ("stack", "blueprint", "environment", "region", "sandbox")
    widths = [max(len(name), *(len(row[name]) for row in rows)) if rows else len(name) for name in columns]
    print("  ".join(paint(f"{name.upper():<{width}}", "bold") for name, width in zip(columns, widths, strict=True)))
    for row in rows:
        print("  ".join(f"{row[name]:<{width}}" for name, width in zip(columns, widths, strict=True)).rstrip())
    print(f"\nblueprints: {', '.join(sorted(TOPOLOGIES))}")
    return 0


def outputs(typed: argparse.Namespace) -> int:
    """Prints what a stack publishes."""
    extra = ["--show-secrets"] if typed.show_secrets else []
    with opened(typed, f"reading {typed.stack}") as (sandbox, _):
        text = operations.document(sandbox, typed.stack, ["stack", "output", "--json", *extra])
    if typed.json:
        print(text, end="")
    else:
        show_outputs(json.loads(text or "{}"))
    return 0


def export(typed: argparse.Namespace) -> int:
    """Prints the engine's own state document."""
    with opened(typed, f"reading {typed.stack}") as (sandbox, _):
        text = operations.document(sandbox, typed.stack, ["stack", "export"])
    print(text, end="")
    return 0


def _row(project: Project, stack: str) -> dict[str, Any]:
    from blueprints import stack as program
    from blueprints.errors import BlueprintError

    try:
        config = program.config_of(project.home.project_root, stack)
    except (BlueprintError, OSError) as error:
        print(f"Pulumi.{stack}.yaml: {error}", file=sys.stderr)
        config = {}
    settings = config.get(program.SETTINGS)
    chosen = cast("dict[str, Any]", settings) if isinstance(settings, dict) else {}
    environment = str(chosen.get("environment", "dev"))
    return {
        "stack": stack,
        "blueprint": str(config.get(program.BLUEPRINT, "")),
        "environment": environment if config.get(program.BLUEPRINT) else "",
        "region": str(config.get("aws:region", "")),
        "sandbox": _standing(project, stack),
    }


def _standing(project: Project, stack: str) -> str:
    try:
        found = state.read(project.home, project.name, stack)
    except RunFailed:
        return "damaged state"
    if found is None or not found.shown:
        return "not up"
    return f"up, {sum(resource.custom for resource in found.shown)} resources"
