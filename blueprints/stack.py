"""`run()`: stack settings -> blueprint -> exports. The whole Pulumi program of a stack that needs no code of its own.

import blueprints.stack
blueprints.stack.run()
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pulumi
import yaml

from blueprints import naming, paths
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem, SettingsError
from blueprints.problems import secrets_in
from blueprints.topologies import TOPOLOGIES, topology

BLUEPRINT = "blueprints:blueprint"
NAME = "blueprints:name"
SETTINGS = "blueprints:settings"
_KEYS = (BLUEPRINT, NAME, SETTINGS)
_SUFFIXES = (".yaml", ".yml", ".json")
# Far beyond any settings that a person writes; a file that repeats itself by aliases gets there at once.
_MOST_VALUES = 100_000


@dataclass(frozen=True)
class Chosen:
    """What a stack file chooses: a topology, the name of its root component and its settings."""

    blueprint: type[Blueprint]
    name: str
    settings: BlueprintSettings


def run() -> Blueprint:
    """Builds the blueprint that the stack's config chooses and exports every output that it publishes.

    Config: `blueprints:blueprint` (which topology), `blueprints:name` (root component; default the topology's name in
    lower case with dashes), `blueprints:settings`. Raises `SettingsError`, before the first resource, with every wrong
    setting.
    """
    config = pulumi.Config("blueprints")
    values: dict[str, Any] = {
        BLUEPRINT: config.get("blueprint"),
        NAME: config.get("name"),
        SETTINGS: config.get_object("settings"),
        "aws:region": pulumi.Config("aws").get("region"),
        "aws:allowedAccountIds": pulumi.Config("aws").get_object("allowedAccountIds"),
    }
    if pulumi.runtime.is_config_secret(SETTINGS):
        found = list(secrets_in(_written_settings(pulumi.get_stack()), SETTINGS))
        raise SettingsError(found or [_secret_settings()], subject=SETTINGS)
    chosen = choose({key: value for key, value in values.items() if value not in (None, "")})
    built = chosen.blueprint(chosen.name, chosen.settings)
    for output in outputs_of(chosen.blueprint):
        pulumi.export(output, getattr(built, output))
    return built


def choose(config: Mapping[str, Any]) -> Chosen:
    """The blueprint that config values choose, with its settings loaded. Creates nothing.

    Raises `SettingsError` with every wrong value at once.
    """
    problems = list(_own_problems(config))
    raw_name = config.get(BLUEPRINT)
    if not isinstance(raw_name, str) or raw_name not in TOPOLOGIES:
        raise SettingsError(problems, subject="the stack's config")
    blueprint = topology(raw_name)
    name = str(config.get(NAME) or _dashed(raw_name))
    problems += [_renamed(problem) for problem in naming.misnamed(name, blueprint.roles().items())]
    settings: BlueprintSettings | None = None
    try:
        settings = settings_type(blueprint).load(config.get(SETTINGS) or {}, at=SETTINGS)
    except SettingsError as error:
        problems += error.problems
    else:
        problems += [problem.under(SETTINGS) for problem in blueprint.hatch_problems(settings)]
        problems += _account_problems(config, settings)
    if problems or settings is None:
        raise SettingsError(problems, subject="the stack's config")
    return Chosen(blueprint, name, settings)


def read(root: Path, stack: str) -> Chosen:
    """What a stack file chooses, read without an engine. Raises `SettingsError`, or `FileNotFoundError`."""
    with paths.rooted(root):
        return choose(config_of(root, stack))


def config_of(root: Path, stack: str) -> dict[str, Any]:
    """Config values of a stack as its files hold them: the project's own values, then the stack's."""
    config: dict[str, Any] = {}
    for key, entry in _config(_project_file(root)).items():
        if not isinstance(entry, Mapping):
            config[key] = entry
        elif "value" in entry:
            config[key] = cast("Mapping[str, Any]", entry)["value"]
    return config | _config(stack_file(root, stack))


def stack_file(root: Path, stack: str) -> Path:
    """Where a stack's settings are: `Pulumi.<stack>.yaml` (or .yml, .json) in the project's `stackConfigDir`."""
    folder = root / str(_yaml(_project_file(root)).get("stackConfigDir") or ".")
    return _spelled(folder, f"Pulumi.{stack.rsplit('/', 1)[-1]}")


def settings_type(blueprint: type[Blueprint]) -> type[BlueprintSettings]:
    """The settings class of a blueprint: the one that its constructor's `args` names."""
    return blueprint.SETTINGS


def outputs_of(blueprint: type[Blueprint]) -> tuple[str, ...]:
    """Names of the outputs that a blueprint publishes: its annotations of type `Output`."""
    names: dict[str, None] = {}
    for kind in reversed(blueprint.__mro__):
        for name, annotation in vars(kind).get("__annotations__", {}).items():
            if "Output[" in str(annotation):
                names[name] = None
    return tuple(names)


def _own_problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    name = config.get(BLUEPRINT)
    if name is None:
        yield Problem(BLUEPRINT, "is required", f"choose one of {', '.join(TOPOLOGIES)}")
    elif not isinstance(name, str) or name not in TOPOLOGIES:
        close = difflib.get_close_matches(str(name), TOPOLOGIES, n=1, cutoff=0.5)
        fix = f"did you mean `{close[0]}`?" if close else f"choose one of {', '.join(TOPOLOGIES)}"
        yield Problem(BLUEPRINT, "is not a blueprint", fix, name)
    for key in config:
        if key.startswith("blueprints:") and key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.6)
            fix = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(_KEYS)}"
            yield Problem(key, "is not a key that blueprints reads", fix)


def _account_problems(config: Mapping[str, Any], settings: BlueprintSettings) -> Iterator[Problem]:
    if not config.get("aws:region"):
        yield Problem("aws:region", "is required", "add for example `aws:region: eu-central-1`")
    accounts = config.get("aws:allowedAccountIds")
    if settings.environment != "dev" and not accounts:
        yield Problem(
            "aws:allowedAccountIds",
            f"is required in {settings.environment}, so that the stack cannot come up in another account",
            'add `aws:allowedAccountIds: ["<your account id>"]`',
        )


def _renamed(problem: Problem) -> Problem:
    return Problem(NAME, problem.limit, problem.fix, problem.value)


def _secret_settings() -> Problem:
    return Problem(SETTINGS, "must not be a secret", "store the secret value in AWS Secrets Manager and give its ARN")


def _written_settings(stack: str) -> Any:
    """The settings as they stand in the stack file, where a secret still shows its place."""
    file = stack_file(paths.project_root(), stack)
    if not file.is_file():
        return None
    return _config(file).get(SETTINGS)


def _project_file(root: Path) -> Path:
    return _spelled(root, "Pulumi")


def _spelled(folder: Path, stem: str) -> Path:
    """The file that is there under one of the names that the engine takes; the usual name where none is."""
    names = [folder / f"{stem}{suffix}" for suffix in _SUFFIXES]
    return next((name for name in names if name.is_file()), names[0])


def _config(path: Path) -> dict[str, Any]:
    """The `config` of a project or stack file. A project's may be the name of a folder, as it was once spelled."""
    config: object = _yaml(path).get("config") or {}
    if isinstance(config, str) and path.stem == "Pulumi":
        return {}
    if not isinstance(config, Mapping):
        raise _unreadable(path, "config", "must be a mapping", "write it as `name: value` lines", config)
    return {str(key): value for key, value in cast("Mapping[Any, Any]", config).items()}


def _yaml(path: Path) -> dict[str, Any]:
    try:
        data: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise _unreadable(path, "", f"is not valid YAML: {_where(error)}", "correct it") from None
    except UnicodeDecodeError as error:
        raise _unreadable(path, "", f"is not text in UTF-8: byte {error.start}", "save it as UTF-8") from None
    except RecursionError:
        raise _unreadable(path, "", "is nested too deeply", "write it flatter") from None
    if data is not None and not isinstance(data, dict):
        raise _unreadable(path, "", "must hold a mapping", "write it as `name: value` lines")
    if _values(cast("object", data)) > _MOST_VALUES:
        limit = f"holds more than {_MOST_VALUES} values: an alias refers to itself, or aliases multiply"
        raise _unreadable(path, "", limit, "write the values out")
    return cast("dict[str, Any]", data or {})


def _unreadable(path: Path, field: str, limit: str, fix: str, value: object = None) -> SettingsError:
    return SettingsError([Problem(field or path.name, limit, fix, value)], subject=path.name)


def _values(data: object) -> int:
    """How many values a document comes to with its aliases written out; counting ends beyond the limit."""
    found, waiting = 0, [data]
    while waiting and found <= _MOST_VALUES:
        found += 1
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += cast("dict[Any, Any]", item).values()
        elif isinstance(item, list):
            waiting += cast("list[Any]", item)
    return found


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "cannot be read"
    return f"line {mark.line + 1}, column {mark.column + 1}: {what}" if mark else str(what)


def _dashed(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
