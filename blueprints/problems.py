"""From pydantic's errors to problems as a person reads them: path as written, value, limit and fix."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from blueprints.errors import Problem, join

RULES = "blueprints_rules"
WRONG = "blueprints_wrong"
REQUIRED = "is required"

_SECRET_NAME = re.compile(r"(?i)(pass(word|wd|phrase)?|secret|token|credential|private_?key|api_?key)s?$")

# pydantic's error type -> (limit, fix); {…} are filled from the error's own context.
_WORDS: dict[str, tuple[str, str]] = {
    "missing": (REQUIRED, "add it"),
    "int_type": ("must be a whole number", "write it without quotes, for example 3"),
    "int_from_float": ("must be a whole number", "write it without a fraction, for example 3"),
    "float_type": ("must be a number", "write it without quotes, for example 0.5"),
    "bool_type": ("must be true or false", "write true or false, without quotes"),
    "string_type": ("must be text", "put it in quotes"),
    "list_type": ("must be a list", "write it as `- item` lines"),
    "dict_type": ("must be a mapping", "write it as `name: value` lines"),
    "model_type": ("must be a mapping of settings", "write it as `name: value` lines"),
    "literal_error": ("must be one of {expected}", "choose one of them"),
    "union_tag_invalid": ("{discriminator} must be one of {expected_tags}", "choose one of them"),
    "union_tag_not_found": ("needs {discriminator} to say which kind it is", "add {discriminator}"),
    "greater_than_equal": ("must be at least {ge}", "use {ge} or more"),
    "greater_than": ("must be more than {gt}", "use a value above {gt}"),
    "less_than_equal": ("must be at most {le}", "use {le} or less"),
    "less_than": ("must be less than {lt}", "use a value below {lt}"),
    "string_too_short": ("must have at least {min_length} characters", "make it longer"),
    "string_too_long": ("must have at most {max_length} characters", "shorten it to {max_length} characters"),
    "too_short": ("must have at least {min_length} items", "add what is missing"),
    "too_long": ("must have at most {max_length} items", "remove the ones beyond {max_length}"),
    "string_pattern_mismatch": ("must match {pattern}", "write it in that form"),
    "multiple_of": ("must be a multiple of {multiple_of}", "use a multiple of {multiple_of}"),
}


def wrong(limit: str, fix: str) -> PydanticCustomError:
    """What a field's validator raises: which limit the value breaks and what to type instead."""
    return PydanticCustomError(WRONG, "{limit}", {"limit": limit, "fix": fix})


def translate(error: ValidationError, data: Mapping[str, Any], model: type[BaseModel]) -> list[Problem]:
    """Every problem in a pydantic error, once each, with paths relative to `data`."""
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        for problem in _problems(detail, data, model):
            if problem not in problems:
                problems.append(problem)
    return problems


def choices(error: ValidationError, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """For each value that should have been one of few, the path and those few."""
    return {
        _written_path(detail, data)[0]: re.findall(r"'([^']*)'", detail.get("ctx", {})["expected"])
        for detail in error.errors(include_url=False)
        if detail["type"] == "literal_error"
    }


def secrets_in(data: Any, path: str = "") -> Iterator[Problem]:
    """A problem for each `secure:` leaf: as part of an object, its plain value would be written to the state."""
    if isinstance(data, Mapping):
        mapping = cast("Mapping[Any, Any]", data)
        if set(mapping) == {"secure"}:
            yield Problem(
                path,
                "must not be a secret: read as part of an object it would stand in the state in plain text",
                "store it in AWS Secrets Manager and give its ARN, or use a Pulumi config key of its own",
            )
            return
        for key, value in mapping.items():
            yield from secrets_in(value, join(path, str(key)))
    elif isinstance(data, list):
        for index, value in enumerate(cast("list[Any]", data)):
            yield from secrets_in(value, join(path, f"[{index}]"))


def without(data: dict[str, Any], problems: Iterable[Problem]) -> dict[str, Any]:
    """A copy of `data` in which the values that problems point at are left out.

    A list is left out whole: without one of its items, the paths of the others would no longer be as written. So is
    what lacks a required field.
    """
    rest = copy_plain(data)
    for problem in problems:
        steps = _steps(problem.path, data)
        if problem.limit == REQUIRED:
            steps = steps[:-1]
        while steps and isinstance(steps[-1], int):
            steps = steps[:-1]
        holder: Any = rest
        for step in steps[:-1]:
            holder = _child(holder, step)
        if steps and isinstance(holder, dict):
            cast("dict[Any, Any]", holder).pop(steps[-1], None)
    return rest


def placed(rest: dict[str, Any], path: str, value: Any, data: Any) -> dict[str, Any]:
    """`rest` with a value put where `path` points at in `data`; unchanged where its holder is not there any more."""
    steps = _steps(path, data)
    holder: Any = rest
    for step in steps[:-1]:
        holder = _child(holder, step)
    if isinstance(holder, dict):
        cast("dict[Any, Any]", holder)[steps[-1]] = value
    return rest


def copy_plain(value: Any) -> Any:
    """A deep copy of dicts and lists only; outputs and resources stay the same objects."""
    if isinstance(value, dict):
        return {key: copy_plain(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list):
        return [copy_plain(item) for item in cast("list[Any]", value)]
    return value


def _steps(path: str, data: Any) -> list[Any]:
    """A path as keys and indexes; keys may themselves hold dots, so the longest key that exists is taken."""
    steps: list[Any] = []
    rest = path
    here: Any = data
    while rest:
        index = re.match(r"\[(\d+)\]\.?", rest)
        if index:
            step: Any = int(index[1])
            rest = rest[index.end() :]
        else:
            keys = cast("dict[Any, Any]", here) if isinstance(here, dict) else {}
            known = [str(k) for k in keys if rest == str(k) or rest.startswith((f"{k}.", f"{k}["))]
            step = max(known, key=len) if known else re.split(r"[.\[]", rest)[0]
            # An empty key still takes its separator, so that every round shortens the rest.
            rest = rest[len(step) :].removeprefix(".") if step else rest[1:]
        steps.append(step)
        here = _child(here, step)
    return steps


def _child(holder: Any, step: Any) -> Any:
    try:
        return holder[step]
    except (KeyError, IndexError, TypeError):
        return None


def _problems(detail: ErrorDetails, data: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Problem]:
    path, value = _written_path(detail, data)
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == RULES:
        for problem in context["problems"]:
            yield problem.under(path)
    elif kind == WRONG:
        yield Problem(path, context["limit"], context["fix"], _safe(path, value))
    elif kind == "extra_forbidden":
        yield _unknown(path, value, detail["loc"], model)
    elif kind in _WORDS:
        limit, fix = _WORDS[kind]
        shown = None if kind == "missing" else _safe(path, value)
        yield Problem(path, limit.format(**context), fix.format(**context), shown)
    else:
        yield Problem(path, detail["msg"][:1].lower() + detail["msg"][1:], "correct the value", _safe(path, value))


def _written_path(detail: ErrorDetails, data: Any) -> tuple[str, Any]:
    """The path as it stands in the user's file, without the names that pydantic adds for union members."""
    path = ""
    here: Any = data
    last = len(detail["loc"]) - 1
    for position, step in enumerate(detail["loc"]):
        if isinstance(here, Mapping) and step in here:
            path = join(path, str(step))
            here = _child(here, step)
        elif isinstance(step, int) and isinstance(here, list):
            path = join(path, f"[{step}]")
            here = _child(here, step)
        elif position == last and detail["type"] in {"missing", RULES}:
            path, here = join(path, str(step)), None
    return path, cast("Any", here) if detail["type"] == RULES else detail["input"]


def _unknown(path: str, value: Any, location: tuple[int | str, ...], model: type[BaseModel]) -> Problem:
    name = str(location[-1])
    known = sorted(_fields_at(model, location[:-1]))
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    fix = f"did you mean `{close[0]}`?" if close else f"remove it; known here: {', '.join(known) or 'nothing'}"
    return Problem(path, "is not a setting", fix, _safe(path, value))


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> set[str]:
    models: list[type[BaseModel]] = [model]
    for step in location:
        inner: list[type[BaseModel]] = []
        for candidate in models:
            field = candidate.model_fields.get(str(step))
            if field is not None:
                inner += _models_in(field.annotation)
        # A list index or the name of a union's member is no field: it stays with the same models.
        models = inner or [m for m in models if m.__name__ == step] or models
    return {name for candidate in models for name in candidate.model_fields}


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in getattr(cast("Any", annotation), "__args__", ()) for model in _models_in(argument)]


def _safe(path: str, value: Any) -> Any:
    """The value as an error may show it: never one that its name says is a secret."""
    name = re.split(r"[.\]]", path)[-1]
    return "[hidden]" if isinstance(value, str) and _SECRET_NAME.search(name) else value
