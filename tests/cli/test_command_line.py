"""The command line seen from outside: help, exit codes, what goes to which stream, and stacks that are not there."""

from __future__ import annotations

import json

import pytest
from projects import Project

BANNER = "SANDBOX: simulated, nothing reaches AWS"
PROJECT = {
    "Pulumi.yaml": "name: shop\nruntime: python\nstackConfigDir: stacks\n",
    "__main__.py": "import blueprints.stack\nblueprints.stack.run()\n",
    "stacks/Pulumi.shop-dev.yaml": (
        "config:\n  aws:region: eu-central-1\n  blueprints:blueprint: SingleServer\n"
        "  blueprints:settings: {environment: dev}\n"
    ),
    "stacks/Pulumi.shop-prod.yaml": "config:\n  aws:region: eu-west-1\n",
}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["list"],
        ["preview"],
        ["up"],
        ["destroy"],
        ["export"],
        ["outputs"],
        ["doctor"],
        ["sandbox"],
        ["sandbox", "run"],
        ["sandbox", "drift"],
        ["sandbox", "rm"],
    ],
)
def test_help_has_examples_and_exit_codes_at_every_level(project: Project, words: list[str]) -> None:
    answer = project.run(*words, "--help")
    assert answer.status == 0
    assert "examples:\n  blueprints" in answer.out
    assert "exit codes: 0 done, 1 failed, 2 bad input" in answer.out
    assert answer.err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["prewiew"], "invalid choice: 'prewiew'"),
        (["up"], "the following arguments are required: STACK"),
        (["up", "shop-dev", "--nonsense"], "unrecognized arguments: --nonsense"),
        (["sandbox"], "the following arguments are required: ACTION"),
        (["up", "shop-dve"], "there is no stack 'shop-dve'"),
        (["up", "shop-dve"], "stacks: shop-dev, shop-prod\n    fix: did you mean `shop-dev`?"),
        (["outputs", "shop-dev"], "shop-dev has not been brought up in the sandbox\n    fix: blueprints up shop-dev"),
        (["up", "shop-dev", "--fail-on", "server:explode"], "--fail-on: `explode` in `server:explode` is no operation"),
        (["sandbox", "run", "--", "login"], "pulumi login is refused in the sandbox"),
        (["sandbox", "run", "--env", "GITHUB_TOKEN=x", "--", "preview"], "--env: GITHUB_TOKEN is not let into"),
        (["sandbox", "drift", "server", "size"], "'size' must be PATH=VALUE"),
        (["sandbox", "drift", "server", "size=1"], "no resource in this project's sandbox has the name 'server'"),
        (["sandbox", "rm", "urn:pulumi:a::b::c:d:E::f"], "the simulated account is empty"),
        (["up", "shop-dev", "--cwd", "/nowhere"], "no Pulumi project here: /nowhere"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_do(project: Project, words: list[str], said: str) -> None:
    project.write(PROJECT)
    answer = project.run(*words)
    assert answer.status == 2
    assert said in answer.err
    assert "Traceback" not in answer.text
    assert answer.out == ""
    assert project.changed_files() == ""


def test_a_wrong_setting_is_told_before_an_engine_is_looked_for(project: Project) -> None:
    settings = "config:\n  aws:region: eu-central-1\n  blueprints:blueprint: SingleSever\n"
    project.write({**PROJECT, "stacks/Pulumi.shop-dev.yaml": settings})
    answer = project.run("up", "shop-dev", PATH="/usr/bin:/bin", HOME="/nowhere")
    assert answer.status == 2
    assert answer.err.splitlines()[0] == BANNER
    assert "1 setting is wrong in the stack's config; nothing was created" in answer.err
    assert "did you mean `SingleServer`?" in answer.err
    assert "Traceback" not in answer.text


def test_list_shows_stacks_and_what_is_up(project: Project) -> None:
    project.write(PROJECT)
    assert project.run("list", "--json").json() == {
        "stacks": [
            {
                "stack": "shop-dev",
                "blueprint": "SingleServer",
                "environment": "dev",
                "region": "eu-central-1",
                "sandbox": "not up",
            },
            {"stack": "shop-prod", "blueprint": "", "environment": "", "region": "eu-west-1", "sandbox": "not up"},
        ],
        "blueprints": ["SingleServer"],
    }
    answer = project.run("list")
    assert answer.out.splitlines()[1].split() == ["shop-dev", "SingleServer", "dev", "eu-central-1", "not", "up"]
    assert not (project.folder / ".blueprints").exists()


def test_output_to_a_file_is_never_coloured(project: Project) -> None:
    project.write(PROJECT)
    answer = project.run("up", "shop-dve", FORCE_COLOR="1", TERM="xterm-256color")
    assert "\033[" not in answer.text


def test_doctor_answers_for_people_and_programs(project: Project) -> None:
    answer = project.run("doctor", "--json")
    assert answer.status in {0, 1}
    findings = json.loads(answer.out)
    assert {"name", "status", "fix"} <= findings[0].keys()
    assert {finding["status"] for finding in findings} <= {"ok", "warn", "missing"}
    assert (answer.status == 1) == any(finding["status"] == "missing" for finding in findings)
    assert findings[0]["name"] in project.run("doctor").out
