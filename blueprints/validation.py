"""Plain data against a settings class: the model, or every problem at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from blueprints.errors import Problem
from blueprints.problems import choices, placed, secrets_in, translate, without

M = TypeVar("M", bound=BaseModel)

# More rounds than any real file needs: each round removes at least one wrong value and looks at the rest.
_ROUNDS = 50
# Combinations of choices that are looked at before a doubtful problem is told all the same.
_TRIED = 64


def validated(model: type[M], data: dict[str, Any]) -> tuple[M | None, list[Problem]]:
    """The model, or None and every problem of the data.

    What is wrong is taken out and the rest validated again, so that rules between the remaining fields are told in the
    same run and not one at a time. Such a rule then sees a default where the wrong value stood. Where that was one of
    few choices, the rule is told only if it would be broken whichever of them was meant.
    """
    secrets = list(secrets_in(data))
    found, first, later, options = _rounds(model, without(data, secrets), secrets)
    if later and options:
        for chosen in islice(_combinations(options), _TRIED):
            kept = without(data, [*secrets, *first])
            for path, choice in chosen.items():
                kept = placed(kept, path, choice, data)
            _, again, more, _ = _rounds(model, kept, secrets)
            later = [problem for problem in later if problem in (*again, *more)]
    problems = [*secrets, *first, *later]
    return (None if problems else found), problems


def _rounds(
    model: type[M], data: dict[str, Any], told: list[Problem]
) -> tuple[M | None, list[Problem], list[Problem], dict[str, list[str]]]:
    """The model; the problems of the first round and of later ones; what a wrong choice may have meant, by its path."""
    first: list[Problem] = []
    later: list[Problem] = []
    options: dict[str, list[str]] = {}
    for number in range(_ROUNDS):
        try:
            return model.model_validate(data), first, later, options
        except ValidationError as error:
            found = translate(error, data, model)
            # A wrong value that was taken out is now missing: that is no second problem.
            reported = {problem.path for problem in (*told, *first, *later)}
            new = [problem for problem in found if problem.path not in reported]
            if number:
                later += new
            else:
                first += new
                options = choices(error, data)
            smaller = without(data, found)
            if smaller == data:
                break
            data = smaller
    return None, first, later, options


def _combinations(options: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    if not options:
        yield {}
        return
    path, *others = options
    for rest in _combinations({other: options[other] for other in others}):
        for choice in options[path]:
            yield {path: choice, **rest}
