"""preview, up and destroy in the sandbox, each from preparing the stack to a report of what came of it."""

from __future__ import annotations

import difflib
import re
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from blueprints import paths
from blueprints import stack as stack_program
from blueprints.errors import BlueprintError, Problem, SettingsError
from blueprints.sandbox import limits, protection, recovery, teardown
from blueprints.sandbox.account.records import Remainder
from blueprints.sandbox.engine_process import Interrupts
from blueprints.sandbox.errors import BadInput
from blueprints.sandbox.events import Finding, Reader, Report, Step
from blueprints.sandbox.project import Project
from blueprints.sandbox.session import Launch, Sandbox


class Watch(Protocol):
    """Whoever follows a run."""

    def __call__(self, report: Report, what: Step | Finding | None) -> None:
        """One event of the run."""
        ...

    def interrupted(self, words: str) -> None:
        """What the user's interrupt does."""
        ...


Line = Callable[[str], None]

# How `SettingsError` begins and what it always says; the program prints it without a traceback.
_SETTINGS_ERROR = re.compile(r"\A(error: )?\d+ settings? (is|are) wrong in .*; nothing was created", re.DOTALL)
_STREAM = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
# The Python host's own progress messages would be most of the stream.
_COMMON = ("--json", "--color", "never", "--non-interactive")


@dataclass
class Result:
    """How a run ended."""

    status: int
    """Exit code: 0 done, 1 failed, 2 bad input. 130 and more: stopped by a signal."""
    report: Report = field(default_factory=Report)
    said: list[str] = field(default_factory=list[str])
    """What the engine said beside its events."""
    notes: list[str] = field(default_factory=list[str])
    advice: list[str] = field(default_factory=list[str])
    """What a person should hear about the settings although nothing is wrong with them."""
    kept: list[Remainder] = field(default_factory=list[Remainder])
    """What a destroyed stack leaves in the account."""
    retained: int = 0
    """How many of the resources that a destroyed stack had were kept on purpose: they left the state alone."""
    interrupted: bool = False


def preview(
    sandbox: Sandbox, stack: str, watch: Watch, arguments: Sequence[str] = (), unprotect: Sequence[str] = ()
) -> Result:
    """What `up` would do. Changes nothing, in the state or in the account."""
    settings = _acknowledging(sandbox, stack, unprotect)
    advice = check_settings(sandbox, stack, settings)
    notes = sandbox.prepare(stack, settings)
    with sandbox.running(stack) as launch:
        result = _stream(
            sandbox.project, launch, ["preview", "--stack", stack, *_COMMON, *arguments], watch, notes=notes
        )
    _explain_refusal(sandbox, stack, watch, unprotect, result)
    result.advice = advice
    return result


def preview_text(
    sandbox: Sandbox, stack: str, out: Line, err: Line, arguments: Sequence[str], *, unprotect: Sequence[str] = ()
) -> int:
    """A preview as the engine itself prints it, with `--json` as its own document. Returns the exit code."""
    settings = _acknowledging(sandbox, stack, unprotect)
    check_settings(sandbox, stack, settings)
    sandbox.prepare(stack, settings)
    with sandbox.running(stack) as launch:
        status = launch.stream(
            ["preview", "--stack", stack, "--color", "never", "--non-interactive", *arguments], out, err
        )
    return _exit_code(status)


def up(
    sandbox: Sandbox,
    stack: str,
    watch: Watch,
    arguments: Sequence[str] = (),
    *,
    unprotect: Sequence[str] = (),
    raw: Line | None = None,
) -> Result:
    """Previews and then brings the stack up. `raw` receives the engine's own event stream."""
    settings = _acknowledging(sandbox, stack, unprotect)
    advice = check_settings(sandbox, stack, settings)
    notes = sandbox.prepare(stack, settings)
    with sandbox.running(stack) as launch:
        notes += recovery.recover(sandbox, launch, stack)
        result = _stream(
            sandbox.project,
            launch,
            ["up", "--stack", stack, "--yes", *_COMMON, *arguments],
            watch,
            notes=notes,
            raw=raw,
        )
    _explain_refusal(sandbox, stack, watch, unprotect, result)
    result.notes += recovery.orphans(sandbox, stack)
    result.advice = advice
    return result


def destroy(sandbox: Sandbox, stack: str, watch: Watch, raw: Line | None = None) -> Result:
    """Destroys the stack's resources. Raises `RunFailed`, before anything is touched, when stores are protected."""
    notes = sandbox.prepare(stack)
    stores = teardown.refuse_protected(sandbox, stack)
    state = sandbox.state(stack)
    disposable = state is not None and teardown.is_disposable(state)
    with sandbox.running(stack) as launch:
        notes += recovery.recover(sandbox, launch, stack)
        teardown.unprotect(launch, stack, stores)
        result = _stream(
            sandbox.project, launch, ["destroy", "--stack", stack, "--yes", *_COMMON], watch, notes=notes, raw=raw
        )
    if result.status == 0:
        result.notes += teardown.leave_nothing(sandbox, stack) if disposable else []
        result.kept = teardown.kept(sandbox, stack)
        result.retained = sum(one.retained for one in state.shown if one.custom) if state is not None else 0
    return result


def _acknowledging(sandbox: Sandbox, stack: str, unprotect: Sequence[str]) -> dict[str, object]:
    """The settings to lay over a stack's own, so that the stores named on the command line may go as well."""
    if not unprotect:
        return {}
    written: object = None
    if sandbox.project.stack_file(stack) is not None:
        settings: object = stack_program.config_of(sandbox.home.project_root, stack).get(stack_program.SETTINGS)
        written = cast("dict[str, object]", settings).get("unprotect") if isinstance(settings, dict) else None
    before = cast("list[object]", written) if isinstance(written, list) else []
    return {"unprotect": [*before, *(name for name in unprotect if name not in before)]}


def _explain_refusal(sandbox: Sandbox, stack: str, watch: Watch, given: Sequence[str], result: Result) -> None:
    """Says what a refused change would do to a protected store: another preview, in which it may go, tells."""
    state = sandbox.state(stack)
    if result.status == 0 or result.interrupted or state is None or sandbox.project.stack_file(stack) is None:
        return
    stores = protection.refused(result.report, state)
    if not stores:
        return
    settings = _acknowledging(sandbox, stack, [*given, *(one.role for one in stores)])
    try:
        check_settings(sandbox, stack, settings)
    except BlueprintError:
        # A store that the settings do not name any more, or a program of the user's own: the engine's words stand.
        return
    sandbox.prepare(stack, settings)
    with sandbox.running(stack) as launch:
        foreseen = _stream(sandbox.project, launch, ["preview", "--stack", stack, *_COMMON], watch, notes=[])
    protection.explain(result.report, stores, foreseen.report, stack, program=sandbox.program, given=given)


def document(sandbox: Sandbox, stack: str, arguments: Sequence[str]) -> str:
    """What a short engine command prints about an existing stack."""
    if sandbox.state(stack) is None:
        raise BadInput(f"{stack} has not been brought up in the sandbox\n    fix: {sandbox.program} up {stack}")
    sandbox.prepare(stack)
    with sandbox.running(stack) as launch:
        return launch.capture([*arguments, "--stack", stack])


def check_settings(sandbox: Sandbox, stack: str, settings: dict[str, object] | None = None) -> list[str]:
    """Reads the settings of a stack that chooses a blueprint, before an engine starts.

    Returns the blueprint's advice on them. Raises `SettingsError`.
    """
    root = sandbox.home.project_root
    if sandbox.project.stack_file(stack) is None:
        return []
    config = stack_program.config_of(root, stack)
    if stack_program.BLUEPRINT not in config:
        return []
    given: object = config.get(stack_program.SETTINGS)
    if settings and (given is None or isinstance(given, dict)):
        config[stack_program.SETTINGS] = {**cast("dict[str, object]", given or {}), **settings}
    with paths.rooted(root):
        chosen = stack_program.choose(config)
    _check_region(str(config.get("aws:region")))
    return list(chosen.blueprint.advice(chosen.settings))


def _check_region(region: str) -> None:
    """The real provider takes any region, so a new one is no error there; here its zones and images must be known."""
    from blueprints.sandbox.provider.aws.regions import NAMES

    if region not in NAMES:
        close = difflib.get_close_matches(region, NAMES, n=1, cutoff=0.6)
        fix = f"did you mean `{close[0]}`?" if close else "for example eu-central-1"
        problem = Problem("aws:region", "is not a region that the sandbox knows", fix, region)
        raise SettingsError([problem], subject="the stack's config")


def _stream(
    project: Project,
    launch: Launch,
    arguments: Sequence[str],
    watch: Watch,
    *,
    notes: list[str],
    raw: Line | None = None,
) -> Result:
    reader = Reader(watch)
    said: list[str] = []

    def out(text: str) -> None:
        if raw is not None:
            raw(text)
        reader.line(text)

    def interrupted(count: int) -> None:
        words = ("cancelling: waiting for the operations under way", "stopping now", "killing the engine")
        watch.interrupted(words[min(count, len(words)) - 1])

    interrupts = Interrupts(notify=interrupted)
    status = launch.stream(arguments, out, said.append, interrupts, **_STREAM)
    said = [line for line in (*reader.other, *said) if line.strip()]
    result = Result(_exit_code(status), reader.report, said, notes, interrupted=interrupts.count > 0)
    # An engine that was asked to stop before it had begun ends by that signal, and has locked nothing.
    if status < 0 and not (result.interrupted and status == -signal.SIGINT):
        result.said.append(
            f"the engine was killed by signal {-status}; the state is as of its last finished step.\n"
            "The next `up` clears its lock and goes on from there."
        )
    if status != 0:
        result.said += [f"limit {limit}" for limit in limits.in_findings(project, reader.report.errors)]
    if status > 0 and any(_SETTINGS_ERROR.match(finding.message) for finding in reader.report.errors):
        result.status = 2
    return result


def _exit_code(status: int) -> int:
    return 0 if status == 0 else 1
