"""A policy is JSON, with statements that have an effect and say on what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_list, is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/policy-json"
SOURCE = "IAM User Guide, JSON policy element reference"


_MEMBERS = frozenset(("Version", "Id", "Statement"))


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds policies that IAM could not read."""
    for name in ("policy", "assumeRolePolicy"):
        text = subject.inputs.get(name)
        if isinstance(text, str) and text:
            for problem in problems(text, trust=name == "assumeRolePolicy"):
                findings.error(name, f"`{name}` {problem}", RULE, SOURCE)


def problems(text: str, trust: bool) -> list[str]:
    """What is wrong with a policy document."""
    try:
        document: Any = json.loads(text)
    except ValueError as error:
        return [f"is no JSON: {error}"]
    if not is_map(document):
        return ["must be a JSON object"]
    found = [f"has the unknown member `{name}`" for name in document if name not in _MEMBERS]
    statements = document.get("Statement")
    listed = statements if is_list(statements) else [statements]
    if statements is None:
        return [*found, "has no `Statement`"]
    for index, statement in enumerate(listed):
        if not is_map(statement):
            found.append(f"has a statement [{index}] that is no object")
            continue
        if statement.get("Effect") not in ("Allow", "Deny"):
            found.append(f"has a statement [{index}] whose `Effect` is neither Allow nor Deny")
        if not statement.get("Action") and not statement.get("NotAction"):
            found.append(f"has a statement [{index}] without `Action`")
        if trust and ("Resource" in statement or "NotResource" in statement):
            found.append(f"has a statement [{index}] with `Resource`, which a trust policy cannot have")
        if trust and not statement.get("Principal") and not statement.get("NotPrincipal"):
            found.append(f"has a statement [{index}] without `Principal`, which a trust policy needs")
    return found
