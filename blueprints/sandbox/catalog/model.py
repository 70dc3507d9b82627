"""What a Pulumi package declares: resources, functions, and the types of their properties.

Names of properties are wire names (camelCase), as the engine sends them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "string",
    "integer",
    "number",
    "boolean",
    "any",
    "asset",
    "archive",
    "list",
    "map",
    "object",
    "enum",
    "const",
    "union",
]


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a property.

    `item` is the element type of a `list` or `map`; `ref` names an `object` (`Package.object_type`) or an `enum`
    (`Package.enum_type`); `options` are the members of a `union`; `value` is the one value that a `const` accepts.
    """

    kind: Kind
    item: Type | None = None
    ref: str | None = None
    options: tuple[Type, ...] = ()
    value: str | int | bool | None = None

    def __str__(self) -> str:
        if self.kind in ("list", "map"):
            return f"{self.kind}[{self.item}]"
        if self.kind in ("object", "enum"):
            return (self.ref or "").rpartition("#")[2]
        if self.kind == "union":
            return " | ".join(str(option) for option in self.options)
        if self.kind == "const":
            return repr(self.value)
        return self.kind


ANY = Type("any")


@dataclass(frozen=True, slots=True)
class Property:
    """One property, under the name that it has on the wire.

    `required` says that a program must set it or, for an output, that a resource always has it. `secret` says that the
    SDK marks the value as a secret. `json` says that the SDK sends the value as JSON text (properties of providers).
    `constant` is a value that the SDK always sends.
    """

    name: str
    type: Type
    required: bool = False
    secret: bool = False
    json: bool = False
    description: str = ""
    deprecated: str = ""
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A nested object: its key in the package and its properties by wire name."""

    key: str
    properties: dict[str, Property]

    @property
    def required(self) -> frozenset[str]:
        return frozenset(name for name, prop in self.properties.items() if prop.required)


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enumeration of the SDK. A property of type `union` of `string` and an `enum` accepts other values too."""

    key: str
    values: tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource, a component (`component`) or, for `pulumi:providers:<package>`, the provider itself."""

    token: str
    inputs: dict[str, Property]
    outputs: dict[str, Property]
    secret_outputs: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    deprecated: str = ""
    component: bool = False
    remote: bool = False

    @property
    def required(self) -> frozenset[str]:
        return frozenset(name for name, prop in self.inputs.items() if prop.required)

    @property
    def only_outputs(self) -> frozenset[str]:
        """Outputs that are no inputs: the provider alone decides them."""
        return frozenset(self.outputs) - frozenset(self.inputs)


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function (data source): arguments and result by wire name."""

    token: str
    arguments: dict[str, Property]
    result: dict[str, Property] = field(default_factory=dict[str, Property])
    deprecated: str = ""

    @property
    def required(self) -> frozenset[str]:
        return frozenset(name for name, prop in self.arguments.items() if prop.required)
