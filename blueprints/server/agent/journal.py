"""What happened to this server: one line of JSON a step, on the data volume, so that it outlives the instance."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from .layout import Layout


def record(layout: Layout, action: str, **facts: Any) -> None:
    """Adds a step. Also printed, so that systemd's journal and Systems Manager's output show it."""
    entry = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "action": action, **facts}
    line = json.dumps(entry)
    sys.stderr.write(f"{line}\n")
    layout.state.mkdir(parents=True, exist_ok=True)
    with (layout.state / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def entries(layout: Layout) -> list[dict[str, Any]]:
    """Every step, oldest first. A line that a crash cut short is left out."""
    try:
        lines = (layout.state / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found: list[dict[str, Any]] = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def versions(layout: Layout) -> list[str]:
    """Versions that were live, oldest first, each as often as it became so."""
    return [entry["version"] for entry in entries(layout) if entry["action"] == "live"]
