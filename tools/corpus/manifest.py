"""The list of public programs: where each is, and the harmless values that stand for what its author would set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

MANIFEST = Path(__file__).parent / "programs.yaml"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Program(_Model):
    """One program: a folder with a Pulumi.yaml."""

    path: str
    """Folder inside the repository; `.` for its root."""
    stack: str = "dev"
    """Name of the stack. The author's own file of that stack, if there is one, is used with `config` laid over it."""
    config: dict[str, Any] = {}
    """Settings that the author's stack file does not have: invented values."""
    variables: dict[str, str] = {}
    """Environment variables that the program reads."""
    account: dict[str, Any] = {}
    """What the program expects to find in the account, as sandbox.yaml declares it."""
    files: dict[str, str] = {}
    """Files that the author made by hand or by a build and did not commit, relative to `path`: small stand-ins.
    For a `.zip`, the text of its one member."""
    judged: str = ""
    """Why a refusal or a change in the second preview is right: the program's own mistake, with its source."""

    limit: str = ""
    """A limit that the sandbox names in a warning, and on which the program then fails."""


class Repository(_Model):
    """A public repository at one commit, and its programs."""

    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    programs: list[Program] = Field(min_length=1)


class Manifest(_Model):
    """All repositories."""

    config: dict[str, Any]
    """Settings for every program whose stack file does not have them."""
    repositories: list[Repository]


def load(path: Path = MANIFEST) -> Manifest:
    """Raises `pydantic.ValidationError` for an entry that does not fit."""
    return Manifest.model_validate(yaml.safe_load(path.read_text()))
