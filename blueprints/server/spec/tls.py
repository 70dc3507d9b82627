"""Where the server's certificate comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from blueprints.errors import Problem
from blueprints.fields import Email
from blueprints.settings import Settings

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"


class TlsSpec(Settings):
    """The certificate: issued by ACME, brought along, or signed by itself."""

    mode: Literal["acme", "provided", "self_signed"] = "acme"
    """`acme` starts on a temporary certificate, issues one over HTTP and renews it 30 days before it ends, without
    downtime; `provided` reads the secret `tls_certificate`; `self_signed` is for dev. Default acme."""
    email: Email | None = None
    """Address of the ACME account, for the authority's messages. Default none."""
    directory: str = LETS_ENCRYPT
    """ACME directory. Default Let's Encrypt's."""

    def rules(self) -> Iterator[Problem]:
        """An authority is reached over HTTPS."""
        if not self.directory.startswith("https://") or any(mark in self.directory for mark in " \"'\n"):
            yield Problem("directory", "must be an https URL", f"use {LETS_ENCRYPT}", self.directory)
        if self.mode != "acme" and self.email is not None:
            yield Problem("email", "is only used in mode acme", "remove it, or set mode: acme", self.email)
