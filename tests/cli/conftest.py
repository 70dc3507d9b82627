"""Projects for tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project folder."""
    return Project(tmp_path / "project")


@pytest.fixture
def stacks(tmp_path: Path) -> Project:
    """A copy of this repository's own project: `stacks.run("up", "single-server-dev")`."""
    return Project(tmp_path / "project").copy_stacks()
