"""Runs programs of the host. Secrets go in through standard input or files, never through arguments."""

from __future__ import annotations

import subprocess
from collections.abc import Container, Sequence

from .errors import AgentError


def run(
    command: Sequence[str], *, text: str | None = None, timeout: float = 120, accept: Container[int] | None = (0,)
) -> str:
    """Standard output of a program. Raises `AgentError` with the end of its error output for an exit code that is not
    accepted; `None` accepts all."""
    try:
        done = subprocess.run(list(command), input=text, capture_output=True, text=True, timeout=timeout, check=False)
    except FileNotFoundError:
        raise AgentError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise AgentError(f"{_name(command)} took more than {timeout:.0f} s") from None
    if accept is not None and done.returncode not in accept:
        said = (done.stderr or done.stdout).strip()[-1500:]
        raise AgentError(f"{_name(command)} failed with exit code {done.returncode}: {said}")
    return done.stdout


def _name(command: Sequence[str]) -> str:
    """The words that say what a command was for."""
    words = [word for word in command if word not in ("env", "--file", "--project-directory", "--progress", "quiet")]
    return " ".join(word for word in words if "=" not in word and not word.startswith("/"))[:120]
