"""`sandbox.yaml`: what a project's real account has, so that lookups, imports and references find it.

    region: eu-central-1
    vpcs:
      - id: vpc-0a1b2c3d4e5f60718
        cidr_block: 10.20.0.0/16
        tags: {Name: shared}
        subnets:
          - {id: subnet-0a1b2c3d4e5f60718, cidr_block: 10.20.0.0/20, availability_zone: eu-central-1a}
    images:
      - {id: ami-0a1b2c3d4e5f60718, name: company-base-2026.01, owner: self, architecture: x86_64}
    parameters:
      - {name: /shared/database/host, value: db.internal.example.com}
    zones:
      - {name: example.com, id: Z0123456789ABCDEFGHIJ}
    certificates:
      - {domain: example.com, arn: "arn:aws:acm:eu-central-1:000000000000:certificate/..."}
    resources:
      - {type: "aws:s3/bucket:Bucket", id: company-logs, properties: {bucket: company-logs}}
    functions:
      - {function: "aws:ec2/getAmi:getAmi", arguments: {nameRegex: "^base-"}, result: {id: ami-0a1b2c3d4e5f60718}}

Every section may be left out. Nothing in the file is a secret: values of secrets are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from blueprints.sandbox.provider.errors import OperationError

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Token = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*:[\w/.-]+:\w+$")]
Tags = dict[str, str]


class DescriptionError(OperationError):
    """The file is wrong; the message lists every mistake with its place."""

    def __init__(self, message: str) -> None:
        super().__init__("", message)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Subnet(_Part):
    """A subnet of a described VPC."""

    id: Identifier
    cidr_block: Identifier
    availability_zone: Identifier
    public: bool = False
    """Whether instances get a public address by default."""
    tags: Tags = Field(default_factory=dict)


class SecurityGroup(_Part):
    """A security group of a described VPC."""

    id: Identifier
    name: Identifier
    tags: Tags = Field(default_factory=dict)


class Vpc(_Part):
    """A VPC that exists already."""

    id: Identifier
    cidr_block: Identifier
    region: str = ""
    """Empty: in every region."""
    tags: Tags = Field(default_factory=dict)
    subnets: tuple[Subnet, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()


class Image(_Part):
    """A machine image."""

    id: Identifier
    name: Identifier
    owner: Identifier = "self"
    """An account number, `self`, or an alias such as `amazon`."""
    architecture: Identifier = "x86_64"
    region: str = ""
    creation_date: str = "2024-01-01T00:00:00.000Z"
    """The newest image wins where a lookup asks for the most recent."""
    tags: Tags = Field(default_factory=dict)


class Parameter(_Part):
    """A parameter of Systems Manager."""

    name: Identifier
    value: str
    type: Annotated[str, StringConstraints(pattern="^(String|StringList|SecureString)$")] = "String"
    region: str = ""


class Zone(_Part):
    """A hosted zone."""

    name: Identifier
    id: str = ""
    """Empty: made from the name."""
    private: bool = False
    tags: Tags = Field(default_factory=dict)


class Certificate(_Part):
    """A certificate of Certificate Manager."""

    domain: Identifier
    arn: Identifier
    status: str = "ISSUED"
    region: str = ""


class Secret(_Part):
    """A secret of Secrets Manager. Its value is invented."""

    name: Identifier
    arn: Identifier
    region: str = ""


class Key(_Part):
    """A KMS key."""

    id: Identifier
    alias: str = ""
    """With or without the leading `alias/`."""
    region: str = ""


class Resource(_Part):
    """Any other resource that exists already: for `get`, imports and lookups."""

    type: Token
    id: Identifier
    region: str = ""
    properties: dict[str, Any] = Field(default_factory=dict)
    """By their wire names (`cidrBlock`)."""


class Answer(_Part):
    """The result of a function for some arguments."""

    function: Token
    arguments: dict[str, Any] = Field(default_factory=dict)
    """Those that have to be as given here; others may be anything."""
    result: dict[str, Any]


class Description(_Part):
    """The whole file."""

    region: str = ""
    """The region of programs that set none; default us-east-1."""
    availability_zones: dict[str, tuple[Identifier, ...]] = Field(default_factory=dict)
    """By region; default the zones a, b and c."""
    vpcs: tuple[Vpc, ...] = ()
    images: tuple[Image, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    zones: tuple[Zone, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    secrets: tuple[Secret, ...] = ()
    keys: tuple[Key, ...] = ()
    resources: tuple[Resource, ...] = ()
    functions: tuple[Answer, ...] = ()


def read(path: Path) -> Description:
    """The description in a file. `DescriptionError` for one that cannot be read or says something unknown."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DescriptionError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
    try:
        return Description.model_validate(content or {})
    except ValidationError as error:
        lines = [f"  {_where(item['loc'])}: {item['msg']}" for item in error.errors(include_url=False)]
        raise DescriptionError(f"{path.name} has {len(lines)} mistake(s)\n" + "\n".join(lines)) from None


def _where(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the file"
