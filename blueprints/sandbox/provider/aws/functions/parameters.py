"""Parameters of Systems Manager: those of programs, of sandbox.yaml, and the public ones under /aws/service."""

from __future__ import annotations

import json
from typing import Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.errors import UnknownLookupError
from blueprints.sandbox.provider.mint import Mint
from blueprints.sandbox.provider.values import Secret, reveal

_PUBLIC = "/aws/service/"
_IMAGES = (
    "/ami-",
    "/ami/",
    "optimized-ami",
    "/image_id",
    "canonical/",
    "/debian/",
    "/freebsd/",
    "/suse/",
    "bottlerocket",
)


def public_value(name: str, region: str) -> str | None:
    """The value of a parameter that AWS publishes; None for a name under which it publishes none known here."""
    if not name.startswith(_PUBLIC):
        return None
    mint = Mint(f"parameter::{region}::{name}")
    if name.startswith(f"{_PUBLIC}global-infrastructure/"):
        return name.rpartition("/")[2]
    if any(part in name for part in _IMAGES):
        identity = mint.identity("ami-", 17)
        if name.endswith("/recommended"):
            return json.dumps({"image_id": identity, "image_name": name.split("/")[3], "os": "Amazon Linux"})
        if name.endswith(("/image_version", "/release_version")):
            return "1.0.0-20250110"
        return identity
    return None


def _found(simulation: Any, name: str, region: str) -> dict[str, Any] | None:
    session = simulation.session
    for row in session.account.of_type("aws:ssm/parameter:Parameter"):
        outputs = session.account.outputs(row)
        if outputs.get("name") == name and row.region == region:
            value = reveal(outputs.get("value") or outputs.get("insecureValue") or "")
            return {"value": value, "type": outputs.get("type", "String"), "version": outputs.get("version", 1)}
    for item in session.world.existing("aws:ssm/parameter:Parameter", region):
        if item.properties.get("name") == name:
            return {"value": item.properties["value"], "type": item.properties.get("type", "String"), "version": 1}
    value = public_value(name, region)
    return None if value is None else {"value": value, "type": "String", "version": 1}


def get_parameter(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """One parameter."""
    name = str(arguments.get("name", ""))
    found = _found(simulation, name, region)
    if found is None:
        raise UnknownLookupError(
            f"aws:ssm/getParameter:getParameter: the simulated account has no parameter `{name}` in {region}."
            f" Describe it in sandbox.yaml:\n  parameters:\n    - {{name: {name}, value: <its value>}}"
        )
    secure = found["type"] == "SecureString"
    arn = f"arn:{regions.partition(region)}:ssm:{region}:{regions.ACCOUNT}:parameter/{name.lstrip('/')}"
    if name.startswith(_PUBLIC):
        arn = f"arn:{regions.partition(region)}:ssm:{region}::parameter{name}"
    # The SDK marks `value` as a secret output of this function; the plain text is `insecureValue`.
    return {
        **arguments,
        "id": name,
        "arn": arn,
        "name": name,
        "region": region,
        "type": found["type"],
        "value": Secret(found["value"]),
        "insecureValue": "" if secure else found["value"],
        "version": found["version"],
    }


def get_parameters_by_path(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """All parameters below a path."""
    path = str(arguments.get("path", "/")).rstrip("/") + "/"
    session = simulation.session
    names = {
        str(session.account.outputs(row).get("name"))
        for row in session.account.of_type("aws:ssm/parameter:Parameter")
        if row.region == region
    }
    names |= {
        str(item.properties.get("name")) for item in session.world.existing("aws:ssm/parameter:Parameter", region)
    }
    below = sorted(
        name for name in names if name.startswith(path) and (arguments.get("recursive") or "/" not in name[len(path) :])
    )
    found = [get_parameter(simulation, {"name": name}, region) for name in below]
    return {
        **arguments,
        "id": path.rstrip("/"),
        "region": region,
        "names": below,
        "arns": [item["arn"] for item in found],
        "types": [item["type"] for item in found],
        "values": Secret([item["value"].value for item in found]),
    }


FUNCTIONS = {
    "aws:ssm/getParameter:getParameter": get_parameter,
    "aws:ssm/getParametersByPath:getParametersByPath": get_parameters_by_path,
}
