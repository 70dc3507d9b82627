"""Fixtures of the provider tests: a provider in this process, and a real engine on a scratch project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blueprints.sandbox.engine.bootstrap import ensure_engine

from .client import Provider
from .harness import Project


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The sandbox's folder inside a project."""
    return tmp_path / "project" / ".blueprints" / "sandbox"


@pytest.fixture
def provider(home: Path) -> Callable[..., Provider]:
    def make(package: str, **config: Any) -> Provider:
        return Provider(package, home, config or None)

    return make


@pytest.fixture
def aws(home: Path) -> Provider:
    return Provider("aws", home)


@pytest.fixture(scope="session")
def engine() -> Path:
    return ensure_engine(lambda _message: None).bin_dir


@pytest.fixture
def project(tmp_path: Path, engine: Path) -> Callable[..., Project]:
    def make(program: str, **more: Any) -> Project:
        made = Project(tmp_path / "scratch", engine, **more)
        made.program(program)
        return made

    return make
