"""`doctor`: what this machine has. Works where the Pulumi SDK does not, so it imports nothing that needs it."""

from __future__ import annotations

import argparse
import json

from blueprints.cli.terminal import paint


def doctor(typed: argparse.Namespace) -> int:
    """Prints what was found on this machine. Returns 1 when something that is needed is missing."""
    from blueprints.sandbox.doctor import examine

    findings = examine()
    missing = any(finding.status == "missing" for finding in findings)
    if typed.json:
        print(json.dumps([finding.as_json() for finding in findings], indent=2))
        return 1 if missing else 0
    colours = {"ok": "green", "warn": "yellow", "missing": "red"}
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        standing = paint(f"{finding.status:<7}", colours[finding.status])
        print(f"{standing} {finding.name:<{width}}  {finding.found}".rstrip())
        if finding.fix and finding.status != "ok":
            print(f"{'':<{width + 8}}  fix: {finding.fix}")
    return 1 if missing else 0
