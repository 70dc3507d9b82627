"""The engine that the bootstrap hands out runs Python programs: whole life, failures, environments, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from blueprints.sandbox.engine.model import Engine

pytestmark = pytest.mark.engine

FAILED = 1

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


@dataclass
class Project:
    """A Pulumi project with a file backend of its own and an environment that holds nothing else."""

    engine: Engine
    folder: Path
    home: Path
    runtime: str = f"{{name: python, options: {{virtualenv: {json.dumps(sys.prefix)}}}}}"
    main: str = ""

    def write(self, program: str, file: str = "__main__.py") -> Project:
        target = self.folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(program)
        main = f"main: {self.main}\n" if self.main else ""
        (self.folder / "Pulumi.yaml").write_text(f"name: example\nruntime: {self.runtime}\n{main}")
        return self

    @property
    def environment(self) -> dict[str, str]:
        folders = [*map(str, self.engine.search_path), "/usr/bin", "/bin"]
        return {
            "PATH": os.pathsep.join(folders),
            "HOME": str(self.home),
            "PULUMI_HOME": str(self.home / "pulumi"),
            "PULUMI_BACKEND_URL": f"file://{self.home}",
            "PULUMI_CONFIG_PASSPHRASE": "a passphrase",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.engine.pulumi), *arguments, "--non-interactive"],
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **variables: str) -> tuple[int, str]:
        with self.start(*arguments, **variables) as process:
            output, _ = process.communicate(timeout=120)
        return process.returncode, output

    def ok(self, *arguments: str, **variables: str) -> str:
        code, output = self.run(*arguments, **variables)
        assert code == 0, output
        return output


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Project:
    folder, home = tmp_path / "project", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    made = Project(engine, folder, home).write("")
    made.ok("stack", "init", "test")
    return made


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


def test_an_environment_without_the_sdk_says_so(project: Project, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    project.runtime = "{name: python, options: {virtualenv: ../bare}}"
    project.write("import pulumi\n")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "It looks like the Pulumi SDK has not been installed" in output


def test_a_virtualenv_that_is_none_is_named(project: Project, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("")
    project.runtime = "{name: python, options: {virtualenv: ../folder}}"
    project.write("import pulumi\n")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "doesn't appear to be a virtual environment" in output


def which_python(project: Project, **variables: str) -> str:
    project.write("import sys, pulumi\npulumi.export('prefix', sys.prefix)\n")
    project.ok("up", "--yes", "--skip-preview", **variables)
    return json.loads(project.ok("stack", "output", "--json"))["prefix"]


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment of its own that finds the SDK where the tests found it."""
    folder = tmp_path / "project" / "own environment"
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    sdk = next(entry for entry in sys.path if entry.endswith("site-packages"))
    (site / "sdk.pth").write_text(sdk + "\n")
    return folder


def test_the_virtualenv_option_is_relative_to_the_project(project: Project, environment: Path) -> None:
    project.runtime = "{name: python, options: {virtualenv: own environment}}"
    project.main = "program/"
    project.write("", "program/__main__.py")
    (project.folder / "program" / "__main__.py").write_text("import sys, pulumi\npulumi.export('prefix', sys.prefix)\n")
    project.ok("up", "--yes", "--skip-preview", VIRTUAL_ENV=sys.prefix)
    assert json.loads(project.ok("stack", "output", "--json"))["prefix"] == str(environment)


def test_without_the_option_the_active_environment_is_used(project: Project, environment: Path) -> None:
    project.runtime = "python"
    assert which_python(project, VIRTUAL_ENV=str(environment)) == str(environment)


def test_without_an_active_environment_the_first_python_on_path_is_used(project: Project, environment: Path) -> None:
    project.runtime = "python"
    path = os.pathsep.join([*map(str, project.engine.search_path), str(environment / "bin"), "/usr/bin", "/bin"])
    assert which_python(project, PATH=path) == str(environment)


@pytest.mark.parametrize("manager", ["uv", "poetry"])
def test_an_installed_project_runs_without_its_package_manager(
    project: Project, environment: Path, manager: str
) -> None:
    (project.folder / f"{manager}.lock").write_text("")
    environment.rename(project.folder / ".venv")
    project.runtime = f"{{name: python, options: {{toolchain: {manager}}}}}"
    assert which_python(project, VIRTUAL_ENV=sys.prefix) == str(project.folder / ".venv")


def test_a_wrong_toolchain_is_named(project: Project) -> None:
    project.runtime = "{name: python, options: {toolchain: conda}}"
    project.write("")
    code, output = project.run("preview")
    assert code == FAILED, output
    assert "unsupported toolchain option: conda (use pip, poetry or uv)" in output


@pytest.mark.parametrize("command", [("preview",), ("up", "--yes", "--skip-preview")])
def test_an_interrupt_ends_the_program_and_leaves_no_lock(project: Project, command: tuple[str, ...]) -> None:
    marker = project.folder / "marker"
    project.write(f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\ntime.sleep(100)\n")
    with project.start(*command) as process:
        wait_until(lambda: marker.exists() and marker.read_text() != "")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode not in (0, None)
    assert "Traceback" not in output or "KeyboardInterrupt" in output
    wait_until(lambda: not Path(f"/proc/{marker.read_text()}").exists())
    project.write("import pulumi\npulumi.export('a', 1)\n")
    project.ok("up", "--yes", "--skip-preview")


def test_a_killed_engine_leaves_no_program_behind(project: Project) -> None:
    marker = project.folder / "marker"
    project.write(f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\ntime.sleep(100)\n")
    with project.start("preview") as process:
        wait_until(lambda: marker.exists() and marker.read_text() != "")
        process.kill()
        wait_until(lambda: not Path(f"/proc/{marker.read_text()}").exists())


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 40 seconds"
        time.sleep(0.05)


def test_about_names_the_python_that_a_project_runs_with(project: Project) -> None:
    about = json.loads(project.ok("about", "--json", "--transitive"))
    assert about["runtime"]["executable"] == f"{sys.prefix}/bin/python"
    assert about["runtime"]["version"] == ".".join(map(str, sys.version_info[:3]))
    assert "pulumi" in {dependency["name"] for dependency in about["dependencies"]}
