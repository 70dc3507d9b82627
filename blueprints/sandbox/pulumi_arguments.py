"""Arguments of the real `pulumi` command line, read and changed so that they mean the same inside the sandbox.

The engine runs in the derived project, so paths become absolute; stack names lose their organization, which the
sandbox's backend does not have; and what would leave the sandbox is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from blueprints.sandbox.errors import BadInput

_SYNONYMS = {"update": "up", "pre": "preview", "down": "destroy", "dn": "destroy", "cfg": "config", "conf": "config"}
_ALLOWED = {
    *("preview", "up", "destroy", "refresh", "import", "stack", "config", "state", "cancel", "about", "version"),
    *("whoami", "help", "gen-completion", "query"),
}
_REFUSED_WORDS: dict[tuple[str, ...], str] = {
    ("stack", "change-secrets-provider"): "the sandbox has its own encryption",
    ("stack", "migrate"): "stacks of the sandbox stay in it",
    ("config", "env"): "ESC environments are not read in the sandbox",
}
_REASONS = {
    "login": "the sandbox has its own backend, and no other",
    "logout": "the sandbox has its own backend, and no other",
    "plugin": "the sandbox runs its own plugins, and no other",
    "package": "the sandbox runs its own plugins, and no other",
    "install": "it downloads plugins; install Python packages with your own tools",
    "new": "it writes a project; make one with the real pulumi",
    "watch": "it never ends; run `up` again instead",
}
# Commands that make sense for a stack that does not exist yet.
_CREATING = {"preview", "up", "refresh", "import", "config", "state", "query"}
_GLOBAL_WITH_VALUE = {
    *("-C", "--cwd", "--color", "--profiling", "--tracing", "--otel-traces", "-v", "--verbose", "--memprofilerate"),
}
_REFUSED_FLAGS = {
    "--cloud-url": "the sandbox has its own backend, and no other",
    "--remote": "the sandbox runs on this machine",
    "--tracing": "it sends data away; use --profiling FILE",
    "--otel-traces": "it sends data away; use --profiling FILE",
    "--from": "it starts a converter plugin",
    "--secrets-provider": "the sandbox has its own encryption",
}
_STACK_FLAGS = {"-s", "--stack"}
_STACK_VALUED = {*_STACK_FLAGS, "--copy-config-from", "--dest"}
_PATHS = {"--config-file", "--policy-pack", "--policy-pack-config", "--event-log", "--profiling"}
_PATHS_OF = {
    ("preview",): {"--save-plan", "--import-file"},
    ("up",): {"--plan"},
    ("import",): {"-f", "--file", "-o", "--out"},
    ("stack", "export"): {"--file"},
    ("stack", "import"): {"--file"},
}


@dataclass(frozen=True)
class PulumiArguments:
    """A command line for the engine."""

    words: tuple[str, ...]
    """Command and sub-command, as in `("stack", "export")`; empty for `pulumi --version`."""
    folder: Path
    """Where the command is meant to run: `-C`, or where the user is."""
    stack: str | None
    """The stack that is named, without its organization."""
    tokens: tuple[str, ...]
    """All arguments but `-C`."""
    config_file: Path | None = None

    @property
    def creates(self) -> bool:
        """Whether the command may be the first that names its stack."""
        return bool(self.words) and self.words[0] in _CREATING

    @property
    def needs_project(self) -> bool:
        """Whether the command is about a project at all."""
        return bool(self.words) and self.words[0] not in {"version", "help", "gen-completion"}

    def for_engine(self, derive_file: Callable[[Path], Path]) -> list[str]:
        """The arguments as the engine gets them; a named settings file is replaced by its derived copy."""
        if self.config_file is None:
            return list(self.tokens)
        derived = str(derive_file(self.config_file))
        return [token.replace(str(self.config_file), derived) for token in self.tokens]


def parse(arguments: Sequence[str], here: Path) -> PulumiArguments:
    """Reads a command line. Raises `BadInput` for what is refused in the sandbox."""
    folder, rest = _without_cwd(arguments, here)
    words = _words(rest)
    _refuse(words, rest)
    paths = _PATHS | next((flags for key, flags in _PATHS_OF.items() if words[: len(key)] == key), set[str]())
    stack: str | None = None
    config_file: Path | None = None
    tokens: list[str] = []
    for flag, value, text in _flags(rest, {*_STACK_VALUED, *paths}):
        if value is None or flag is None:
            tokens.append(text)
            continue
        meant = value
        if flag in _STACK_VALUED:
            meant = _stack_name(value)
            stack = meant if flag in _STACK_FLAGS else stack
        elif flag in paths and "://" not in value:
            path = folder / Path(value).expanduser()
            # A policy pack may also be named by its place in an organization; only a folder that is there is a path.
            if flag != "--policy-pack" or path.exists():
                meant = str(path)
            if flag == "--config-file":
                config_file = path
        tokens += [flag, meant]
    if words[:1] == ("import",) and not _names(tokens, "--generate-code", "-o", "--out"):
        # Code is generated from a package's full schema, which only the real plugin has.
        tokens.append("--generate-code=false")
    if words[:2] in {("stack", "init"), ("stack", "select"), ("stack", "rm")}:
        stack, tokens = _positional_stack(words, stack, tokens)
    return PulumiArguments(words, folder, stack, tuple(tokens), config_file)


def _without_cwd(arguments: Sequence[str], here: Path) -> tuple[Path, list[str]]:
    folder, rest = here, list[str]()
    for flag, value, text in _flags(arguments, {"-C", "--cwd"}):
        if flag is not None and value is not None:
            folder = folder / value
        else:
            rest.append(text)
    if not folder.is_dir():
        raise BadInput(f"--cwd: {folder} is not a folder")
    return folder, rest


def _words(arguments: Sequence[str]) -> tuple[str, ...]:
    """The command and the sub-command."""
    found: list[str] = []
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in _GLOBAL_WITH_VALUE:
            skip = True
        elif not argument.startswith("-"):
            found.append(argument)
            if len(found) == 2:
                break
        elif found:
            # Flags of a command stand between it and nothing that would be a sub-command.
            break
    if found:
        found[0] = _SYNONYMS.get(found[0], found[0])
    return tuple(found)


def _refuse(words: tuple[str, ...], arguments: Sequence[str]) -> None:
    if words and words[0] not in _ALLOWED:
        reason = _REASONS.get(words[0], "it works outside the sandbox")
        raise BadInput(f"pulumi {words[0]} is refused in the sandbox: {reason}\n    fix: run it with the real pulumi")
    if words[:2] in _REFUSED_WORDS:
        raise BadInput(f"pulumi {' '.join(words[:2])} is refused in the sandbox: {_REFUSED_WORDS[words[:2]]}")
    if words[:1] == ("up",) and len(words) > 1:
        raise BadInput(
            f"pulumi up {words[1]} is refused in the sandbox: it brings a program in from elsewhere\n"
            "    fix: run it in the folder of a project"
        )
    for argument in arguments:
        if argument == "--":
            return
        name = argument.partition("=")[0]
        if name in _REFUSED_FLAGS or name.startswith("--remote-"):
            reason = _REFUSED_FLAGS.get(name, _REFUSED_FLAGS["--remote"])
            raise BadInput(f"{name} is refused in the sandbox: {reason}\n    fix: leave it out")


def _flags(arguments: Sequence[str], valued: set[str]) -> Iterator[tuple[str | None, str | None, str]]:
    """(flag, value, text): flag and value for those in `valued`, however they are spelled; else only the text."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            yield None, None, argument
            for last in rest:
                yield None, None, last
            return
        name, given, value = argument.partition("=")
        short = argument[:2]
        if given and name in valued:
            yield name, value, argument
        elif argument in valued:
            following = next(rest, None)
            if following is None:
                yield None, None, argument
            else:
                yield argument, following, argument
        elif len(argument) > 2 and argument[0] == "-" and argument[1] != "-" and short in valued:
            yield short, argument[2:], argument
        else:
            yield None, None, argument


def _names(tokens: Sequence[str], *flags: str) -> bool:
    return any(token.partition("=")[0] in flags for token in tokens)


def _stack_name(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _positional_stack(words: tuple[str, ...], stack: str | None, tokens: list[str]) -> tuple[str | None, list[str]]:
    """The stack that `stack init|select|rm` name without a flag."""
    at = tokens.index(words[1])
    for index in range(at + 1, len(tokens)):
        if not tokens[index].startswith("-") and tokens[index - 1] not in _STACK_VALUED:
            name = _stack_name(tokens[index])
            return name, [*tokens[:index], name, *tokens[index + 1 :]]
    return stack, tokens
