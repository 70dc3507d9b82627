"""The way of data is one-directional: who may import whom, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "blueprints"

# Layer -> what it must never import. Paths and modules are relative to the package.
FORBIDDEN = {
    "": ("cli", "sandbox"),
    "aws": ("topologies", "cli", "sandbox", "stack", "host", "reports"),
    "kubernetes": ("topologies", "cli", "sandbox", "stack", "host", "reports"),
    "server": ("topologies", "aws", "cli", "sandbox", "stack", "host", "component"),
    "policies": ("topologies", "aws", "cli", "sandbox", "stack", "component"),
    "releases": ("topologies", "cli", "sandbox", "stack"),
    "topologies": ("cli", "sandbox", "stack", "host", "reports"),
    "sandbox": ("cli",),
}
BASE = (
    "errors",
    "problems",
    "inputs",
    "fields",
    "settings",
    "naming",
    "environments",
    "common",
    "overrides",
    "validation",
)


def imports(path: Path) -> Iterator[str]:
    """Modules of the package that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.startswith("blueprints."):
                yield name.removeprefix("blueprints.")


def layer(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


SOURCES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    forbidden = FORBIDDEN.get(layer(path), ())
    wrong = {name for name in imports(path) if name.split(".")[0] in forbidden}
    assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


def test_the_base_stands_on_nothing_above_it() -> None:
    for name in BASE:
        used = {module.split(".")[0] for module in imports(PACKAGE / f"{name}.py")}
        assert used <= set(BASE), f"{name} imports {sorted(used - set(BASE))}"


def test_no_component_reads_config_exports_or_the_clock() -> None:
    """Components are pure: same settings, same resources, in anybody's program."""
    banned = ("pulumi.Config", "pulumi.export", "datetime.now", "time.time(", "random.", "uuid.", "os.environ")
    for folder in ("topologies", "aws", "kubernetes"):
        for path in (PACKAGE / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found = [word for word in banned if word in text]
            assert not found, f"{path.relative_to(ROOT)} uses {found}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_under_300_lines(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < 300, f"{path.relative_to(ROOT)} has {lines} lines: two concepts in one file?"
