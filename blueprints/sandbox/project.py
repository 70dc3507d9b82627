"""The derived project: the user's Pulumi.yaml as the sandbox runs it, in a folder of the sandbox's own.

Only what would reach out is changed: the backend and packages go, the sandbox's own plugins replace all others, the
program's path and interpreter become absolute. The program runs in its real folder; all else at the project's root is
linked into the derived one, so that `pulumi.get_root_directory()` finds the same files.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from yaml.nodes import MappingNode

from blueprints.paths import ORIGIN
from blueprints.sandbox import yaml_nodes
from blueprints.sandbox.errors import BadInput
from blueprints.sandbox.home import FOLDER, Home, project_file, write_if_changed
from blueprints.sandbox.interpreter import Interpreter, choose
from blueprints.sandbox.plugins import packages_to_launch, write_launchers


@dataclass(frozen=True)
class Project:
    """What the sandbox knows of a project before the engine starts."""

    home: Home
    name: str
    config_dir: Path
    """Folder of the user's own stack files."""
    program: Path
    """Folder of the program."""
    interpreter: Interpreter
    notes: tuple[str, ...] = field(default=())
    """What was left out of the derived project, one sentence each."""

    def stack_file(self, stack: str) -> Path | None:
        """The user's own file of a stack, if there is one."""
        names = (f"Pulumi.{stack}.yaml", f"Pulumi.{stack}.yml", f"Pulumi.{stack}.json")
        return next((self.config_dir / name for name in names if (self.config_dir / name).is_file()), None)

    def stacks(self) -> list[str]:
        """Names of all stacks that have a file, sorted."""
        if not self.config_dir.is_dir():
            return []
        names = {
            entry.name.removeprefix("Pulumi.").rsplit(".", 1)[0]
            for entry in self.config_dir.iterdir()
            if entry.name.startswith("Pulumi.") and entry.suffix in {".yaml", ".yml", ".json"}
        }
        return sorted(name for name in names if name not in {"yaml", "yml", "json", "Pulumi"})


def read_project(home: Home) -> Project:
    """Reads the user's project and writes nothing. Raises `BadInput` for a file that is no project."""
    root, source = _read(home)
    interpreter, note = choose(home.project_root, _runtime_options(root, source))
    main = _main(root, home)
    return Project(
        home=home,
        name=_name(root, source),
        config_dir=_config_dir(root, home.project_root),
        program=main if main.is_dir() else main.parent,
        interpreter=interpreter,
        notes=(note,) if note else (),
    )


def derive(home: Home, simulated: Collection[str]) -> Project:
    """Reads the user's project and writes the derived one. `simulated` are the packages that the sandbox serves.

    Raises `BadInput` for a project that the sandbox cannot run, and says why.
    """
    project = read_project(home)
    root, source = _read(home)
    notes = [
        *project.notes,
        *_without_plugins(root, source, simulated),
        *_without_packages(root, source, simulated),
    ]
    if yaml_nodes.entry(root, "backend") is not None:
        notes.append("backend: left out; the sandbox has its own")
    main = _main(root, home)
    if not main.exists():
        named = yaml_nodes.text(yaml_nodes.entry(root, "main"))
        raise BadInput(f"{source}: main: {named} does not exist\n    fix: name the folder or file of the program")
    launched = packages_to_launch(simulated, project.interpreter)
    write_launchers(home.plugins, launched, project.interpreter)
    providers = [{"name": package, "path": str(home.plugins)} for package in launched]

    if yaml_nodes.text(yaml_nodes.entry(root, "config")) is not None:
        yaml_nodes.remove(root, "config")
    yaml_nodes.remove(root, "backend", "packages", "stackConfigDir", "template")
    yaml_nodes.put(root, "plugins", yaml_nodes.node({"providers": providers}))
    yaml_nodes.put(root, "main", yaml_nodes.string(str(main)))
    yaml_nodes.put(root, "runtime", yaml_nodes.node(_runtime(project.interpreter)))
    write_if_changed(home.project / "Pulumi.yaml", yaml_nodes.write(root))
    write_if_changed(home.project / ORIGIN, f"{home.project_root}\n")
    _mirror_root(home)
    return replace(project, notes=tuple(notes))


def _read(home: Home) -> tuple[MappingNode, Path]:
    source = project_file(home.project_root)
    assert source is not None, "a home is only made for a folder with a project"
    return yaml_nodes.read_mapping(source), source


def _main(root: MappingNode, home: Home) -> Path:
    return Path(os.path.normpath(home.project_root / (yaml_nodes.text(yaml_nodes.entry(root, "main")) or ".")))


def _name(root: MappingNode, source: Path) -> str:
    name = yaml_nodes.text(yaml_nodes.entry(root, "name"))
    if not name:
        raise BadInput(f"{source}: name is required\n    fix: add `name: my-project`")
    return name


def _runtime_options(root: MappingNode, source: Path) -> dict[str, object]:
    runtime = yaml_nodes.entry(root, "runtime")
    name = yaml_nodes.text(runtime) or yaml_nodes.text(yaml_nodes.entry(runtime, "name"))
    if name != "python":
        raise BadInput(
            f"{source}: runtime must be python for the sandbox (got {name or 'nothing'})\n"
            "    fix: run this program with the real pulumi"
        )
    options = yaml_nodes.entry(runtime, "options")
    return cast("dict[str, object]", yaml_nodes.plain(options)) if isinstance(options, MappingNode) else {}


def _runtime(interpreter: Interpreter) -> dict[str, object]:
    if not interpreter.virtual:
        return {"name": "python"}
    return {"name": "python", "options": {"toolchain": "pip", "virtualenv": str(interpreter.environment)}}


def _config_dir(root: MappingNode, project_root: Path) -> Path:
    # `config: folder` is the old spelling of stackConfigDir; the engine still reads it.
    old = yaml_nodes.text(yaml_nodes.entry(root, "config"))
    return project_root / (yaml_nodes.text(yaml_nodes.entry(root, "stackConfigDir")) or old or ".")


def _without_plugins(root: MappingNode, source: Path, simulated: Collection[str]) -> list[str]:
    plugins = yaml_nodes.entry(root, "plugins")
    if plugins is None:
        return []
    notes: list[str] = []
    for kind, entries in cast("dict[str, Any]", yaml_nodes.plain(plugins) or {}).items():
        for item in cast("list[dict[str, Any]]", entries or []):
            name = str(item.get("name"))
            if kind != "providers" or name not in simulated:
                raise BadInput(
                    f"{source}: plugins.{kind}: {name} is not simulated and the sandbox runs no other plugin\n"
                    f"    fix: take the part of the program that needs {name} out, or run it with the real pulumi"
                )
            notes.append(f"plugins.{kind}.{name}: left out; the sandbox simulates {name}")
    return notes


def _without_packages(root: MappingNode, source: Path, simulated: Collection[str]) -> list[str]:
    packages = yaml_nodes.entry(root, "packages")
    if packages is None:
        return []
    notes: list[str] = []
    for name, spec in cast("dict[str, Any]", yaml_nodes.plain(packages) or {}).items():
        origin = str(cast("dict[str, Any]", spec).get("source", "")) if isinstance(spec, dict) else str(spec)
        if origin.partition("@")[0].removeprefix("pulumi/") not in simulated:
            raise BadInput(
                f"{source}: packages.{name}: {origin} is a remote component or a package that is not simulated\n"
                f"    fix: take the part of the program that needs {name} out, or run it with the real pulumi"
            )
        notes.append(f"packages.{name}: left out; the sandbox simulates {name}")
    return notes


def _mirror_root(home: Home) -> None:
    """Links what lies at the project's root into the derived folder, except stack files and what names the folder."""
    wanted = {
        entry.name: entry
        for entry in home.project_root.iterdir()
        if entry.name not in {FOLDER, ".git"} and not _is_project_or_stack_file(entry.name)
    }
    for link in home.project.iterdir():
        if link.is_symlink() and link.name not in wanted:
            link.unlink(missing_ok=True)
    for name, target in wanted.items():
        link = home.project / name
        if not link.is_symlink() and not link.exists():
            try:
                link.symlink_to(target)
            except FileExistsError:
                continue


def _is_project_or_stack_file(name: str) -> bool:
    return name.startswith("Pulumi.") and name.endswith((".yaml", ".yml", ".json"))
