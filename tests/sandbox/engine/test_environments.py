"""Which Python a program runs with: the project's option, its package manager's, the active one, the first on PATH."""

from __future__ import annotations

import json
import os
import sys
import venv
from pathlib import Path

import pytest

from .projects import FAILED, Project

pytestmark = pytest.mark.engine


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment of its own that finds the SDK where the tests found it."""
    folder = tmp_path / "project" / "own environment"
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    sdk = next(entry for entry in sys.path if entry.endswith("site-packages"))
    (site / "sdk.pth").write_text(sdk + "\n")
    return folder


def test_an_environment_without_the_sdk_says_so(own_project: Project, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    own_project.runtime = "{name: python, options: {virtualenv: ../bare}}"
    own_project.write("import pulumi\n")
    code, output = own_project.run("preview")
    assert code == FAILED, output
    assert "It looks like the Pulumi SDK has not been installed" in output


def test_a_virtualenv_that_is_none_is_named(own_project: Project, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("")
    own_project.runtime = "{name: python, options: {virtualenv: ../folder}}"
    own_project.write("import pulumi\n")
    code, output = own_project.run("preview")
    assert code == FAILED, output
    assert "doesn't appear to be a virtual environment" in output


def which_python(project: Project, **variables: str) -> str:
    project.write("import sys, pulumi\npulumi.export('prefix', sys.prefix)\n")
    project.ok("up", "--yes", "--skip-preview", **variables)
    return json.loads(project.ok("stack", "output", "--json"))["prefix"]


def test_the_virtualenv_option_is_relative_to_the_project(project: Project, environment: Path) -> None:
    project.runtime = "{name: python, options: {virtualenv: own environment}}"
    project.main = "program/"
    project.write("", "program/__main__.py")
    (project.folder / "program" / "__main__.py").write_text("import sys, pulumi\npulumi.export('prefix', sys.prefix)\n")
    project.ok("up", "--yes", "--skip-preview", VIRTUAL_ENV=sys.prefix)
    assert json.loads(project.ok("stack", "output", "--json"))["prefix"] == str(environment)


def test_without_the_option_the_active_environment_is_used(own_project: Project, environment: Path) -> None:
    own_project.runtime = "python"
    assert which_python(own_project, VIRTUAL_ENV=str(environment)) == str(environment)


def test_without_an_active_environment_the_first_python_on_path_is_used(project: Project, environment: Path) -> None:
    project.runtime = "python"
    path = os.pathsep.join([*map(str, project.engine.search_path), str(environment / "bin"), "/usr/bin", "/bin"])
    assert which_python(project, PATH=path) == str(environment)


@pytest.mark.parametrize("manager", ["uv", "poetry"])
def test_an_installed_project_runs_without_its_package_manager(
    own_project: Project, environment: Path, manager: str
) -> None:
    (own_project.folder / f"{manager}.lock").write_text("")
    environment.rename(own_project.folder / ".venv")
    own_project.runtime = f"{{name: python, options: {{toolchain: {manager}}}}}"
    assert which_python(own_project, VIRTUAL_ENV=sys.prefix) == str(own_project.folder / ".venv")


def test_a_wrong_toolchain_is_named(own_project: Project) -> None:
    own_project.runtime = "{name: python, options: {toolchain: conda}}"
    own_project.write("")
    code, output = own_project.run("preview")
    assert code == FAILED, output
    assert "unsupported toolchain option: conda (use pip, poetry or uv)" in output


def test_about_names_the_python_that_a_project_runs_with(project: Project) -> None:
    about = json.loads(project.ok("about", "--json", "--transitive"))
    assert about["runtime"]["executable"] == f"{sys.prefix}/bin/python"
    assert about["runtime"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert "pulumi" in {dependency["name"] for dependency in about["dependencies"]}
