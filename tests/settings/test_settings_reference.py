"""The settings reference in docs/ is what the settings classes say today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from blueprints.topologies import TOPOLOGIES

TOOL = Path(__file__).resolve().parents[2] / "tools" / "settings_reference.py"


@pytest.mark.parametrize("name", sorted(TOPOLOGIES))
def test_the_page_is_current_and_explains_every_setting(name: str) -> None:
    spec = importlib.util.spec_from_file_location("settings_reference", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = tool.page(name)
    assert tool.file_of(name).read_text(encoding="utf-8") == page, "run: python tools/settings_reference.py"
    unexplained = [line for line in page.splitlines() if line.startswith("| `") and line.endswith("|  |")]
    assert not unexplained
