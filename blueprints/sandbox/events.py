"""The engine's event stream as a report: what was done, what failed and why, what the checks found."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from blueprints.sandbox.state import STACK_TYPE

_COLOUR_TAG = re.compile(r"<\{%[^%]*%\}>")
# The engine's mark of a secret inside the outputs of an event.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_ENDED = "an unhandled error occurred: program exited with non-zero exit code"
SECRET = "[secret]"  # noqa: S105 - what is shown in its place
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine's events hold for a value that is not known yet."""
# What a launcher of a refused package says; the engine wraps it in advice to the authors of plugins.
_REFUSAL = re.compile(r"blueprints sandbox: (.+)")
# What follows from an error that the engine has named before.
_NOISE = re.compile(
    r"(update|preview|destroy|import|refresh) failed$|resource monitor shut down while waiting"
    r"|could not read plugin \[[^]]*/\.blueprints/"
)

REPLACING = {"replace", "create-replacement", "delete-replaced"}
"""Operations that are parts of a replacement."""
_QUIET = {"same", "read", "read-replacement", "read-discard", "discard-replaced", "remove-pending-replace", "refresh"}

Outcome = Literal["succeeded", "failed", "canceled"]


@dataclass(frozen=True)
class Finding:
    """One warning or error, about one resource or the whole run."""

    severity: Literal["warning", "error"]
    message: str
    urn: str = ""


@dataclass(frozen=True)
class Step:
    """One operation on one resource."""

    operation: str
    urn: str
    type: str
    real: bool
    """Whether the resource exists in the account: components and providers do not, and no person counts them."""
    failed: bool = False
    changed: tuple[str, ...] = ()
    """Paths of the properties that differ."""
    forcing: tuple[str, ...] = ()
    """Those of them that make it a replacement."""

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rpartition("::")[2]


@dataclass
class Report:
    """What one engine run came to; filled as its events arrive."""

    unchanged: int = 0
    """Number of resources that stay as they are."""
    planned: int = 0
    """Number of operations that the preview of this run foresaw."""
    done: int = 0
    running: dict[str, Step] = field(default_factory=dict[str, Step])
    failed: list[Step] = field(default_factory=list[Step])
    findings: list[Finding] = field(default_factory=list[Finding])
    printed: list[str] = field(default_factory=list[str])
    """What the program printed."""
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    steps: list[Step] = field(default_factory=list[Step])
    """Operations of the last phase that change something, in order."""
    planning: bool = True
    applied: bool = False
    """Whether the run got past its preview: from there on, something may have been changed."""
    result: Outcome | None = None
    seconds: int = 0

    @property
    def changes(self) -> Counter[str]:
        """Number of resources by what was done, or would be; neither components nor the stack are counted."""
        replaced = {step.urn for step in self.steps if step.operation in REPLACING}
        counted = {(step.urn, "replace" if step.urn in replaced else step.operation) for step in self.steps}
        return Counter(operation for _, operation in counted)

    @property
    def errors(self) -> list[Finding]:
        """The errors among the findings; that the program ended with an error is one only where no other says why."""
        found = [finding for finding in self.findings if finding.severity == "error"]
        return [finding for finding in found if not finding.message.startswith(_ENDED)] or found

    @property
    def warnings(self) -> list[Finding]:
        """The warnings among the findings."""
        return [finding for finding in self.findings if finding.severity == "warning"]


class Reader:
    """Turns lines of the engine's event stream into a report, and tells `watch` of each step and finding."""

    def __init__(self, watch: Callable[[Report, Step | Finding | None], None]) -> None:
        self.report = Report()
        self.other: list[str] = []
        """Lines that are no events."""
        self._watch = watch

    def line(self, text: str) -> None:
        """Takes the next line."""
        try:
            event = json.loads(text)
        except ValueError:
            event = None
        if isinstance(event, dict) and "sequence" in event:
            self._event(cast("dict[str, Any]", event))
        elif text.strip():
            self.other.append(text)

    def _event(self, event: dict[str, Any]) -> None:
        if "diagnosticEvent" in event:
            self._diagnostic(event["diagnosticEvent"])
        elif "policyEvent" in event:
            self._policy(event["policyEvent"])
        elif "resourcePreEvent" in event:
            self._step(event["resourcePreEvent"], done=False)
        elif "resOutputsEvent" in event:
            self._step(event["resOutputsEvent"], done=True)
        elif "resOpFailedEvent" in event:
            self._step(event["resOpFailedEvent"], done=True, failed=True)
        elif "preludeEvent" in event:
            self._begin()
        elif "summaryEvent" in event:
            self._summary(event["summaryEvent"])

    def _begin(self) -> None:
        """A phase begins: the preview of a run, or the run itself; a person is shown the findings of both once."""
        report = self.report
        report.running.clear()
        report.done = 0
        report.steps = []
        report.unchanged = 0
        self._watch(report, None)

    def _step(self, event: dict[str, Any], *, done: bool, failed: bool = False) -> None:
        metadata = event["metadata"]
        state = cast("dict[str, Any]", metadata.get("new") or metadata.get("old") or {})
        real = bool(state.get("custom")) and not metadata["type"].startswith("pulumi:providers:")
        changed = tuple(sorted(metadata.get("detailedDiff") or metadata.get("diffs") or ()))
        kinds = cast("dict[str, dict[str, Any]]", metadata.get("detailedDiff") or {})
        keys = metadata.get("keys") or ()
        forcing = (
            tuple(path for path in changed if kinds.get(path, {}).get("diffKind", "").endswith("-replace")) or keys
        )
        step = Step(metadata["op"], metadata["urn"], metadata["type"], real, failed, changed, forcing)
        report = self.report
        report.planning = bool(event.get("planning"))
        if step.type == STACK_TYPE:
            if done and metadata.get("new"):
                outputs = cast("dict[str, Any]", metadata["new"].get("outputs") or {})
                report.outputs = {key: plain(value) for key, value in outputs.items()}
            return
        if step.operation in _QUIET:
            report.unchanged += step.operation == "same" and done and step.real
        elif not step.real:
            return
        elif not done:
            report.running[step.urn] = step
        else:
            report.running.pop(step.urn, None)
            report.done += 1
            (report.failed if failed else report.steps).append(step)
        self._watch(report, step)

    def _diagnostic(self, event: dict[str, Any]) -> None:
        severity = event["severity"]
        message = _COLOUR_TAG.sub("", event["message"]).strip()
        refusal = _REFUSAL.search(message)
        if event.get("ephemeral") or not message:
            return
        if refusal:
            self._found(Finding("error", refusal[1]))
        elif severity in {"info", "info#err"}:
            # The preview and the update of one run print the same.
            if message not in self.report.printed:
                self.report.printed.append(message)
        elif severity in {"warning", "error"} and not _NOISE.match(message):
            self._found(Finding(severity, message, event.get("urn", "")))

    def _found(self, finding: Finding) -> None:
        if finding not in self.report.findings:
            self.report.findings.append(finding)
            self._watch(self.report, finding)

    def _policy(self, event: dict[str, Any]) -> None:
        severity = "error" if event["enforcementLevel"] == "mandatory" else "warning"
        message = f"[{event['policyName']}] {_COLOUR_TAG.sub('', event['message']).strip()}"
        self._found(Finding(severity, message, event.get("resourceUrn", "")))

    def _summary(self, event: dict[str, Any]) -> None:
        report = self.report
        report.seconds += int(event.get("durationSeconds") or 0)
        report.result = event.get("result")
        if event.get("isPreview"):
            report.planned = report.done
            report.planning = False
        else:
            report.applied = True


def plain(value: Any) -> Any:
    """An output as a person reads it: a secret is `[secret]`, and what the engine marks otherwise is left as it is."""
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        return SECRET if _SIGNATURE in mapping else {key: plain(item) for key, item in mapping.items()}
    if isinstance(value, list):
        return [plain(item) for item in cast("list[Any]", value)]
    return value
