"""Shared by all tiers: helper modules beside tests can be imported by name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# With importlib import mode pytest adds no folder to the path itself.
for folder in ("components", "engine"):
    sys.path.insert(0, str(HERE / folder))

# An Output formatted into text is a bug that otherwise only shows as a paragraph of advice in a value.
os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "1"

# Set on some machines; with it, a program that leaves __pycache__ behind would go unseen.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
