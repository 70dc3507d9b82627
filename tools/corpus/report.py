"""Writes docs/public-programs.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tools.corpus.outcome import Kind, Outcome

_MEANING: dict[Kind, str] = {
    "ok": "up, an empty second preview, and destroy succeeded",
    "limit": "refused by a limit that the sandbox names",
    "true finding": "refused, or changed in a second preview, by the program's own mistake; the reason was looked up",
    "false alarm": "refused, or changed in a second preview, with no reason that was found right",
    "program error": "the program itself ended with a Python error before the engine could do its part",
    "crash": "a fault of the sandbox",
    "timeout": "a step took too long",
    "no copy": "no copy of the repository was at hand",
}
_PACKAGES = (
    *("pulumi", "pulumi-aws", "pulumi-kubernetes", "pulumi-docker"),
    *("pulumi-random", "pulumi-tls", "pulumi-command"),
)
_HEADER = """# Public programs in the sandbox

Programs that nobody here wrote, brought up in the sandbox to find what it refuses and should not. Each was run with
`blueprints sandbox run --` `up --yes`, then `preview --expect-no-changes`, then `destroy --yes`, against the SDK
versions below. None of their code is in this repository: `tools/corpus/programs.yaml` names repository, commit and
folder, and holds the invented values that stand for what an author would configure (settings, the answer of a lookup,
a key file that was never committed).

To run it again, clone the repositories into one folder as `OWNER+NAME`, at the commits named there, and type
`.venv/bin/python -m tools.corpus.run --copies FOLDER` (`--only TEXT` for some of them; `--help` says the rest).
"""


@dataclass(frozen=True)
class Row:
    """One program and what came of it."""

    repository: str
    commit: str
    path: str
    date: str
    """Day of the run, ISO 8601."""
    outcome: Outcome


def render(rows: Sequence[Row], engine: str) -> str:
    """The whole page."""
    counts = Counter(row.outcome.kind for row in rows)
    reached = sum(counts[kind] for kind in ("ok", "limit", "true finding", "false alarm", "crash", "timeout"))
    owners = {row.repository.partition("/")[0] for row in rows}
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    days = sorted({row.date for row in rows})
    when = f"on {days[0]}" if len(days) == 1 else f"from {days[0]} to {days[-1]}"
    lines = [
        _HEADER,
        f"Run {when} with engine {engine}; {packages}.",
        "",
        f"**{len(rows)} programs** from {len({row.repository for row in rows})} repositories of {len(owners)} owners; "
        f"**{reached} reached the engine**, {counts['ok']} of them lived their whole life, "
        f"**{counts['false alarm']} false alarms**.",
        "",
        "| outcome | programs | meaning |",
        "|---|---:|---|",
        *(f"| {kind} | {counts[kind]} | {meaning} |" for kind, meaning in _MEANING.items() if counts[kind]),
        f"| **all** | **{len(rows)}** | |",
        "",
        "| repository@commit:path | outcome | resources | detail |",
        "|---|---|---:|---|",
        *(_line(row) for row in sorted(rows, key=lambda row: (row.repository.lower(), row.path))),
        "",
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    resources = "" if row.outcome.resources is None else str(row.outcome.resources)
    detail = row.outcome.detail.replace("|", "\\|").replace("<", "&lt;")
    return f"| {row.repository}@{row.commit[:12]}:{row.path} | {row.outcome.kind} | {resources} | {detail} |"
