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


@dataclass(frozen=True)
class _Run:
    copies: Path
    scratch: Path
    defaults: dict[str, Any]
    seconds: int

    def one(self, repository: Repository, program: Program) -> Outcome:
        """Takes a program out of its copy, runs it, and keeps what it printed beside it as log.txt."""
        place = self.scratch / _name(repository, program).replace("/", "+").replace(":", "+")
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
    parser = argparse.ArgumentParser(prog="python -m tools.corpus.run", description=__doc__)
    parser.add_argument("--copies", type=Path, required=True, help="folder with a clone OWNER+NAME of each repository")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="programs whose name has this text")
    parser.add_argument("--scratch", type=Path, help="folder for the programs and their logs; default a temporary one")
    parser.add_argument("--seconds", type=int, default=300, help="the longest that a step may take; default 300")
    parser.add_argument("--report", type=Path, default=_REPORT, help="the page to write when --only is not given")
    options = parser.parse_args(arguments)
    scratch = options.scratch or Path(tempfile.mkdtemp(prefix="corpus-"))
    manifest = load(MANIFEST)
    run = _Run(options.copies, scratch, manifest.config, options.seconds)
    rows: list[Row] = []
    for repository, program in _chosen(manifest.repositories, options.only):
        started = time.monotonic()
        outcome = run.one(repository, program)
        rows.append(Row(repository.repository, repository.commit, program.path, outcome))
        took = time.monotonic() - started
        print(f"{took:5.0f} s  {outcome.kind:13}  {_name(repository, program)}  {outcome.detail}", flush=True)
    (scratch / "outcomes.json").write_text(json.dumps([asdict(row) for row in rows], indent=1))
    if not options.only:
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        options.report.write_text(render(rows, today, _engine_version()))
    print(f"logs: {scratch}")
    return int(any(row.outcome.kind in {"false alarm", "crash", "timeout"} for row in rows))


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
    return next((str(item.get("found")) for item in items if "engine" in str(item.get("name", "")).lower()), "unknown")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
