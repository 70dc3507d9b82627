"""Writes the golden schema of the hosted components anew: `python -m tests.host.renew`, from the repository root."""

from __future__ import annotations

import json
from pathlib import Path

from blueprints import host

if __name__ == "__main__":
    text = json.dumps(json.loads(host.provider("0.0.0").schema or ""), indent=2, sort_keys=True)
    Path(__file__).with_name("schema.json").write_text(text + "\n", encoding="utf-8")
