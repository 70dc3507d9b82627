"""Whether a Docker engine is there, for a message in a preview. No resource ever depends on it."""

from __future__ import annotations

import os
import socket

_DEFAULT = "unix:///var/run/docker.sock"


def answers() -> bool:
    """Whether something listens where the Docker client would look; a remote address is taken for granted."""
    address = os.environ.get("DOCKER_HOST", _DEFAULT)
    if not address.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address.removeprefix("unix://"))
        except OSError:
            return False
    return True
