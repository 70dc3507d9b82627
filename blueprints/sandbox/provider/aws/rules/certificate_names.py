"""Names of a certificate are domain names, at most one of them the first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import is_list

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/certificate-names"
SOURCE = "AWS Certificate Manager User Guide, requesting a public certificate"


_NAME = re.compile(r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{1,63}$", re.IGNORECASE)


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds names that no certificate can have."""
    alternatives = subject.inputs.get("subjectAlternativeNames")
    names = [("domainName", subject.inputs.get("domainName"))]
    names += [
        (f"subjectAlternativeNames[{i}]", name) for i, name in enumerate(alternatives if is_list(alternatives) else [])
    ]
    for path, name in names:
        if isinstance(name, str) and (not _NAME.match(name.rstrip(".")) or len(name) > 253):
            findings.error(path, f"`{path}` is `{name}`, which is no domain name", RULE, SOURCE)
