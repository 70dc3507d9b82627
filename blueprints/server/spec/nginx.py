"""nginx, the only container that faces the internet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from blueprints.errors import Problem
from blueprints.fields import Cidr, Duration, Size, between_durations, between_sizes
from blueprints.server.spec.images import NGINX, Image
from blueprints.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; form-action 'self'; object-src 'none'; frame-ancestors 'none'; upgrade-insecure-requests"
)
"""OWASP Secure Headers' recommendation."""


class RateLimit(Settings):
    """Requests of one address: a steady rate and a burst on top; more is answered 429."""

    per_minute: Annotated[int, Field(ge=1, le=60000)]
    """Requests a minute, 1 to 60000."""
    burst: Annotated[int, Field(ge=0, le=10000)]
    """Requests beyond the rate that are served at once, 0 to 10000."""


class RateLimits(Settings):
    """Limits per client address, counted apart."""

    general: RateLimit = RateLimit(per_minute=1200, burst=60)
    """Every request. Default 1200 a minute, 60 at once."""
    login: RateLimit = RateLimit(per_minute=60, burst=10)
    """Login pages and token requests. Default 60 a minute, 10 at once."""
    admin: RateLimit = RateLimit(per_minute=300, burst=20)
    """Keycloak's admin console and master realm. Default 300 a minute, 20 at once."""
    connections: Annotated[int, Field(ge=1, le=10000)] = 100
    """Requests under way at the same time, 1 to 10000 (each stream of HTTP/2 counts). Default 100."""

    def rules(self) -> Iterator[Problem]:
        """Login and admin are the stricter ones."""
        for name in ("login", "admin"):
            limit: RateLimit = getattr(self, name)
            if limit.per_minute > self.general.per_minute:
                yield Problem(
                    f"{name}.per_minute",
                    "must not be above general.per_minute: the general limit would decide",
                    f"use {self.general.per_minute} or less",
                    limit.per_minute,
                )


class Snippets(Settings):
    """Own nginx directives in named places. `nginx -t` judges them on the server before they take effect."""

    http: str = ""
    """In the http block: maps, zones, upstreams. Default none."""
    server: str = ""
    """In the HTTPS server: further locations. A location with an own `add_header` must include
    `security-headers.conf`, or nginx drops the inherited ones. Default none."""
    app: str = ""
    """In the location that leads to the application. Default none."""


class NginxSpec(Settings):
    """nginx before the application: TLS, redirects, headers and limits."""

    image: Image = NGINX
    """nginx's official image or one with its contract. Default 1.30.1 on Alpine."""
    user_id: Annotated[int, Field(ge=1, le=65535)] = 101
    """User id nginx runs as; 101 in the official images. Default 101."""
    memory: Annotated[Size, between_sizes("32MB", "8GB")] = "192MB"
    """Memory limit, buffered request bodies included. Default 192MB."""
    cpus: Annotated[float, Field(ge=0.1, le=64)] = 1.0
    """Processors it may use at most. Default 1."""
    rate_limits: RateLimits = RateLimits()
    """Limits per client address."""
    max_body: Annotated[Size, between_sizes("1MB", "4GB")] = "10MB"
    """Largest request body, 1 MB to 4 GB; a larger one is answered 413. Default 10MB."""
    header_timeout: Annotated[Duration, between_durations("1s", "10m")] = "15s"
    """Time a client has to send its request header. Default 15s."""
    body_timeout: Annotated[Duration, between_durations("1s", "10m")] = "15s"
    """Longest pause between two reads of a request body. Default 15s."""
    response_timeout: Annotated[Duration, between_durations("1s", "1h")] = "60s"
    """Longest pause while the application prepares or sends its answer; then 504. Default 60s."""
    drain_timeout: Annotated[Duration, between_durations("1s", "1h")] = "30s"
    """How long open connections (WebSockets too) may go on after a switch. Default 30s."""
    content_security_policy: str = CONTENT_SECURITY_POLICY
    """Content-Security-Policy of the application's pages. Default OWASP's strict one."""
    frame_options: Literal["DENY", "SAMEORIGIN"] = "DENY"
    """X-Frame-Options of the application's pages. Default DENY."""
    hsts_subdomains: bool = True
    """Whether HSTS covers subdomains too. Default true."""
    trusted_proxies: list[Cidr] = []
    """Proxies before this server (a CDN) whose X-Forwarded-For names the client. Default none."""
    snippets: Snippets = Snippets()
    """Own nginx directives."""

    def rules(self) -> Iterator[Problem]:
        """A policy that fits into one header; proxies that are not everyone."""
        if not self.content_security_policy.strip():
            yield Problem("content_security_policy", "must not be empty", f'use "{CONTENT_SECURITY_POLICY}"', "")
        if any(mark in self.content_security_policy for mark in '"$\\\r\n'):
            yield Problem(
                "content_security_policy",
                'must be one line without ", $ or \\',
                "quote keywords with '",
                self.content_security_policy,
            )
        for index, cidr in enumerate(self.trusted_proxies):
            if cidr.endswith("/0"):
                yield Problem(
                    f"trusted_proxies[{index}]",
                    "must not be the whole internet: anyone could claim any address",
                    "name the ranges of your CDN",
                    cidr,
                )
