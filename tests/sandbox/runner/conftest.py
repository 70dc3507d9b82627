"""Projects and homes for tests of the sandbox runner."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project

from blueprints.sandbox.home import Home


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project folder under git."""
    return Project(tmp_path / "project")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """The sandbox of a small project."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    made = Home(root)
    made.make()
    return made
