"""Inputs as the special values read them."""

from __future__ import annotations

from typing import Any

from blueprints.sandbox.provider.aws.forms import Values


def setting(values: Values, name: str, default: Any = None) -> Any:
    """An input, or `default` where it is not set."""
    value = values.subject.inputs.get(name)
    return default if value is None else value
