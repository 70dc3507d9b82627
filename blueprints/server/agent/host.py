"""What infrastructure says about this server, read again before a change: it may name new secrets or another bucket."""

from __future__ import annotations

import json
import sys
from typing import Any

from .aws import client, unreachable
from .fetch import write_host_file
from .layout import Layout

_OWN = ("instance_id", "parameter", "first_boot")


def update(layout: Layout) -> dict[str, Any]:
    """The server's parameters as they are now; those known from before where Systems Manager does not answer."""
    known = layout.host()
    ssm = client("ssm", known["region"])
    try:
        answer = ssm.get_parameter(Name=known["parameter"])
    except (unreachable(), ssm.exceptions.ClientError) as error:
        sys.stderr.write(f"parameters as known before: {known['parameter']} cannot be read ({type(error).__name__})\n")
        return known
    host = {**json.loads(answer["Parameter"]["Value"]), **{name: known[name] for name in _OWN}}
    if host != known:
        write_host_file(host, layout.host_file)
    return host
