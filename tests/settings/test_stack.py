"""A stack file chooses a blueprint, its name and its settings; whatever is wrong in it is said at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprints import stack
from blueprints.errors import SettingsError
from blueprints.topologies.single_server import SingleServer

ROOT = Path(__file__).resolve().parents[2]
STACKS = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in (ROOT / "stacks").glob("Pulumi.*"))
GOOD: dict[str, Any] = {
    "aws:region": "eu-central-1",
    "blueprints:blueprint": "SingleServer",
    "blueprints:settings": {"tls": {"mode": "self_signed"}, "app": {"image": "nginx:1.29.3"}},
}


def refused(config: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        stack.choose(config)
    return {problem.path: f"{problem.limit} | {problem.fix}" for problem in caught.value.problems}


def test_a_good_config_chooses_and_names() -> None:
    chosen = stack.choose(GOOD)
    assert (chosen.blueprint, chosen.name) == (SingleServer, "single-server")
    assert stack.choose(GOOD | {"blueprints:name": "shop"}).name == "shop"


@pytest.mark.parametrize("name", STACKS)
def test_every_committed_stack_is_valid_and_names_region_and_accounts(name: str) -> None:
    chosen = stack.read(ROOT, name)
    config = stack.config_of(ROOT, name)
    assert name.endswith(chosen.settings.environment)
    assert config["aws:region"]
    assert chosen.settings.environment == "dev" or config["aws:allowedAccountIds"]


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"blueprints:blueprint": None}, "blueprints:blueprint", "is required | choose one of SingleServer"),
        ({"blueprints:blueprint": "SingelServer"}, "blueprints:blueprint", "did you mean `SingleServer`?"),
        ({"blueprints:blueprint": ["SingleServer"]}, "blueprints:blueprint", "did you mean `SingleServer`?"),
        ({"blueprints:blueprint": {"a": "b"}}, "blueprints:blueprint", "choose one of SingleServer"),
        ({"blueprints:blueprint": "Mainframe"}, "blueprints:blueprint", "choose one of SingleServer"),
        ({"blueprints:blueprint": 3}, "blueprints:blueprint", "is not a blueprint"),
        ({"blueprints:name": "Shop!"}, "blueprints:name", "lower-case letters"),
        ({"blueprints:name": "x" * 41}, "blueprints:name", "at most 40 characters"),
        ({"blueprints:setings": {}}, "blueprints:setings", "did you mean `blueprints:settings`?"),
        ({"blueprints:settings": ["x"]}, "blueprints:settings", "must be a mapping of settings"),
        ({"aws:region": None}, "aws:region", "is required"),
        (
            {"blueprints:settings": {**GOOD["blueprints:settings"], "overrides": {"nothing": {}}}},
            "blueprints:settings.overrides.nothing",
            "is not a child of this blueprint",
        ),
        (
            {"blueprints:settings": {**GOOD["blueprints:settings"], "app": {"image": {"secure": "AAAA"}}}},
            "blueprints:settings.app.image",
            "must not be a secret",
        ),
    ],
)
def test_each_wrong_key_is_named_with_its_fix(change: dict[str, Any], path: str, words: str) -> None:
    config = {key: value for key, value in (GOOD | change).items() if value is not None}
    assert words in refused(config)[path]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_staging_and_prod_must_name_their_accounts(environment: str) -> None:
    settings = {
        "environment": environment,
        "domains": ["shop.example.com"],
        "tls": {"mode": "acme", "email": "ops@example.com"},
        "app": {"image": "nginx:1.29.3"},
    }
    found = refused(GOOD | {"blueprints:settings": settings})
    assert "allowedAccountIds" in found["aws:allowedAccountIds"]


def test_wrong_name_and_wrong_settings_are_told_together() -> None:
    found = refused(GOOD | {"blueprints:name": "Shop", "blueprints:settings": {"app": {"port": 0}}})
    assert {"blueprints:name", "blueprints:settings.app.port"} <= set(found)


def project(folder: Path, stack_text: str, project_text: str = "name: p\nruntime: python\n") -> Path:
    (folder / "Pulumi.yaml").write_text(project_text)
    (folder / "Pulumi.dev.yaml").write_text(stack_text)
    return folder


def test_values_of_the_project_are_under_those_of_the_stack(tmp_path: Path) -> None:
    text = "name: p\nruntime: python\nconfig:\n  aws:region: {value: us-east-1}\n  a:b: {type: string}\n  c:d: 1\n"
    project(tmp_path, "config:\n  aws:region: eu-west-1\n", text)
    assert stack.config_of(tmp_path, "dev") == {"aws:region": "eu-west-1", "c:d": 1}


def test_stack_files_are_found_where_the_project_says(tmp_path: Path) -> None:
    project(tmp_path, "", "name: p\nruntime: python\nstackConfigDir: settings\n")
    assert stack.stack_file(tmp_path, "org/p/dev") == tmp_path / "settings" / "Pulumi.dev.yaml"


def test_a_file_that_is_no_text_is_refused_as_one(tmp_path: Path) -> None:
    (project(tmp_path, "") / "Pulumi.dev.yaml").write_bytes(b"config:\n  a:b: \xff\n")
    with pytest.raises(SettingsError, match=r"Pulumi\.dev\.yaml: is not text in UTF-8: byte 15"):
        stack.read(tmp_path, "dev")


def test_keys_that_are_no_text_are_read_as_the_engine_reads_them(tmp_path: Path) -> None:
    project(tmp_path, "config:\n  7: 2\n  true: 3\n")
    assert stack.config_of(tmp_path, "dev") == {"7": 2, "True": 3}


@pytest.mark.parametrize("suffix", ["yml", "json"])
def test_files_may_have_the_other_names_that_the_engine_takes(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"Pulumi.{suffix}").write_text('{"name": "p", "runtime": "python", "stackConfigDir": "s"}')
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / f"Pulumi.dev.{suffix}").write_text('{"config": {"aws:region": "eu-west-1"}}')
    assert stack.config_of(tmp_path, "dev") == {"aws:region": "eu-west-1"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("config: [", "is not valid YAML: line"),
        ("- a\n", "must hold a mapping"),
        ("a: b: c", "is not valid YAML: line 1"),
        ("config: [1, 2]\n", "config: must be a mapping (got [1, 2])"),
        ("config: hello\n", "config: must be a mapping (got 'hello')"),
        ("config: &c {a: *c}\n", "an alias refers to itself"),
        ("[" * 3000, "is nested too deeply"),
        (
            "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'x'] * 9)}]\n" for i in range(9)),
            "or aliases multiply",
        ),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        stack.read(project(tmp_path, text), "dev")
    assert "Pulumi.dev.yaml" in str(caught.value)
    assert words in str(caught.value)


def test_paths_resolve_from_the_project_folder_not_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<p>hello</p>")
    settings = {**GOOD["blueprints:settings"], "static": "site"}
    project(tmp_path, yaml.safe_dump({"config": GOOD | {"blueprints:settings": settings}}))
    assert stack.read(tmp_path, "dev").settings.shown()["static"] == "site"
    project(tmp_path, yaml.safe_dump({"config": GOOD | {"blueprints:settings": settings | {"static": "missing"}}}))
    with pytest.raises(SettingsError, match=r"blueprints:settings\.static"):
        stack.read(tmp_path, "dev")
