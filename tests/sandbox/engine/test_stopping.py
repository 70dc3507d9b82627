"""Stopping a run that makes an engine stops Go and all that Go started, and leaves no half-made engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blueprints.sandbox.engine.golang import Module

from .fakes import FakeGo

SCRIPT = """
import sys
from pathlib import Path
from blueprints.sandbox.engine.bootstrap import ensure_engine
from blueprints.sandbox.engine.golang import Module
from blueprints.sandbox.engine.sources import Sources
path, cache, module = sys.argv[1:]
ensure_engine(print, sources=Sources(path=path, cache=Path(cache), archive=None, module=lambda: Module(Path(module))))
"""


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 128 + 15), (signal.SIGHUP, 128 + 1)]
)
def test_a_signal_stops_go_and_leaves_nothing(
    fake_go: FakeGo, module: Module, tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    # Shells let what they start in the background ignore SIGINT, so this compiler has to be stopped by force.
    fake_go.build = f"/bin/sleep 60 & echo $! > '{tmp_path}/compiler'; wait"
    path = os.pathsep.join([str(fake_go.install()), "/usr/bin", "/bin"])
    arguments = [path, str(tmp_path / "cache"), str(module.folder)]
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        _wait_for(tmp_path / "compiler")
        process.send_signal(sent)
        process.communicate(timeout=20)
    assert process.returncode == code
    compiler = int((tmp_path / "compiler").read_text())
    deadline = time.monotonic() + 10
    while _alive(compiler) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(compiler)
    assert [child.name for child in (tmp_path / "cache").iterdir()] == [".lock"]


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + 20
    while not file.exists() or not file.read_text().strip():
        assert time.monotonic() < deadline, f"{file} did not appear"
        time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
