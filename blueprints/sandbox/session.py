"""One project's sandbox: what has to be ready before an engine runs in it, and the running.

sandbox = Sandbox.open(Path.cwd(), progress=print)
sandbox.prepare("dev")
with sandbox.running("dev") as launch:
    launch.attached(["preview", "--stack", "dev"])
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from blueprints.sandbox import engine_process, runs, stack_files, state, yaml_nodes
from blueprints.sandbox.account import manage
from blueprints.sandbox.covered import paths as paths_to_cover
from blueprints.sandbox.engine.model import Engine
from blueprints.sandbox.engine_process import Interrupts, Line
from blueprints.sandbox.environment import engine_environment, system_folders
from blueprints.sandbox.errors import RunFailed
from blueprints.sandbox.home import Home, find_project_root
from blueprints.sandbox.project import Project, derive

BANNER = "SANDBOX: simulated, nothing reaches AWS"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What a user may add to one run."""

    fail_on: str = ""
    """Operations that shall fail: `<type-or-name>[:create|update|delete]`, separated by commas."""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables let in by name."""
    program: str = "blueprints"
    """How the user typed the name of this program, for advice that can be typed as it stands."""
    network: bool = False
    """Whether the engine has a network; without, it runs behind a wall where the system allows one."""


@dataclass(frozen=True)
class Launch:
    """A run that may start engine processes."""

    engine: Engine
    environment: dict[str, str]
    folder: Path
    covered: list[str]
    """Paths that nothing in the run can read, where the system allows it."""
    network: bool

    def attached(self, arguments: Sequence[str]) -> int:
        """Runs the engine on the user's terminal. Returns its exit code."""
        return engine_process.attached(self._line(arguments), self.environment, self.folder)

    def stream(
        self, arguments: Sequence[str], out: Line, err: Line, interrupts: Interrupts | None = None, **variables: str
    ) -> int:
        """Runs the engine and hands over each line it prints. Returns its exit code."""
        environment = self.environment | variables
        return engine_process.stream(self._line(arguments), environment, self.folder, out, err, interrupts=interrupts)

    def capture(self, arguments: Sequence[str]) -> str:
        """Runs a short engine command. Returns what it printed; raises `RunFailed` with the engine's words."""
        done = engine_process.capture(self._line(arguments), self.environment, self.folder)
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip().removeprefix("error: ")
            raise RunFailed(f"pulumi {arguments[0]} failed: {words}")
        return done.stdout

    def _line(self, arguments: Sequence[str]) -> list[str]:
        return engine_process.command(self.engine.pulumi, arguments, self.covered, self.network)


class Sandbox:
    """The sandbox of one project."""

    def __init__(self, home: Home, project: Project, progress: Progress, options: Options) -> None:
        self.home = home
        self.project = project
        self._progress = progress
        self._options = options

    @classmethod
    def open(cls, start: Path, progress: Progress, options: Options | None = None) -> Sandbox:
        """The sandbox of the project at or above `start`; derives the project. Raises `BadInput`."""
        from blueprints.sandbox.provider import supported_packages

        home = Home(find_project_root(start))
        home.make()
        return cls(home, derive(home, supported_packages()), progress, options or Options())

    @property
    def program(self) -> str:
        """How the user typed the name of this program."""
        return self._options.program

    @cached_property
    def engine(self) -> Engine:
        """The engine; the first time on a machine it may have to be downloaded or compiled, which takes minutes."""
        from blueprints.sandbox.engine.bootstrap import ensure_engine

        return ensure_engine(self._progress)

    def prepare(self, stack: str, settings: dict[str, object] | None = None) -> list[str]:
        """Makes a stack ready for the engine: created, its settings derived, stale locks gone.

        `settings` are laid over `blueprints:settings` for this run. Returns notes for the user.
        """
        manage.check(self.home.folder)
        cleared = state.clear_stale_locks(self.home, self.project.name, stack)
        notes = [
            f"cleared the lock that a killed engine left on {stack} (process {pid or 'unknown'})" for pid in cleared
        ]
        if cleared and state.put_back(self.home, self.project.name, stack):
            notes.append(f"put back the engine's copy of {stack}'s state: the kill cut its last writing off")
        if state.read(self.home, self.project.name, stack) is None:
            self._create(stack)
        return notes + stack_files.derive_stack_file(self.project, stack, self._encrypt(stack), settings)

    def derive_file(self, source: Path, stack: str) -> Path:
        """The derived copy of a settings file outside the project's own folder of them."""
        return stack_files.derive_named_file(self.home, source, self._encrypt(stack))

    @contextmanager
    def running(self, stack: str) -> Generator[Launch]:
        """A run in which the engine may start the simulated providers; `stack` is empty where none is concerned."""
        with (
            runs.run(self.home, self.project.name, stack) as run,
            state.unlocked(self.home, self.project.name, lambda: runs.others(self.home, run.token)),
        ):
            self._link_engine(run.bin_dir)
            search_path = [run.bin_dir, self.project.interpreter.bin_dir, *system_folders()]
            environment = engine_environment(
                self.home, run.token, search_path, self._options.variables, self._options.fail_on
            )
            needed = [self.home.project_root, self.project.interpreter.environment, *self.engine.search_path]
            covered = paths_to_cover(needed)
            yield Launch(self.engine, environment, self.home.project, covered, self._options.network)

    def state(self, stack: str) -> state.StackState | None:
        """The stack's state as the engine last wrote it."""
        return state.read(self.home, self.project.name, stack)

    def _create(self, stack: str) -> None:
        target = self.home.project / f"Pulumi.{stack}.yaml"
        if not target.exists():
            target.write_text(f'encryptionsalt: "{stack_files.ENCRYPTION_SALT}"\n')
        with self.running(stack) as launch:
            launch.capture(["stack", "init", stack, "--non-interactive", "--no-select"])

    def _encrypt(self, stack: str) -> stack_files.Encrypt:
        """Encryption through the engine, in a settings file of its own that is thrown away."""

        def encrypt(texts: list[str]) -> list[str]:
            scratch = self.home.cache / "encrypt.yaml"
            scratch.write_text(f'encryptionsalt: "{stack_files.ENCRYPTION_SALT}"\n')
            pairs = [argument for i, text in enumerate(texts) for argument in ("--secret", f"sandbox:p{i}={text}")]
            try:
                with self.running(stack) as launch:
                    launch.capture(["config", "set-all", "--stack", stack, "--config-file", str(scratch), *pairs])
                config = yaml_nodes.entry(yaml_nodes.read_mapping(scratch), "config")
            finally:
                scratch.unlink(missing_ok=True)
            found = (yaml_nodes.entry(yaml_nodes.entry(config, f"sandbox:p{i}"), "secure") for i in range(len(texts)))
            return [yaml_nodes.text(node) or "" for node in found]

        return encrypt

    def _link_engine(self, folder: Path) -> None:
        """Puts the language host on the run's PATH by itself: what else lies beside it stays out of reach."""
        folder.mkdir(mode=0o700)
        host = self.engine.language_host
        for program in (self.engine.pulumi, host, host.with_name(f"{host.name}-exec")):
            found = program if program.exists() else shutil.which(program.name)
            if found:
                (folder / program.name).symlink_to(found)
