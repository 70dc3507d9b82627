"""Systems Manager documents: the verbs of the agent that people and deployments call from outside."""

from __future__ import annotations

from typing import Any

_AGENT = "/usr/local/sbin/blueprints"

# Every parameter is held to a pattern without blanks or quotes: what reaches the shell is a word.
_VERSION = {
    "type": "String",
    "description": "Version of the bundle: 64 hexadecimal digits.",
    "allowedPattern": "^[0-9a-f]{64}$",
}
_MANIFEST = {
    "type": "String",
    "description": "Key of the backup's manifest.json in the backup bucket.",
    "allowedPattern": "^[A-Za-z0-9/_.-]{1,512}$",
}
_DATABASE = {
    "type": "String",
    "description": "Name of a database.",
    "allowedPattern": "^[a-z][a-z0-9_]{0,62}$",
}


def ssm_documents() -> dict[str, dict[str, Any]]:
    """Contents of the Command documents by role: deploy, rollback, backup, restore."""
    return {
        "deploy": _document(
            "Makes a version of the bundle live; fails, with the version before live again, when it is not healthy.",
            "deploy --wait {{ version }}",
            {"version": _VERSION},
        ),
        "rollback": _document("Makes the version before the current one live again. Data stays as it is.", "rollback"),
        "backup": _document("Dumps every database to the backup bucket.", "backup"),
        "restore": _document(
            "Restores one database of a backup into a new database; never overwrites one.",
            "restore {{ manifest }} {{ database }} --into {{ into }}",
            {"manifest": _MANIFEST, "database": _DATABASE, "into": _DATABASE},
        ),
    }


def _document(description: str, command: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "schemaVersion": "2.2",
        "description": description,
        "parameters": parameters or {},
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": "agent",
                "precondition": {"StringEquals": ["platformType", "Linux"]},
                "inputs": {
                    # First boot may still be installing what the command needs.
                    "runCommand": [
                        "set -eu",
                        f"for _ in $(seq 120); do [ -x {_AGENT} ] && break; sleep 5; done",
                        f"exec {_AGENT} {command}",
                    ],
                    "timeoutSeconds": "3600",
                },
            }
        ],
    }
