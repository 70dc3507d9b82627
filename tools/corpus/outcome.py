"""What came of a program, read from what the engine printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["ok", "limit", "false alarm", "true finding", "program error", "crash", "timeout", "no copy"]

_FINDING = re.compile(r"\[(?P<rule>[a-z0-9][\w./:-]*); (?P<source>[^\]\n]+)\]")
_LIMITS = (
    re.compile(r"[^\n]*\b(?:is not simulated|does not simulate)\b[^\n]*"),
    re.compile(r"[^\n]*\bdynamic providers? (?:is|are) not run\b[^\n]*"),
    re.compile(r"[^\n]*\bremote components?\b[^\n]*"),
    re.compile(r"[^\n]*\bsandbox\.yaml\b[^\n]*"),
)
_RAISED = re.compile(r"^\s*(?:error: )?((?:[\w.]+)?(?:Error|Exception|Exit)\b[^\n]*)", re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last)"
_OWN_CODE = (
    "blueprints/sandbox/",
    "a fault in the sandbox itself",
    "This is *always* a bug in the provider",
)
_DOES_NOT_FIT = re.compile(
    r"(unexpected keyword argument|has no attribute|cannot import name|No module named 'pulumi|"
    r"Missing required property|Unexpected type; expected|Unexpected type\. Expected)"
)


@dataclass(frozen=True)
class Outcome:
    """The verdict on one program."""

    kind: Kind
    detail: str = ""
    """One line for the report."""
    resources: int | None = None
    """How many resources the state held after the update."""


def of_failure(step: str, text: str, judged: str) -> Outcome:
    """The verdict on a step that did not succeed. `text` is all that it printed."""
    errors = "\n".join(line for line in text.splitlines() if "sandbox: " not in line and "warning:" not in line)
    if any(mark in errors for mark in _OWN_CODE):
        return Outcome("crash", f"{step}: {_last_error(errors)}")
    for limit in _LIMITS:
        found = limit.search(errors)
        if found:
            return Outcome("limit", _one_line(found[0]))
    if "missing configuration value" in errors or "could not unmarshal" in errors:
        return Outcome("program error", f"its own: {_last_error(errors)}")
    finding = _FINDING.search(errors)
    if finding:
        line = next(line for line in errors.splitlines() if finding[0] in line)
        return Outcome("true finding" if judged else "false alarm", f"{step}: {judged or _one_line(line)}")
    if _TRACEBACK in errors or "error: Program failed" in errors or "error: Running program" in errors:
        last = _python_error(errors)
        reason = "does not fit the installed SDK" if _DOES_NOT_FIT.search(last) else "its own"
        if "invoke of " not in last:
            return Outcome("program error", f"{reason}: {last}")
    return Outcome("true finding" if judged else "false alarm", f"{step}: {judged or _last_error(errors)}")


def _python_error(text: str) -> str:
    """The exception that ended the program."""
    after = text[text.rfind(_TRACEBACK) :] if _TRACEBACK in text else text
    raised = re.findall(
        r"^\s*(?:error: )?((?:[\w.]+)?(?:Error|Exception|Exit)\b[^\n]*|assert[^\n]*)", after, re.MULTILINE
    )
    return _one_line(raised[-1] if raised else _last_error(after))


def _last_error(text: str) -> str:
    found = re.findall(r"error: ([^\n]+)", text)
    telling = [line for line in found if not re.search(r"update failed|preview failed|\d+ errors?$", line)]
    return _one_line(telling[0] if telling else (text.strip().splitlines() or ["nothing was printed"])[-1])


def _one_line(text: str) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"(?<![\w.])(?:/[\w.+@-]+){2,}/", ".../", text)  # folders of the machine that ran it
    return " ".join(text.split())[:300]
