"""The same components for TypeScript, Go and YAML: `pulumi package add` runs this file as a component provider.

A hosted component takes a plain mapping, so each settings class gets a twin without constraints that the SDK's
analyzer understands; the component itself still validates with the settings class.
Source: Pulumi docs, "Build a source-based component".
"""

from __future__ import annotations

import inspect
import json
import sys
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NotRequired, TypedDict, cast, get_args, get_origin

import pulumi
from pulumi.provider.experimental.component import ComponentProvider
from pydantic import BaseModel

from blueprints.component import Blueprint
from blueprints.inputs import AllowOutput
from blueprints.stack import outputs_of
from blueprints.topologies import TOPOLOGIES, topology

PACKAGE = "blueprints"


def provider(version: str = "0.0.0", names: Iterable[str] = tuple(TOPOLOGIES)) -> ComponentProvider:
    """A provider that hosts the topologies, with the descriptions of every setting in its schema."""
    twins = _Twins()
    hosted = ComponentProvider([twins.of_blueprint(topology(name)) for name in names], PACKAGE, None, version)
    schema = json.loads(hosted.schema or "{}")
    twins.describe(schema)
    hosted.schema = json.dumps(schema, sort_keys=True)
    return hosted


def main() -> None:
    """Serves the provider to the engine that started this process."""
    from pulumi.provider import main as serve

    serve(provider(), sys.argv[1:])


class _Twins:
    """Twins of settings classes, one each, so that a class used twice is one type in the schema."""

    def __init__(self) -> None:
        self._types: dict[str, type] = {}
        self._docs: dict[str, dict[str, str]] = {}

    def of_blueprint(self, blueprint: type[Blueprint]) -> type[pulumi.ComponentResource]:
        """A component class whose annotations the analyzer can read and whose instances are the blueprint's own."""

        def new(_: type, name: str, args: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> Blueprint:
            construct: Any = blueprint
            return construct(name, whole_numbers(args), opts)

        def init(self: object, name: str, args: Any, opts: pulumi.ResourceOptions | None = None) -> None:
            """Never runs: `__new__` answers an instance of another class."""

        init.__annotations__ = {"name": str, "args": self.of_settings(blueprint.SETTINGS), "opts": object}
        outputs = {name: _output_type(blueprint, name) for name in outputs_of(blueprint)}
        return type(
            blueprint.__name__,
            (pulumi.ComponentResource,),
            {
                "__doc__": inspect.cleandoc(blueprint.__doc__ or ""),
                "__module__": blueprint.__module__,
                "__annotations__": outputs,
                "__new__": new,
                "__init__": init,
            },
        )

    def of_settings(self, model: type[BaseModel], alternatives: tuple[type[BaseModel], ...] = ()) -> type:
        """The twin of a settings class; `alternatives` are further members of a union, whose fields it also takes."""
        models = (model, *alternatives)
        name = "Or".join(member.__name__ for member in models)
        if name not in self._types:
            fields: dict[str, Any] = {}
            docs: dict[str, str] = {}
            for member in models:
                hints = typing.get_type_hints(member, include_extras=True)
                for field, info in member.model_fields.items():
                    kind = self._kind(hints[field])
                    kind = pulumi.Input[kind] if _takes_output(hints[field]) else kind
                    everywhere = all(field in other.model_fields for other in models)
                    fields[field] = kind if info.is_required() and everywhere else NotRequired[kind]
                    docs.setdefault(field, " ".join((info.description or "").split()))
            self._types[name] = cast("type", TypedDict(name, fields))  # pyright: ignore[reportArgumentType]  # built from data
            self._docs[name] = docs
        return self._types[name]

    def describe(self, schema: dict[str, Any]) -> None:
        """Writes every field's description into the schema: the analyzer reads them only from source text."""
        for token, kind in schema.get("types", {}).items():
            self._describe(kind.get("properties", {}), self._docs.get(token.rsplit(":", 1)[-1], {}))
        for token, resource in schema.get("resources", {}).items():
            settings = topology(token.rsplit(":", 1)[-1]).SETTINGS
            self._describe(resource.get("inputProperties", {}), self._docs[settings.__name__])

    @staticmethod
    def _describe(properties: dict[str, Any], docs: dict[str, str]) -> None:
        camel = {"".join(p.title() if i else p for i, p in enumerate(f.split("_"))): d for f, d in docs.items()}
        for name, definition in properties.items():
            if camel.get(name):
                definition["description"] = camel[name]

    def _kind(self, hint: Any) -> Any:
        if get_origin(hint) is typing.Annotated:
            return self._kind(get_args(hint)[0])
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (typing.Union, types.UnionType):
            members = [argument for argument in arguments if argument is not type(None)]
            return self._union(members)
        if origin is Literal:
            return cast("Any", type(arguments[0]))
        if origin is list:
            return types.GenericAlias(list, (self._kind(arguments[0]),))
        if origin is dict:
            return types.GenericAlias(dict, (str, self._kind(arguments[1])))
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            return self.of_settings(hint)
        # Resources that can be adopted are passed by their ids from another language.
        return hint if hint in (str, int, float, bool) else Any

    def _union(self, members: list[Any]) -> Any:
        plain = [get_args(member)[0] if get_origin(member) is typing.Annotated else member for member in members]
        models = [member for member in plain if isinstance(member, type) and issubclass(member, BaseModel)]
        if models and len(models) == len(plain):
            return self.of_settings(models[0], tuple(models[1:]))
        return self._kind(members[0]) if len(members) == 1 else Any


def _output_type(blueprint: type[Blueprint], name: str) -> Any:
    """The annotation of an output. Only its own: the SDK's base classes name types that exist for a checker alone."""
    kind = next(kind for kind in blueprint.__mro__ if name in vars(kind).get("__annotations__", {}))
    holder = type(name, (), {"__annotations__": {name: kind.__annotations__[name]}, "__module__": kind.__module__})
    return typing.get_type_hints(holder)[name]


def _takes_output(hint: Any) -> bool:
    """Whether a field is `In[...]`, or may be one (`In[...] | None`)."""
    if any(isinstance(item, AllowOutput) for item in getattr(hint, "__metadata__", ())):
        return True
    return get_origin(hint) in (typing.Union, types.UnionType) and any(map(_takes_output, get_args(hint)))


def whole_numbers(value: Any) -> Any:
    """Plain data with whole floats as ints: other languages have one kind of number."""
    if isinstance(value, Mapping):
        return {key: whole_numbers(item) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [whole_numbers(item) for item in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


if __name__ == "__main__":
    main()
