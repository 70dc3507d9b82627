"""The instance's user data: a bootstrap that is the same, byte for byte, for every server.

It installs what the bundle needs from the operating system's signed packages, learns from one instance tag which
parameter describes this server, fetches that bundle, checks it, and hands over to the agent inside. A new bundle
therefore never changes the user data, and never replaces an instance.
"""

from __future__ import annotations

from importlib.resources import files

from blueprints.server.template import indent, read, render

LIMIT = 16384
"""Bytes that EC2 takes as user data (EC2 user guide, "Instance user data")."""


def user_data() -> str:
    """The cloud-config. Holds no name, id or secret of any server."""
    fetch = files("blueprints.server").joinpath("agent", "fetch.py").read_text(encoding="utf-8")
    return render(
        "host/cloud-config.yaml",
        bootstrap=indent(read("host/bootstrap.sh"), 6).lstrip(),
        fetch=indent(fetch, 6).lstrip(),
        unit=indent(read("host/blueprints-bootstrap.service"), 6).lstrip(),
        upgrades=indent(read("host/unattended-upgrades.conf"), 6).lstrip(),
    )
