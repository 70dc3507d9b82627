"""Container images: how a reference must be written, and the releases that the bundle runs by default.

Digests are those of the multi-platform indexes, so that the same reference works on x86 and on Arm.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from blueprints.problems import wrong

_REFERENCE = re.compile(
    r"(?P<name>(?:[a-z0-9.-]+(?::\d+)?/)?[a-z0-9._/-]+)(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


def _pinned(value: str) -> str:
    match = _REFERENCE.fullmatch(value)
    if match is None:
        raise wrong("must be an image reference", "write it like registry.example.com/team/app:1.4.2")
    if not match["digest"] and match["tag"] in (None, "latest"):
        raise wrong(
            "must be pinned: what `latest` means changes under a running server", "add a version tag or a digest"
        )
    return value


Image = Annotated[str, AfterValidator(_pinned)]
"""An image reference with a version tag or, better, a digest (`name:1.4.2@sha256:...`). `latest` is refused."""

NGINX: Image = "nginx:1.30.1-alpine@sha256:c819f83c54b0361f5557601bf5eb4943d09360e7a7fdf426afc466570f45874d"
POSTGRES: Image = "postgres:17.10-alpine@sha256:742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193"
KEYCLOAK: Image = (
    "quay.io/keycloak/keycloak:26.7.3@sha256:ff4257d0d64efbe99ed1ddfaf07765cc3c36dc7518bf8324d41961327f441c54"
)
