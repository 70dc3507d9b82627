"""Simulated providers: real Pulumi protocol, invented cloud."""

from __future__ import annotations

__all__ = ["supported_packages"]


def supported_packages() -> tuple[str, ...]:
    """The Pulumi packages that the sandbox simulates, by the name in their resource types."""
    return ("aws", "command", "docker", "kubernetes", "random", "tls")
