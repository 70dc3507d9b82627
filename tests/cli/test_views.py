"""How runs are shown: the resource tree, what a preview would do, findings, and the status line."""

from __future__ import annotations

import io
import time

import pytest

from blueprints.cli import run_view, terminal, tree
from blueprints.sandbox.account.records import Remainder
from blueprints.sandbox.events import Finding, Report, Step
from blueprints.sandbox.operations import Result
from blueprints.sandbox.state import STACK_TYPE, Resource, StackState

STACK = f"urn:pulumi:dev::shop::{STACK_TYPE}::shop-dev"


def resource(kind: str, name: str, parent: str = STACK, *, custom: bool = True, **more: bool) -> Resource:
    return Resource(
        urn=f"urn:{name}",
        type=kind,
        name=name,
        parent=parent,
        id=name,
        custom=custom,
        protected=more.get("protected", False),
        retained=more.get("retained", False),
        inputs={},
        outputs={},
    )


def test_the_tree_is_grouped_by_component_and_counts_what_each_holds() -> None:
    state = StackState(
        (
            resource("shop:index:Shop", "web", custom=False),
            resource("shop:index:Data", "web-data", "urn:web", custom=False),
            resource("aws:s3/bucket:Bucket", "web-data-bucket", "urn:web-data", protected=True, retained=True),
            resource("aws:ec2/vpc:Vpc", "web-vpc", "urn:web"),
            resource("random:index/randomId:RandomId", "token"),
            *(resource("aws:s3/bucketObjectv2:BucketObjectv2", f"web-file-{i:02}", "urn:web") for i in range(11)),
        ),
        (),
    )
    assert list(tree.lines(state)) == [
        "web  shop.Shop (13)",
        "├─ data  shop.Data (1)",
        "│  └─ bucket  aws.s3.Bucket  protected, kept on destroy",
        "├─ 11 x aws.s3.BucketObjectv2",
        "└─ vpc      aws.ec2.Vpc",
        "token  random.RandomId",
    ]
    assert tree.count(state) == 14


@pytest.mark.parametrize(
    ("token", "short"),
    [
        ("aws:ec2/instance:Instance", "aws.ec2.Instance"),
        ("random:index/randomId:RandomId", "random.RandomId"),
        ("blueprints:index:SingleServer", "blueprints.SingleServer"),
        ("kubernetes:apps/v1:Deployment", "kubernetes.apps.Deployment"),
    ],
)
def test_types_are_written_as_people_say_them(token: str, short: str) -> None:
    assert tree.short_type(token) == short


def step(operation: str, name: str, *changed: str, forcing: tuple[str, ...] = ()) -> Step:
    return Step(
        operation,
        f"urn:pulumi:dev::shop::aws:s3/bucket:Bucket::{name}",
        "aws:s3/bucket:Bucket",
        True,
        False,
        changed,
        forcing,
    )


def test_a_preview_shows_destruction_first_and_many_of_a_kind_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [step("create", f"new-{i:02}") for i in range(12)]
    steps += [step("update", "kept", "tags.Owner"), step("create-replacement", "old", "bucket", forcing=("bucket",))]
    steps += [
        step("replace", "old", "bucket", forcing=("bucket",)),
        step("delete-replaced", "old"),
        step("delete", "gone"),
    ]
    report = Report(steps=steps, unchanged=3)
    run_view.show_steps(report)
    assert [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()] == [
        "- gone aws.s3.Bucket",
        "± old aws.s3.Bucket bucket (replaces)",
        "~ kept aws.s3.Bucket tags.Owner",
        "+ new-00 aws.s3.Bucket",
        "... and 11 more",
    ]
    assert run_view.changes_line(report, planned=True) == (
        "12 to create, 1 to update, 1 to replace, 1 to delete, 3 unchanged"
    )
    assert run_view.changes_line(Report(unchanged=3), planned=False) == "no changes, 3 unchanged"
    taken_down = Report(steps=[step("delete", f"gone-{number}") for number in range(9)])
    assert run_view.changes_line(taken_down, planned=False, retained=4) == "5 deleted, 4 kept"


def test_findings_come_once_with_the_resource_and_errors_last(capsys: pytest.CaptureFixture[str]) -> None:
    urn = "urn:pulumi:dev::shop::shop:index:Shop$aws:s3/bucket:Bucket::logs"
    report = Report(
        findings=[
            Finding("error", "no such size\nsecond line", urn),
            Finding("warning", "sandbox: open enum [S3; docs]", urn),
            Finding("error", "no such size\nsecond line", urn),
        ],
        printed=["from the program"],
    )
    said = ["error: no such size\nsecond line", "something else", "error: update failed"]
    run_view.show_findings(Result(1, report, said, ["cleared a lock"]))
    assert capsys.readouterr().err.splitlines() == [
        "note cleared a lock",
        "from the program",
        "warning logs (aws.s3.Bucket): open enum [S3; docs]",
        "error logs (aws.s3.Bucket): no such size",
        "    second line",
        "something else",
    ]


def test_what_is_kept_is_listed_whole_under_what_it_means(capsys: pytest.CaptureFixture[str]) -> None:
    def item(kind: str, name: str, note: str) -> Remainder:
        return Remainder(
            kind, f"{name}-1", f"urn:pulumi:dev::shop::aws:s3/bucket:Bucket::{name}", "aws:s3/bucket:Bucket", note
        )

    run_view.show_kept(
        [item("final snapshot", "data", "as it was"), *(item("retained", f"b{i}", "exists") for i in range(2))]
    )
    assert capsys.readouterr().out.splitlines() == [
        "  1 x final snapshot: as it was",
        "    data  aws.s3.Bucket  data-1",
        "  2 x retained: exists",
        "    b0  aws.s3.Bucket  b0-1",
        "    b1  aws.s3.Bucket  b1-1",
    ]


class Screen(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("is_terminal", "no_color", "term", "expected"),
    [(True, "", "xterm", True), (False, "", "xterm", False), (True, "1", "xterm", False), (True, "", "dumb", False)],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, no_color: str, term: str, expected: bool
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert ("\033[" in terminal.paint("x", "red", Screen(terminal=is_terminal))) is expected


def test_what_is_over_at_once_shows_no_progress() -> None:
    screen = Screen(terminal=False)
    with terminal.Status("working", screen):
        time.sleep(0.2)
    assert screen.getvalue() == ""


def test_a_terminal_is_redrawn_and_left_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen(terminal=True)
    with terminal.Status("working", screen) as status:
        time.sleep(1.4)
        status.line("a line that stays")
    text = screen.getvalue()
    assert "working" in text
    assert "a line that stays\n" in text
    assert text.endswith(("\r\033[2K", "a line that stays\n"))
    assert "\n" not in text.replace("a line that stays\n", "")


def test_without_a_terminal_progress_is_whole_lines() -> None:
    screen = Screen(terminal=False)
    with terminal.Status("working", screen):
        time.sleep(1.4)
    assert screen.getvalue() == "  working  1 s\n"
