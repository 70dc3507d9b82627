"""Base of every settings class: frozen, no unknown fields, all wrong fields reported at once.

class Volume(Settings):
    size: Size = "20GB"
    \"\"\"Size of the data volume, 1 GB to 16 TB. Growing it is done in place. Default 20GB.\"\"\"

    def rules(self) -> Iterator[Problem]:
        if self.size == "13GB":
            yield Problem("size", "must not be 13GB", fix="use 14GB", value=self.size)

Volume.load({"size": "30GB"}, at="args.volume")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self, cast

import pulumi
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from blueprints.errors import Problem, SettingsError
from blueprints.problems import RULES
from blueprints.validation import validated


class Settings(BaseModel):
    """Base of all settings: immutable, strict about types, and unknown names are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        arbitrary_types_allowed=True,
        validate_default=True,
    )

    def rules(self) -> Iterator[Problem]:
        """Rules across fields. Yields a `Problem` for each broken one, with its path relative to this object."""
        yield from ()

    @model_validator(mode="after")
    def _obeys_rules(self) -> Self:
        broken = tuple(self.rules())
        if broken:
            raise PydanticCustomError(RULES, "{count} rules broken", {"count": len(broken), "problems": broken})
        return self

    @classmethod
    def load(cls, args: Self | Mapping[str, Any], at: str = "args") -> Self:
        """Settings from an instance or from plain data.

        `at` is where the data stands, as the user wrote it; it begins every path in an error.
        Raises `SettingsError` with every wrong field at once.
        """
        if isinstance(args, cls):
            return args
        if not isinstance(args, Mapping):
            kind = type(args).__name__
            raise SettingsError(
                [Problem(at, "must be a mapping of settings", f"write {cls.__name__} fields as `name: value`", kind)],
                subject=at,
            )
        settings, problems = validated(cls, cast("dict[str, Any]", _plain(args)))
        if settings is None:
            raise SettingsError([problem.under(at) for problem in problems], subject=at)
        return settings

    def shown(self) -> dict[str, Any]:
        """The settings as plain data for a component's inputs, so that a preview shows what changed.

        Fields at their default are left out: a new field of a later version then changes nothing in a preview.
        """
        return {name: _shown(getattr(self, name)) for name in type(self).model_fields if name in self.model_fields_set}


def _plain(value: Any) -> Any:
    """Mappings as dicts, all the way down: what TypeScript, YAML and Pulumi hand over is not always a dict."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[Any]", value)]
    return value


def _shown(value: Any) -> Any:
    if isinstance(value, Settings):
        return value.shown()
    if isinstance(value, pulumi.Resource):
        return value.urn
    if isinstance(value, Mapping):
        return {key: _shown(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_shown(item) for item in cast("list[Any]", value)]
    return value
