"""The derived project: what is left out, what is refused by name, and that nothing of the user's is written."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml

from blueprints.errors import BlueprintError
from blueprints.sandbox.home import Home, find_project_root
from blueprints.sandbox.project import derive

SIMULATED = ("aws", "random")


def write(home: Home, text: str) -> None:
    (home.project_root / "Pulumi.yaml").write_text(text)


def derived(home: Home) -> dict[str, object]:
    return yaml.safe_load((home.project / "Pulumi.yaml").read_text())


def test_the_program_runs_in_its_real_folder_with_our_interpreter(home: Home) -> None:
    (home.project_root / "infra").mkdir()
    write(home, "name: shop\nruntime: python\nmain: infra/\nstackConfigDir: infra\nbackend: {url: s3://state}\n")
    project = derive(home, SIMULATED)
    document = derived(home)
    assert document["name"] == "shop"
    assert document["main"] == str(home.project_root / "infra")
    assert document["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    assert document.keys() == {"name", "runtime", "main", "plugins"}
    assert project.config_dir == home.project_root / "infra"
    assert project.notes == ("backend: left out; the sandbox has its own",)


def test_what_lies_at_the_root_can_be_found_from_the_derived_root(home: Home) -> None:
    (home.project_root / "data").mkdir()
    (home.project_root / "data" / "policy.json").write_text("{}")
    (home.project_root / "Pulumi.dev.yaml").write_text("config: {}")
    derive(home, SIMULATED)
    assert (home.project / "data" / "policy.json").read_text() == "{}"
    assert not (home.project / "Pulumi.dev.yaml").is_symlink()
    assert not (home.project / ".blueprints").exists()
    assert (home.project / ".blueprints-origin").read_text() == f"{home.project_root}\n"
    (home.project_root / "data" / "policy.json").unlink()
    (home.project_root / "data").rmdir()
    derive(home, SIMULATED)
    assert not (home.project / "data").is_symlink()


def test_the_folder_ignores_itself(home: Home) -> None:
    assert (home.project_root / ".blueprints" / ".gitignore").read_text() == "*\n"


def test_project_config_schema_is_kept_and_the_old_form_of_the_config_folder_is_understood(home: Home) -> None:
    write(home, "name: shop\nruntime: {name: python}\nconfig:\n  size: {type: integer, default: 3}\n  on: yes\n")
    derive(home, SIMULATED)
    assert "on: yes" in (home.project / "Pulumi.yaml").read_text()
    write(home, "name: shop\nruntime: python\nconfig: settings\n")
    assert derive(home, SIMULATED).config_dir == home.project_root / "settings"
    assert "config" not in derived(home)


def test_every_simulated_package_and_dynamic_provider_has_a_launcher_that_the_engine_is_told_of(home: Home) -> None:
    derive(home, SIMULATED)
    plugins = derived(home)["plugins"]
    assert isinstance(plugins, dict)
    told = {item["name"]: item["path"] for item in plugins["providers"]}
    for package in ("aws", "random", "pulumi-python"):
        launcher = Path(told[package]) / f"pulumi-resource-{package}"
        assert os.access(launcher, os.X_OK)
        text = launcher.read_text()
        assert f"exec {sys.executable} -m blueprints.sandbox.provider {package}" in text
    assert not any(told["aws"] in folder for folder in os.environ["PATH"].split(os.pathsep))


def test_foreign_plugins_on_the_programs_path_are_answered_by_a_refusal(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi-resource-evil").write_text("#!/bin/sh\n")
    monkeypatch.setattr("blueprints.sandbox.plugins.system_folders", lambda: [tmp_path / "bin"])
    derive(home, SIMULATED)
    assert (home.plugins / "pulumi-resource-evil").is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("runtime: python\n", "name is required"),
        ("name: shop\nruntime: nodejs\n", "runtime must be python for the sandbox (got nodejs)"),
        ("name: shop\nruntime: {name: yaml}\n", "runtime must be python for the sandbox (got yaml)"),
        ("name: shop\n", "runtime must be python for the sandbox (got nothing)"),
        ("name: shop\nruntime: python\nmain: nowhere/\n", "main: nowhere/ does not exist"),
        (
            "name: shop\nruntime: python\nplugins: {providers: [{name: acme, path: ./bin}]}\n",
            "plugins.providers: acme is not simulated",
        ),
        (
            "name: shop\nruntime: python\nplugins: {analyzers: [{name: aws, path: ./bin}]}\n",
            "plugins.analyzers: aws is not simulated",
        ),
        (
            "name: shop\nruntime: python\npackages: {net: https://example.com/net@v1}\n",
            "packages.net: https://example.com/net@v1 is a remote component",
        ),
        (
            "name: shop\nruntime: python\npackages: {tf: {source: terraform-provider, parameters: [x]}}\n",
            "packages.tf: terraform-provider is a remote component",
        ),
        (
            "name: shop\nruntime: {name: python, options: {toolchain: conda}}\n",
            "runtime.options.toolchain must be pip, poetry or uv (got 'conda')",
        ),
        ("name: [\n", "not readable as YAML"),
    ],
)
def test_what_cannot_run_is_refused_by_name(home: Home, text: str, said: str) -> None:
    write(home, text)
    with pytest.raises(BlueprintError) as caught:
        derive(home, SIMULATED)
    assert said in str(caught.value)


def test_plugins_and_packages_that_are_simulated_are_left_out_with_a_note(home: Home) -> None:
    write(
        home,
        "name: shop\nruntime: python\nplugins: {providers: [{name: aws, path: ./bin}]}\npackages: {aws: aws@7.0.0}\n",
    )
    assert derive(home, SIMULATED).notes == (
        "plugins.providers.aws: left out; the sandbox simulates aws",
        "packages.aws: left out; the sandbox simulates aws",
    )
    assert "packages" not in derived(home)


def environment(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    return folder


def test_the_projects_own_environment_is_used(home: Home) -> None:
    own = environment(home.project_root / "venv")
    write(home, "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n")
    assert derive(home, SIMULATED).interpreter.environment == own
    assert derived(home)["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": str(own)}}


def test_uv_and_poetry_environments_are_found_beside_their_lock_file(home: Home) -> None:
    own = environment(home.project_root / ".venv")
    for tool in ("uv", "poetry"):
        (home.project_root / "infra").mkdir(exist_ok=True)
        write(home, f"name: shop\nruntime: {{name: python, options: {{toolchain: {tool}}}}}\n")
        (home.project_root / f"{tool}.lock").touch()
        assert derive(home, SIMULATED).interpreter.environment == own


def test_an_environment_that_nobody_made_is_replaced_by_ours_with_a_note(home: Home) -> None:
    write(home, "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n")
    project = derive(home, SIMULATED)
    assert project.interpreter.environment == Path(sys.prefix)
    named = home.project_root / "venv"
    assert project.notes == (
        f"runtime.options: {named} is no virtual environment; the program runs with {sys.executable}",
    )


def test_stacks_are_those_that_have_a_file(home: Home) -> None:
    for name in ("Pulumi.dev.yaml", "Pulumi.a.b.yaml", "Pulumi.qa.json", "other.yaml", "Pulumi.md"):
        (home.project_root / name).write_text("{}")
    assert derive(home, SIMULATED).stacks() == ["a.b", "dev", "qa"]


def test_the_project_is_found_from_a_folder_inside_it(home: Home, tmp_path: Path) -> None:
    inside = home.project_root / "a" / "b"
    inside.mkdir(parents=True)
    assert find_project_root(inside) == home.project_root.resolve()
    with pytest.raises(BlueprintError, match="no Pulumi project here"):
        find_project_root(tmp_path)
