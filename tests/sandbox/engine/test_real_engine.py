"""The engine that the bootstrap hands out runs Python programs: a stack's whole life, and what failures look like."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from blueprints.sandbox.engine.bootstrap import ensure_engine
from blueprints.sandbox.engine.sources import Sources

from .fakes import ReleaseServer, archive_of
from .projects import FAILED, Project

pytestmark = pytest.mark.engine

EXPORTS = """
import os
import pulumi
config = pulumi.Config()
pulumi.export("size", config.require_int("size"))
pulumi.export("password", config.require_secret("password"))
pulumi.export("stack", f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}")
pulumi.export("root", pulumi.get_root_directory())
pulumi.export("folder", os.getcwd())
pulumi.export("preview", pulumi.runtime.is_dry_run())
"""


def test_the_life_of_a_stack(project: Project) -> None:
    project.write(EXPORTS)
    project.ok("config", "set", "size", "3")
    project.ok("config", "set", "--secret", "password", "planted-value")
    preview = project.ok("preview")
    assert "+ 1 to create" in preview
    assert "planted-value" not in preview
    project.ok("up", "--yes", "--skip-preview")
    outputs = json.loads(project.ok("stack", "output", "--json"))
    assert outputs == {
        "size": 3,
        "password": "[secret]",
        "stack": "organization/example/test",
        "root": str(project.folder),
        "folder": str(project.folder),
        "preview": False,
    }
    assert json.loads(project.ok("stack", "output", "--json", "--show-secrets"))["password"] == "planted-value"
    project.ok("destroy", "--yes", "--skip-preview")
    state = json.loads(project.ok("stack", "export"))
    assert state["deployment"].get("resources", []) == []
    kept = [file for file in project.home.rglob("*") if file.is_file()]
    assert kept
    assert [file for file in kept if b"planted-value" in file.read_bytes()] == []


def test_a_second_preview_is_empty(project: Project) -> None:
    project.write("import pulumi\npulumi.export('a', [1, {'b': True}])\n")
    project.ok("up", "--yes", "--skip-preview")
    assert "1 unchanged" in project.ok("preview", "--expect-no-changes")


def test_a_program_in_a_folder_of_its_own_runs_there(project: Project) -> None:
    project.main = "program/"
    project.write("import neighbour\n", "program/__main__.py")
    project.write(
        "import os, sys, pulumi\npulumi.export('a', [os.getcwd(), sys.path[0], pulumi.get_root_directory()])\n",
        "program/neighbour.py",
    )
    project.ok("up", "--yes", "--skip-preview")
    ran = json.loads(project.ok("stack", "output", "--json"))["a"]
    assert [ran[0], ran[2]] == [str(project.folder / "program"), str(project.folder)]
    assert (project.folder / "program" / ran[1]).resolve() == project.folder / "program"


def test_a_program_that_is_one_file_runs(project: Project) -> None:
    project.main = "infra.py"
    project.write("import pulumi\npulumi.export('ran', __name__)\n", "infra.py")
    project.ok("up", "--yes", "--skip-preview")
    assert json.loads(project.ok("stack", "output", "--json")) == {"ran": "__main__"}


def test_an_engine_from_a_release_archive_runs_a_program(
    project: Project, releases: ReleaseServer, sources: Sources
) -> None:
    releases.body = archive_of(project.engine)
    downloaded = ensure_engine(lambda _: None, sources=replace(sources, archive=releases.archive))
    assert downloaded.source == "download"
    project = replace(project, engine=downloaded).write("import pulumi\npulumi.export('a', 1)\n")
    project.ok("up", "--yes", "--skip-preview")
    assert json.loads(project.ok("stack", "output", "--json")) == {"a": 1}


def test_an_unhandled_exception_shows_its_traceback_once_and_fails(project: Project) -> None:
    project.write("def broken():\n    raise ValueError('the cause')\nbroken()\n")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "error: Program failed with an unhandled exception:" in output
    assert f'File "{project.folder}/__main__.py", line 3, in <module>' in output.replace("/./", "/")
    assert output.count("ValueError: the cause") == 1
    assert "pulumi-language-python-exec" not in output
    assert "non-zero exit code" not in output


def test_a_run_error_is_shown_without_a_traceback(project: Project) -> None:
    project.write("import pulumi\nraise pulumi.RunError('this setting is wrong')\n")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "error: this setting is wrong" in output
    assert "Traceback" not in output


def test_an_exception_in_an_apply_fails_the_run(project: Project) -> None:
    project.write("import pulumi\npulumi.export('a', pulumi.Output.from_input(1).apply(lambda n: n / 0))\n")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "ZeroDivisionError: division by zero" in output


def test_a_missing_program_is_named(project: Project) -> None:
    (project.folder / "__main__.py").unlink()
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "unable to find main python program `__main__.py` in" in output


def test_an_exit_code_of_the_program_is_reported(project: Project) -> None:
    project.write("import sys\nprint('leaving')\nsys.exit(7)\n")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "leaving" in output
    assert "program exited with non-zero exit code: 7" in output
