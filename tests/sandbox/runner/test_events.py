"""The engine's event stream becomes a report: counts, findings once each, outputs without secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blueprints.sandbox.events import Finding, Reader, Report, Step

URN = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::"
STACK = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}


class Stream:
    """A reader that is fed with events as the engine writes them."""

    def __init__(self) -> None:
        self.watched: list[Step | Finding | None] = []
        self.reader = Reader(lambda _, what: self.watched.append(what))
        self.sequence = 0

    @property
    def report(self) -> Report:
        return self.reader.report

    def event(self, **event: Any) -> Stream:
        self.reader.line(json.dumps({"sequence": self.sequence, "timestamp": 1, **event}))
        self.sequence += 1
        return self

    def step(self, operation: str, name: str, *, planning: bool = False, custom: bool = True, **outcome: Any) -> Stream:
        metadata = {
            "op": operation,
            "urn": URN + name,
            "type": "aws:s3/bucket:Bucket",
            "old": None,
            "new": {"custom": custom},
        }
        self.event(resourcePreEvent={"metadata": metadata, "planning": planning})
        kind = outcome.get("kind", "resOutputsEvent")
        return self.event(**{kind: {"metadata": metadata, "planning": planning}})

    def diagnostic(self, severity: str, message: str, **more: Any) -> Stream:
        return self.event(diagnosticEvent={"severity": severity, "message": message, "color": "never", **more})


def test_resources_are_counted_by_what_was_done_and_components_are_not() -> None:
    stream = Stream()
    stream.step("create", "a").step("create", "b").step("update", "c").step("same", "d").step(
        "create", "e", custom=False
    )
    assert stream.report.changes == {"create": 2, "update": 1}
    assert stream.report.unchanged == 1


def test_the_steps_of_a_replacement_are_one_replacement() -> None:
    stream = Stream()
    stream.step("create-replacement", "a").step("replace", "a").step("delete-replaced", "a").step("delete", "b")
    assert stream.report.changes == {"replace": 1, "delete": 1}


def test_a_preview_before_an_update_gives_the_number_to_expect_and_is_not_counted_twice() -> None:
    stream = Stream()
    stream.event(preludeEvent={"config": {}}).step("create", "a", planning=True).step("create", "b", planning=True)
    stream.event(summaryEvent={"isPreview": True, "durationSeconds": 1, "result": "succeeded"})
    assert (stream.report.planned, stream.report.applied) == (2, False)
    stream.event(preludeEvent={"config": {}}).step("create", "a")
    assert (stream.report.changes, stream.report.planned, stream.report.done) == ({"create": 1}, 2, 1)
    stream.event(summaryEvent={"isPreview": False, "durationSeconds": 2, "result": "failed"})
    assert (stream.report.applied, stream.report.result, stream.report.seconds) == (True, "failed", 3)


def test_a_failed_operation_is_told_apart() -> None:
    stream = Stream().step("create", "a", kind="resOpFailedEvent")
    assert [(step.name, step.failed) for step in stream.report.failed] == [("a", True)]
    assert stream.report.running == {}


def test_findings_are_kept_once_without_colours_and_without_the_engines_echo() -> None:
    stream = Stream()
    for _ in range(2):
        stream.diagnostic("error", "<{%reset%}>no such size<{%reset%}>\n", urn=URN + "a")
    stream.diagnostic("error", "update failed")
    stream.diagnostic("error", "resource monitor shut down while waiting on step's done channel")
    stream.diagnostic("warning", "sandbox: open enum [S3.1; docs]").diagnostic("debug", "registering")
    stream.diagnostic("error", "gone in a moment", ephemeral=True).diagnostic("info#err", "printed by the program")
    assert stream.report.findings == [
        Finding("error", "no such size", URN + "a"),
        Finding("warning", "sandbox: open enum [S3.1; docs]"),
    ]
    assert [finding.severity for finding in stream.report.errors] == ["error"]
    assert stream.report.printed == ["printed by the program"]


@pytest.mark.parametrize(("level", "severity"), [("mandatory", "error"), ("advisory", "warning")])
def test_policy_violations_are_findings(level: str, severity: str) -> None:
    stream = Stream().event(
        policyEvent={"resourceUrn": URN + "a", "message": "no", "policyName": "p", "enforcementLevel": level}
    )
    assert [(finding.severity, finding.message) for finding in stream.report.findings] == [(severity, "[p] no")]


def test_outputs_of_the_stack_are_read_and_secrets_are_not() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
    outputs = {"url": "https://a", "password": secret, "deep": {"list": [secret, 1]}}
    stream = Stream().event(
        resOutputsEvent={"metadata": {**STACK, "op": "create", "old": None, "new": {"outputs": outputs}}}
    )
    assert stream.report.outputs == {
        "url": "https://a",
        "password": "[secret]",
        "deep": {"list": ["[secret]", 1]},
    }


def test_lines_that_are_no_events_are_kept_for_the_person() -> None:
    stream = Stream()
    for text in ("error: no stack", "", '{"a": 1}', "[1]"):
        stream.reader.line(text)
    assert stream.reader.other == ["error: no stack", '{"a": 1}', "[1]"]
