"""`blueprints`: reads the command line, calls what does the work, and turns errors into words and exit codes."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence

from blueprints.cli import parser
from blueprints.cli.terminal import paint, say

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a tree's branches shows question marks, and no error.
            stream.reconfigure(errors="replace")
    typed = parser.build().parse_args(_separated(sys.argv[1:] if arguments is None else arguments))
    try:
        return _command(typed)(typed)
    except KeyboardInterrupt:
        say("stopped")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has seen enough; nothing more can be told to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        status = _status(error)
        if status is None:
            raise
        say(f"{paint('error', 'red', sys.stderr)} {_words(error)}")
        return status


def _command(typed: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    # Imported on use: `--help` and `list` need no engine, no provider and no SDK.
    if getattr(typed, "real", False):
        from blueprints.cli import real

        return real.run
    if typed.verb == "sandbox":
        from blueprints.cli import account

        return {"run": account.run, "drift": account.drift, "rm": account.remove}[typed.action]
    if typed.verb == "doctor":
        from blueprints.cli.doctor import doctor

        return doctor
    if typed.verb in {"list", "outputs", "export"}:
        from blueprints.cli import inform

        return {"list": inform.list_stacks, "outputs": inform.outputs, "export": inform.export}[typed.verb]
    from blueprints.cli import deploy

    return {"preview": deploy.preview, "up": deploy.up, "destroy": deploy.destroy}[typed.verb]


def _separated(arguments: Sequence[str]) -> list[str]:
    """Arguments with `--` before what belongs to pulumi: argparse would take `-s` and the like for its own."""
    words = list(arguments)
    if words[:2] == ["sandbox", "run"] and "--" not in words and not {"-h", "--help"} & set(words):
        own_with_value = {"-C", "--cwd", "--env", "--fail-on"}
        index = 2
        while index < len(words) and words[index].startswith("-"):
            if words[index].partition("=")[0] not in {*own_with_value, "--network"}:
                break
            index += 2 if words[index] in own_with_value else 1
        words.insert(index, "--")
    return words


def _status(error: Exception) -> int | None:
    """The exit code of an error that is meant for people; None for a fault of our own."""
    from blueprints.errors import BlueprintError, SettingsError
    from blueprints.sandbox.account.manage import AccountDamagedError, AccountError
    from blueprints.sandbox.errors import BadInput

    if isinstance(error, AccountDamagedError):
        return FAILED
    if isinstance(error, SettingsError | BadInput | AccountError):
        return BAD_INPUT
    if isinstance(error, BlueprintError | OSError):
        return FAILED
    return None


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        where = f" ({error.filename})" if error.filename else ""
        return (
            f"the disk is full{where}; nothing of the last finished step is lost\n"
            "    fix: free some space and run the same command again"
        )
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
