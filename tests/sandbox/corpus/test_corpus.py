"""Proves that the run of public programs tells a refusal with a named reason from a false alarm, and reports it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tools.corpus.copies import NoCopyError, prepare, take
from tools.corpus.manifest import Program, Repository, load
from tools.corpus.outcome import Outcome, of_failure
from tools.corpus.report import Row, render

COMMIT = "0" * 40
PYTHON_ERROR = """Diagnostics:
  pulumi:pulumi:Stack (a-dev):
    error: Program failed with an unhandled exception:
    Traceback (most recent call last):
      File "/somewhere/else/__main__.py", line 3, in <module>
    {error}
"""


@pytest.mark.parametrize(
    ("text", "kind", "detail"),
    [
        (
            "error: aws:rds/instance:Instance resource 'db' has a problem: port: 0 [range; botocore 1.2]",
            "false alarm",
            "up: error: aws:rds/instance:Instance resource 'db' has a problem: port: 0 [range; botocore 1.2]",
        ),
        ("error: the package `gcp` is not simulated", "limit", "error: the package `gcp` is not simulated"),
        (
            PYTHON_ERROR.format(error="AttributeError: module 'pulumi_aws' has no attribute 'get_ami'"),
            "program error",
            "does not fit the installed SDK: AttributeError: module 'pulumi_aws' has no attribute 'get_ami'",
        ),
        (
            PYTHON_ERROR.format(error="FileNotFoundError: [Errno 2] No such file: '/a/b/key.pub'"),
            "program error",
            "its own: FileNotFoundError: [Errno 2] No such file: '.../key.pub'",
        ),
        # A lookup that the sandbox fails reaches the program as an exception; it is no mistake of the program.
        (
            PYTHON_ERROR.format(error="Exception: invoke of aws:x/y:y failed: unexpected"),
            "false alarm",
            "up: Program failed with an unhandled exception:",
        ),
        (
            "error: a fault in the sandbox itself, not in the program (check: KeyError)",
            "crash",
            "up: a fault in the sandbox itself, not in the program (check: KeyError)",
        ),
        # A warning is no refusal, so it must not be taken for the reason of one.
        (
            "warning: sandbox: no such runtime [enum; lint 1]\nerror: something else",
            "false alarm",
            "up: something else",
        ),
    ],
)
def test_verdict_on_a_failed_step(text: str, kind: str, detail: str) -> None:
    assert of_failure("up", text, judged="") == Outcome(kind, detail)  # type: ignore[arg-type]


def test_a_refusal_that_was_judged_right_is_no_false_alarm() -> None:
    text = "error: runtime: python3.6 [enum; lint 1]"
    assert of_failure("up", text, judged="python3.6 cannot be created any more") == Outcome(
        "true finding", "up: python3.6 cannot be created any more"
    )


def test_the_page_counts_programs_and_names_each() -> None:
    rows = [
        Row("b/two", COMMIT, "infra", "2026-01-31", Outcome("ok", resources=3)),
        Row("a/one", COMMIT, ".", "2026-01-30", Outcome("limit", "the package `x|y` is not simulated")),
        Row("a/one", COMMIT, "old", "2026-01-31", Outcome("program error", "its own: KeyError")),
    ]
    page = render(rows, "v3.1")
    assert "Run from 2026-01-30 to 2026-01-31 with engine v3.1; pulumi " in page
    assert "**3 programs** from 2 repositories of 2 owners; **2 reached the engine**, 1 of them" in page
    assert page.splitlines()[-3:] == [
        "| a/one@000000000000:. | limit |  | the package `x\\|y` is not simulated |",
        "| a/one@000000000000:old | program error |  | its own: KeyError |",
        "| b/two@000000000000:infra | ok | 3 |  |",
    ]


@pytest.fixture
def copies(tmp_path: Path) -> tuple[Path, str]:
    """A folder of copies with one repository of one commit."""
    work = tmp_path / "copies" / "a+one"
    (work / "infra").mkdir(parents=True)
    (work / "infra" / "Pulumi.yaml").write_text("name: ${PROJECT}\nruntime: python\n")
    (work / "infra" / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n  p:key:\n    secure: v1:x\n")
    (work / "venv").mkdir()
    (work / "venv" / "large").write_text("x")
    (work / "run.sh").write_text("#!/bin/sh\n")
    (work / "run.sh").chmod(0o755)
    (work / "link").symlink_to("run.sh")
    git = ["git", "-C", str(work), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    return tmp_path / "copies", head


def test_a_program_is_taken_out_of_its_copy(copies: tuple[Path, str], tmp_path: Path) -> None:
    folder, head = copies
    target = tmp_path / "out"
    take(Repository(repository="a/one", commit=head, programs=[Program(path="infra")]), folder, target)
    assert sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()) == [
        "infra/Pulumi.dev.yaml",
        "infra/Pulumi.yaml",
        "link",
        "run.sh",
    ]
    assert (target / "link").resolve() == (target / "run.sh").resolve()
    assert (target / "run.sh").stat().st_mode & 0o111

    program = Program(path="infra", config={"size": 2}, account={"region": "eu-west-1"}, files={"k/key.pub": "k"})
    prepare(program, target / "infra", {"aws:region": "us-east-1"})
    assert (target / "infra" / "Pulumi.yaml").read_text() == "name: infra\nruntime: python\n"
    assert yaml.safe_load((target / "infra" / "Pulumi.dev.yaml").read_text()) == {
        "config": {"aws:region": "eu-west-1", "p:key": {"secure": "v1:x"}, "size": 2}
    }
    assert yaml.safe_load((target / "infra" / "sandbox.yaml").read_text()) == {"region": "eu-west-1"}
    assert (target / "infra" / "k" / "key.pub").read_text() == "k"


def test_a_missing_copy_or_commit_is_said(copies: tuple[Path, str], tmp_path: Path) -> None:
    folder, head = copies
    programs = [Program(path=".")]
    with pytest.raises(NoCopyError, match=f"the copy of a/one has no commit {COMMIT}"):
        take(Repository(repository="a/one", commit=COMMIT, programs=programs), folder, tmp_path / "out")
    with pytest.raises(NoCopyError, match="no copy of a/two under"):
        take(Repository(repository="a/two", commit=head, programs=programs), folder, tmp_path / "out")


def test_the_manifest_names_each_program_once_and_holds_no_unknown_field() -> None:
    manifest = load()
    names = [(item.repository, program.path) for item in manifest.repositories for program in item.programs]
    assert len(names) == len(set(names)) >= 50
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Program.model_validate({"path": ".", "confg": {}})
