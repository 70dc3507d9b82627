"""The resource that an operation is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from blueprints.sandbox.provider.knowledge import Knowledge
from blueprints.sandbox.provider.mint import Mint


@dataclass
class Subject:
    """One resource in one operation. Values are plain: secrets are opened, and unknown ones are `Unknown`."""

    urn: str
    type: str
    name: str
    """The logical name in the program."""
    knowledge: Knowledge
    inputs: dict[str, Any]
    generation: int = 0
    """How often the URN was created before this object."""
    olds: dict[str, Any] = field(default_factory=dict[str, Any])
    """The inputs as last applied; empty for a resource that does not exist yet."""
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    """The outputs as they are; empty for a resource that does not exist yet."""
    id: str = ""
    preview: bool = False

    @cached_property
    def mint(self) -> Mint:
        """Makes what AWS would choose for this object."""
        return Mint(self.urn, self.generation)

    @property
    def service(self) -> str:
        """`ec2` in `aws:ec2/vpc:Vpc`."""
        return self.type.split(":")[1].partition("/")[0]

    @property
    def short_type(self) -> str:
        """`Vpc` in `aws:ec2/vpc:Vpc`."""
        return self.type.rpartition(":")[2]

    def text(self, *names: str) -> str:
        """The first of these inputs that is a known text; empty when none is."""
        for name in names:
            value = self.inputs.get(name)
            if isinstance(value, str):
                return value
        return ""


def name_in_urn(urn: str) -> str:
    """The logical name at the end of a URN."""
    return urn.split("::", 3)[3] if urn.count("::") >= 3 else urn


def type_in_urn(urn: str) -> str:
    """The resource's own type in a URN, which also lists the types of its parents."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) == 4 else ""
