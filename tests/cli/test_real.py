"""`--real`: says first what it acts on, refuses what the sandbox made, and passes the rest to the user's own pulumi."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from projects import Answer, Project

PULUMI = """#!{python}
import json, os, sys
words = sys.argv[1:]
with open({log!r}, "a") as log:
    log.write(" ".join(words) + "\\n")
if words[0] == "whoami":
    print(json.dumps({{"user": "me", "url": {backend!r}}}))
elif words[:2] == ["stack", "export"]:
    if {state!r} == "none":
        sys.exit("error: no stack named 'prod' found")
    if {state!r} == "unreadable":
        sys.exit("error: access denied")
    print({state!r})
elif {locked!r} == "locked":
    sys.exit("error: the stack is currently locked by 1 lock(s). ... (pid 12)")
else:
    print("pulumi", *words)
    sys.exit(3)
"""


class Real:
    """A project whose PATH holds a pulumi that writes down what it is asked."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        self.bin_dir = folder / "bin"
        self.log = folder / "calls"
        self.config = "aws:region: eu-west-1\n  aws:allowedAccountIds: ['111122223333']"
        self.backend = "s3://team-state"
        self.state = "none"
        self.locked = ""

    def run(self, *words: str, **variables: str) -> Answer:
        self.bin_dir.mkdir(exist_ok=True)
        program = self.bin_dir / "pulumi"
        program.write_text(
            PULUMI.format(
                python=sys.executable, log=str(self.log), backend=self.backend, state=self.state, locked=self.locked
            )
        )
        program.chmod(0o755)
        self.project.write(
            {
                "Pulumi.yaml": "name: shop\nruntime: python\n",
                "__main__.py": "",
                "Pulumi.prod.yaml": f"config:\n  {self.config}\n",
            }
        )
        return self.project.run(*words, PATH=f"{self.bin_dir}:/usr/bin:/bin", **variables)

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def real(project: Project, tmp_path: Path) -> Real:
    return Real(project, tmp_path)


def test_the_first_line_says_what_it_acts_on_and_the_exit_code_is_pulumis(real: Real) -> None:
    answer = real.run("preview", "prod", "--real", "--diff")
    assert answer.err.splitlines()[0] == "REAL account 111122223333 region eu-west-1 backend s3://team-state"
    assert answer.out == "pulumi preview --stack prod --diff\n"
    assert answer.status == 3
    assert not (real.project.folder / ".blueprints").exists()


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (["up", "prod", "--real"], "up --stack prod"),
        (["up", "prod", "--real", "--yes", "--json"], "up --stack prod --yes --json"),
        (
            ["preview", "prod", "--real", "--json", "--expect-no-changes"],
            "preview --stack prod --json --expect-no-changes",
        ),
        (["export", "prod", "--real"], "stack export --stack prod"),
        (["outputs", "prod", "--real", "--json"], "stack output --stack prod --json"),
        (["destroy", "prod", "--real", "--confirm", "prod"], "destroy --stack prod --yes"),
    ],
)
def test_verbs_are_the_users_own_pulumi(real: Real, words: list[str], call: str) -> None:
    real.run(*words)
    assert real.calls[-1] == call


def test_what_nothing_says_is_called_unknown(real: Real) -> None:
    real.config = "shop:a: b"
    answer = real.run("preview", "prod", "--real")
    assert answer.err.splitlines()[0] == (
        "REAL account unknown (aws:allowedAccountIds is not set) region unknown backend s3://team-state"
    )


@pytest.mark.parametrize("typed", [[], ["--confirm", "pord"]])
def test_destroy_needs_the_name_typed_once_more(real: Real, typed: list[str]) -> None:
    answer = real.run("destroy", "prod", "--real", *typed)
    assert answer.status == 2
    assert "needs the stack's name typed once more" in answer.err
    assert not any(call.startswith("destroy") for call in real.calls)


def test_account_000000000000_in_the_settings_is_refused(real: Real) -> None:
    real.config = "aws:region: eu-west-1\n  shop:role: arn:aws:iam::000000000000:role/deploy"
    answer = real.run("up", "prod", "--real")
    assert answer.status == 2
    assert "Pulumi.prod.yaml: shop:role holds account 000000000000, which only the sandbox has" in answer.err
    assert not any(call.startswith("up") for call in real.calls)


def test_account_000000000000_in_the_state_is_refused(real: Real) -> None:
    real.state = json.dumps({"deployment": {"resources": [{"id": "arn:aws:s3:::000000000000"}]}})
    answer = real.run("up", "prod", "--real")
    assert answer.status == 2
    assert "the state of prod holds account 000000000000" in answer.err
    assert not any(call.startswith("up") for call in real.calls)


def test_a_state_that_cannot_be_read_is_not_acted_on(real: Real) -> None:
    real.state = "unreadable"
    answer = real.run("up", "prod", "--real")
    assert answer.status == 1
    assert "the state of prod cannot be read, so nothing is done: access denied" in answer.err
    assert not any(call.startswith("up") for call in real.calls)


def test_the_sandboxs_own_state_is_refused(real: Real) -> None:
    real.backend = f"file://{real.project.folder}/.blueprints/.pulumi/state"
    answer = real.run("up", "prod", "--real")
    assert answer.status == 2
    assert "is a sandbox's own state; its resources exist nowhere" in answer.err


def test_a_shell_with_leaked_sandbox_variables_is_refused(real: Real) -> None:
    answer = real.run("up", "prod", "--real", BLUEPRINTS_SANDBOX_TOKEN="abc")
    assert answer.status == 2
    assert "this shell holds variables of a sandbox run: BLUEPRINTS_SANDBOX_TOKEN" in answer.err


def test_options_of_the_sandbox_are_refused(real: Real) -> None:
    answer = real.run("up", "prod", "--real", "--fail-on", "x")
    assert answer.status == 2
    assert "--fail-on and --unprotect are for the sandbox" in answer.err


def test_a_lock_on_a_real_backend_gets_advice_and_nothing_else(real: Real) -> None:
    real.locked = "locked"
    answer = real.run("up", "prod", "--real")
    assert answer.status == 1
    assert "pulumi cancel --stack prod" in answer.err
    assert real.calls[-1] == "up --stack prod"


def test_without_a_pulumi_of_ones_own_there_is_no_real_run(project: Project) -> None:
    project.write({"Pulumi.yaml": "name: shop\nruntime: python\n", "Pulumi.prod.yaml": "{}", "__main__.py": ""})
    answer = project.run("up", "prod", "--real", PATH=str(Path(sys.executable).parent))
    assert answer.status == 1
    assert "--real needs your own pulumi on PATH" in answer.err
