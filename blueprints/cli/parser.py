"""Every command, option and help text of `blueprints`."""

from __future__ import annotations

import argparse
from typing import Any

_EXIT_CODES = "exit codes: 0 done, 1 failed, 2 bad input"


def build() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="blueprints",
        description="Brings up deployment blueprints: in a sandbox that needs no cloud account, or for real.",
        epilog=_epilog(
            "blueprints list                          what can be brought up",
            "blueprints up single-server-dev          bring a stack up in the sandbox",
            "blueprints preview single-server-prod    what an update would change",
            "blueprints sandbox run -- preview        any Pulumi program of yours, in the sandbox",
            after="Everything acts on the sandbox unless --real is typed; the first line says which it is.\n"
            + _EXIT_CODES,
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    _list(verbs)
    _preview(verbs)
    _up(verbs)
    _destroy(verbs)
    _export(verbs)
    _outputs(verbs)
    _doctor(verbs)
    _sandbox(verbs)
    return parser


def _list(verbs: Any) -> None:
    verb = _verb(
        verbs,
        "list",
        "stacks of this project, and the blueprints there are",
        "Lists the stacks that have a file in this project, the blueprint each chooses, and what is up in the sandbox.",
        "blueprints list",
        "blueprints list --json",
        stack=False,
    )
    verb.add_argument("--json", action="store_true", help="print a JSON document instead of a table")


def _preview(verbs: Any) -> None:
    verb = _verb(
        verbs,
        "preview",
        "what an update would change",
        "Runs the program and shows what `up` would do. Changes nothing.\n"
        "An empty preview of an unchanged program proves that the program is deterministic, not that AWS accepts it.",
        "blueprints preview single-server-dev",
        "blueprints preview single-server-dev --json > preview.json",
        "blueprints preview single-server-dev --expect-no-changes",
    )
    verb.add_argument("--json", action="store_true", help="print the engine's own preview document, and only that")
    verb.add_argument("--expect-no-changes", action="store_true", help="fail (exit 1) if anything would change")
    verb.add_argument("--diff", action="store_true", help="show changed properties in full, as the engine prints them")
    _refresh(verb)
    _unprotect(verb)
    _real(verb)


def _up(verbs: Any) -> None:
    verb = _verb(
        verbs,
        "up",
        "bring a stack up, or up to date",
        "Previews and then makes the stack as its settings say. Stops before the first resource if a setting is wrong.",
        "blueprints up single-server-dev",
        "blueprints up single-server-dev --fail-on aws:ec2/instance:Instance:create",
        "blueprints up single-server-prod --real",
    )
    verb.add_argument("--json", action="store_true", help="print the engine's own event stream, one JSON object a line")
    verb.add_argument(
        "--fail-on",
        metavar="TYPE-OR-NAME[:create|update|delete]",
        default="",
        help="let operations fail on purpose, to see what is left; several separated by commas",
    )
    _refresh(verb)
    _unprotect(verb)
    _real(verb)
    verb.add_argument("--yes", action="store_true", help="with --real: do not ask before the update")


def _destroy(verbs: Any) -> None:
    verb = _verb(
        verbs,
        "destroy",
        "delete everything of a stack",
        "Deletes the stack's resources. A dev stack leaves nothing. Staging and prod are refused while stores are\n"
        "protected; the refusal lists them and the two steps of a teardown, and the second ends with what is kept.",
        "blueprints destroy single-server-dev",
        "blueprints destroy single-server-prod --real --confirm single-server-prod",
    )
    verb.add_argument("--json", action="store_true", help="print the engine's own event stream, one JSON object a line")
    _real(verb)
    verb.add_argument("--confirm", metavar="STACK", default="", help="with --real: the stack's name, typed once more")


def _export(verbs: Any) -> None:
    verb = _verb(
        verbs,
        "export",
        "the engine's own state document of a stack",
        "Prints the deployment as the engine exports it; secrets stay encrypted.",
        "blueprints export single-server-dev > deployment.json",
    )
    _real(verb)


def _outputs(verbs: Any) -> None:
    verb = _verb(
        verbs,
        "outputs",
        "what a stack publishes",
        "Prints the outputs of a stack: addresses, ids, commands. Secrets are shown as [secret].",
        "blueprints outputs single-server-dev",
        "blueprints outputs single-server-dev --json",
    )
    verb.add_argument("--json", action="store_true", help="print the engine's own JSON document")
    verb.add_argument("--show-secrets", action="store_true", help="print secret outputs in plain text")
    _real(verb)


def _doctor(verbs: Any) -> None:
    verb = verbs.add_parser(
        "doctor",
        help="what this machine has, and what to do about what is missing",
        description="Looks for everything that blueprints needs or can use, and says what to do about what is missing.",
        epilog=_epilog("blueprints doctor", "blueprints doctor --json", after=_EXIT_CODES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("--json", action="store_true", help="print a JSON document instead of a table")


def _sandbox(verbs: Any) -> None:
    sandbox = verbs.add_parser(
        "sandbox",
        help="run any Pulumi Python program in the sandbox; change the simulated account",
        description="The sandbox by itself: a real Pulumi engine with simulated providers, for any Python project.",
        epilog=_epilog(
            "blueprints sandbox run -- up --yes",
            "blueprints sandbox drift server instanceType=t3.large",
            "blueprints sandbox rm server",
            after=_EXIT_CODES,
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = sandbox.add_subparsers(dest="action", metavar="ACTION", required=True)
    run = _verb(
        actions,
        "run",
        "the real pulumi command line, in the sandbox",
        "Runs pulumi with the arguments after `--`, in the project of the current folder. Stacks are made as they are\n"
        "named; the project's files are only read. Exit code and output are pulumi's own.",
        "blueprints sandbox run -- preview --diff",
        "blueprints sandbox run -- up --yes --stack dev",
        "blueprints sandbox run --fail-on aws:s3/bucket:Bucket:create -- up --yes",
        "blueprints sandbox run --env REGION=eu-west-1 -- preview",
        stack=False,
    )
    run.add_argument("--env", metavar="NAME[=VALUE]", action="append", default=[], help="let one variable in")
    run.add_argument("--fail-on", metavar="TYPE-OR-NAME[:OPERATION]", default="", help="let operations fail on purpose")
    run.add_argument("--network", action="store_true", help="leave the network on (credentials stay out of reach)")
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- PULUMI-ARGUMENTS")
    drift = _verb(
        actions,
        "drift",
        "change a property behind the engine's back",
        "Changes one property of a resource in the simulated account, as somebody with the console open would.\n"
        "`refresh` or an `up --refresh` then sees it. An empty value removes the property.",
        "blueprints sandbox drift server tags.Owner=somebody",
        "blueprints sandbox drift 'urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs' forceDestroy=true",
        stack=False,
    )
    drift.add_argument("resource", metavar="URN-OR-NAME", help="the resource: its URN, or its name if only one has it")
    drift.add_argument(
        "change", metavar="PATH=VALUE", help="the property's path and its new value, as JSON or plain text"
    )
    remove = _verb(
        actions,
        "rm",
        "delete a resource behind the engine's back",
        "Removes a resource from the simulated account; the state still lists it until a refresh.",
        "blueprints sandbox rm server",
        stack=False,
    )
    for verb in (drift, remove):
        verb.add_argument("-s", "--stack", default="", help="the stack to look in, where several have the name")
    remove.add_argument("resource", metavar="URN-OR-NAME", help="the resource: its URN, or its name if only one has it")


def _verb(verbs: Any, name: str, short: str, long: str, *examples: str, stack: bool = True) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=short,
        description=long,
        epilog=_epilog(*examples, after=_EXIT_CODES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if stack:
        verb.add_argument("stack", metavar="STACK", help="name of a stack, as `blueprints list` shows it")
    verb.add_argument(
        "-C", "--cwd", metavar="FOLDER", default=".", help="the project's folder; default the current one"
    )
    return verb


def _refresh(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--refresh", action="store_true", help="read the account first, so that drift is seen")


def _unprotect(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--unprotect",
        metavar="STORE",
        action="append",
        default=[],
        help="let the update replace or delete a store, by its name; as `unprotect` in the settings, for this run",
    )


def _real(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--real", action="store_true", help="act on the real backend and account, with your own pulumi and environment"
    )


def _epilog(*examples: str, after: str = "") -> str:
    return "examples:\n" + "\n".join(f"  {example}" for example in examples) + (f"\n\n{after}" if after else "")
