"""IAM policy documents as text that is the same in every preview."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi

Statement = Mapping[str, Any]
"""One statement of a policy in IAM's own words; values may be outputs."""


def policy(statements: Iterable[Statement]) -> pulumi.Output[str]:
    """A policy document with these statements. Keys are sorted, so equal statements give equal text."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)}, sort_keys=True)


def trust(service: str, account: pulumi.Input[str] | None = None) -> pulumi.Output[str]:
    """The trust policy of a role that one AWS service assumes, where possible only on behalf of this account."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if account is not None:
        # Without it another account could have the service act with our role (the confused deputy problem).
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return policy([statement])
