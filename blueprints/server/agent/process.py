"""Runs programs of the host. Secrets go in through standard input or files, never through arguments."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from .errors import AgentError


def run(command: Sequence[str], *, text: str | None = None, timeout: float = 120, check: bool = True) -> str:
    """Standard output of a program. Raises `AgentError` with the end of its error output when it fails."""
    try:
        done = subprocess.run(list(command), input=text, capture_output=True, text=True, timeout=timeout, check=False)
    except FileNotFoundError:
        raise AgentError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise AgentError(f"{' '.join(command[:4])} took more than {timeout:.0f} s") from None
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip()[-1500:]
        raise AgentError(f"{' '.join(command[:6])} failed with exit code {done.returncode}: {said}")
    return done.stdout
