"""What the account has besides what programs made: built in, and what sandbox.yaml adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.account import builtin

if TYPE_CHECKING:
    from blueprints.sandbox.account.description import Description

FILE_NAMES = ("sandbox.yaml", "sandbox.yml")


@dataclass(frozen=True, slots=True)
class Existing:
    """A resource that the account has without any program having made it."""

    type: str
    id: str
    region: str = ""
    """Empty: in every region, or of a global service."""
    properties: dict[str, Any] = field(default_factory=dict[str, Any])


class World:
    """The account around the programs. `home` is the sandbox's folder, `<project>/.blueprints/sandbox`."""

    def __init__(self, home: Path) -> None:
        self._root = home.resolve().parents[1] if len(home.resolve().parents) > 1 else home

    @cached_property
    def file(self) -> Path | None:
        """The project's description of its account, where there is one."""
        return next((self._root / name for name in FILE_NAMES if (self._root / name).is_file()), None)

    @cached_property
    def description(self) -> Description | None:
        """What the file says. `DescriptionError` with every mistake in it."""
        if self.file is None:
            return None
        from blueprints.sandbox.account.description import read

        return read(self.file)

    @property
    def region(self) -> str:
        """The region that the file chooses for programs that set none."""
        return self.description.region if self.description else ""

    def availability_zones(self, region: str) -> list[str]:
        """The zones of a region."""
        from blueprints.sandbox.provider.aws.regions import zones

        named = self.description.availability_zones.get(region) if self.description else None
        return list(named) if named else zones(region)

    def default_vpc(self, region: str) -> str:
        """The id of the region's default VPC."""
        return builtin.default_vpc(region)

    @cached_property
    def _described(self) -> list[Existing]:
        if self.description is None:
            return []
        from blueprints.sandbox.account.described import resources

        return list(resources(self.description))

    def existing(self, type_token: str, region: str) -> Iterator[Existing]:
        """Resources of a type in a region: described ones first, then the built-in ones."""
        for item in self._described:
            if item.type == type_token and item.region in ("", region):
                yield item
        for type_name, identity, properties in builtin.resources(type_token, region, self.availability_zones(region)):
            yield Existing(type_name, identity, region, properties)

    def resource(self, type_token: str, identity: str) -> dict[str, Any] | None:
        """The properties of one resource, in whichever region; None when the account has none such."""
        for item in self._described:
            if item.type == type_token and identity in (
                item.id,
                item.properties.get("arn"),
                item.properties.get("name"),
            ):
                return item.properties
        for region in builtin.regions_of(identity):
            for _, own, properties in builtin.resources(type_token, region, self.availability_zones(region)):
                if own == identity:
                    return properties
        return None

    def described_types(self) -> set[str]:
        """The types of the resources that the file describes."""
        return {item.type for item in self._described}

    def answer(self, token: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
        """The result that the file gives for a function; the first entry whose arguments all fit."""
        for item in self.description.functions if self.description else ():
            if item.function == token and all(arguments.get(key) == value for key, value in item.arguments.items()):
                return item.result
        return None
