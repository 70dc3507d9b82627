"""`python -m tools.corpus --copies FOLDER`: runs every program of the manifest and writes the report."""

from __future__ import annotations

import argparse
import datetime
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.corpus.copies import NoCopyError, prepare, take
from tools.corpus.life import live
from tools.corpus.manifest import MANIFEST, Program, Repository, load
from tools.corpus.outcome import Outcome
from tools.corpus.report import Row, render

_REPORT = Path(__file__).parents[2] / "docs" / "public-programs.md"
_OUTCOME = "outcome.json"


@dataclass(frozen=True)
class _Run:
    copies: Path
    scratch: Path
    defaults: dict[str, Any]
    seconds: int

    def place(self, repository: Repository, program: Program) -> Path:
        """The folder of one program: its files, what it printed, what came of it."""
        return self.scratch / _name(repository, program).replace("/", "+").replace(":", "+")

    def last(self, repository: Repository, program: Program) -> Row | None:
        """What came of a program when it was last run in this scratch folder."""
        file = self.place(repository, program) / _OUTCOME
        if not file.exists():
            return None
        saved: dict[str, Any] = json.loads(file.read_text())
        date = saved.pop("date")
        return Row(repository.repository, repository.commit, program.path, date, Outcome(**saved))

    def save(self, repository: Repository, program: Program, outcome: Outcome) -> None:
        """Keeps what came of a program for the page."""
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        folder = self.place(repository, program)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _OUTCOME).write_text(json.dumps({"date": today, **asdict(outcome)}))

    def one(self, repository: Repository, program: Program) -> Outcome:
        """Takes a program out of its copy, runs it, and keeps what it printed beside it as log.txt."""
        place = self.place(repository, program)
        shutil.rmtree(place, ignore_errors=True)
        tree = place / repository.repository.partition("/")[2]
        try:
            take(repository, self.copies, tree)
        except NoCopyError as missing:
            return Outcome("no copy", str(missing).splitlines()[0])
        folder = tree / program.path
        prepare(program, folder, self.defaults)
        return live(program, folder, place / "log.txt", self.seconds)


def main(arguments: list[str]) -> int:
    """0 when nothing was refused without a named reason, 1 otherwise."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.corpus.run", description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("--copies", type=Path, required=True, help="folder with a clone OWNER+NAME of each repository")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="programs whose name has this text")
    parser.add_argument("--scratch", type=Path, help="folder for the programs and their logs; default a temporary one")
    parser.add_argument("--seconds", type=int, default=300, help="the longest that a step may take; default 300")
    parser.add_argument(
        "--report",
        type=Path,
        default=_REPORT,
        help="the page, written once every program was run in this scratch folder",
    )
    options = parser.parse_args(arguments)
    scratch = options.scratch or Path(tempfile.mkdtemp(prefix="corpus-"))
    manifest = load(MANIFEST)
    run = _Run(options.copies, scratch, manifest.config, options.seconds)
    worst = 0
    for repository, program in _chosen(manifest.repositories, options.only):
        started = time.monotonic()
        outcome = run.one(repository, program)
        run.save(repository, program, outcome)
        worst = max(worst, outcome.kind in {"false alarm", "crash", "timeout"})
        took = time.monotonic() - started
        print(f"{took:5.0f} s  {outcome.kind:13}  {_name(repository, program)}  {outcome.detail}", flush=True)
    rows = [run.last(repository, program) for repository, program in _chosen(manifest.repositories, [])]
    known = [row for row in rows if row is not None]
    if len(known) == len(rows):
        options.report.write_text(render(known, _engine_version()))
        print(f"page: {options.report}")
    print(f"logs: {scratch}")
    return worst


def _chosen(repositories: list[Repository], only: list[str]) -> Iterator[tuple[Repository, Program]]:
    for repository in repositories:
        for program in repository.programs:
            if not only or any(text in _name(repository, program) for text in only):
                yield repository, program


def _name(repository: Repository, program: Program) -> str:
    return f"{repository.repository}:{program.path}"


def _engine_version() -> str:
    command = [str(Path(sys.executable).with_name("blueprints")), "doctor", "--json"]
    findings = json.loads(subprocess.run(command, capture_output=True, check=False, text=True).stdout)
    items = findings if isinstance(findings, list) else findings.get("findings", [])
    found = next((str(item.get("found")) for item in items if "engine" in str(item.get("name", "")).lower()), "unknown")
    return found.partition(" ")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
