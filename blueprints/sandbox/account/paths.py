"""Property paths as people type them: `tags.Name`, `ingress[0].fromPort`, `tags["a.b"]`."""

from __future__ import annotations

import json
import re

_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def parse_path(text: str) -> tuple[str | int, ...]:
    """The steps of a path. `ValueError` names the place that cannot be read."""
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise ValueError(f"unexpected `{text[at:]}`")
        name, index, quoted = match.groups()
        steps.append(int(index) if index is not None else json.loads(quoted) if quoted is not None else name)
        at = match.end()
    if not steps or not isinstance(steps[0], str):
        raise ValueError("it must start with the name of a property")
    return tuple(steps)
