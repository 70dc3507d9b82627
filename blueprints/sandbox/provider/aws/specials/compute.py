"""Load balancers, instances, functions: what their outputs need beyond a form."""

from __future__ import annotations

import hashlib
from typing import Any

from blueprints.sandbox.provider.aws.forms import Values
from blueprints.sandbox.provider.aws.specials.inputs import setting
from blueprints.sandbox.provider.values import Unknown


def elbkind(values: Values) -> Any:
    """The kind as ARNs spell it."""
    kind = setting(values, "loadBalancerType", "application")
    return (
        {"application": "app", "network": "net", "gateway": "gwy"}.get(kind, "app") if isinstance(kind, str) else kind
    )


def internalprefix(values: Values) -> str:
    """Internal load balancers have a DNS name that says so."""
    return "internal-" if setting(values, "internal") is True else ""


def lbsuffix(values: Values) -> Any:
    """What identifies the load balancer in the ARN of its listener."""
    return _after(setting(values, "loadBalancerArn", ""), ":loadbalancer/")


def listenersuffix(values: Values) -> Any:
    """What identifies the listener in the ARN of its rule."""
    return _after(setting(values, "listenerArn", ""), ":listener/")


def _after(text: Any, mark: str) -> Any:
    return text if isinstance(text, Unknown) else str(text).partition(mark)[2] or str(text).rpartition("/")[2]


def fingerprint(values: Values) -> str:
    """An MD5 fingerprint of the public key."""
    key = setting(values, "publicKey", "")
    digest = hashlib.md5(str(key).encode(), usedforsecurity=False).hexdigest()
    return ":".join(digest[index : index + 2] for index in range(0, 32, 2))


def revision(values: Values) -> int:
    """Task definitions, layers and job definitions count their revisions."""
    return values.subject.generation + 1


def functionversion(values: Values) -> Any:
    """The published version of a function."""
    if setting(values, "publish") is not True:
        return "$LATEST"
    return str(_next(values, "version", 1))


def latestversion(values: Values) -> int:
    """The newest version of a launch template or a parameter: one more with each change."""
    name = "latestVersion" if values.subject.short_type == "LaunchTemplate" else "version"
    return _next(values, name, 1)


def _next(values: Values, name: str, first: int) -> int:
    subject = values.subject
    before = subject.outputs.get(name)
    if before is None or not str(before).isdigit():
        return first
    return int(before) + (1 if subject.olds and subject.olds != subject.inputs else 0)
