"""Container definitions are JSON, and each has a name and an image."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_list, is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/container-definitions"
SOURCE = "Amazon ECS Developer Guide, task definition parameters"


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds definitions that cannot be read, and those without name or image."""
    text = subject.inputs.get("containerDefinitions")
    if not isinstance(text, str):
        return
    try:
        definitions: Any = json.loads(text)
    except ValueError as error:
        findings.error("containerDefinitions", f"`containerDefinitions` is no JSON: {error}", RULE, SOURCE)
        return
    if not is_list(definitions):
        findings.error("containerDefinitions", "`containerDefinitions` must be a JSON list of objects", RULE, SOURCE)
        return
    for index, definition in enumerate(definitions):
        for name in ("name", "image"):
            if not is_map(definition) or not definition.get(name):
                where = f"containerDefinitions[{index}].{name}"
                findings.error("containerDefinitions", f"`{where}` is missing", RULE, SOURCE)
