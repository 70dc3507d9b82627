"""Is the server well, as a client would see it: over HTTPS, through nginx, to the application."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from typing import Any

from .errors import AgentError


def answer(description: dict[str, Any], address: tuple[str, int] = ("127.0.0.1", 443), timeout: float = 5) -> int:
    """Status of /health; 0 where there is no answer."""
    host = (description["domains"] or ["localhost"])[0]
    # Whether the certificate is trusted is another question with a metric of its own.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection(host, timeout=timeout, context=context)
    try:
        raw = socket.create_connection(address, timeout=timeout)
        connection.sock = context.wrap_socket(raw, server_hostname=host)
        connection.request("GET", "/health", headers={"User-Agent": "blueprints-health"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def wait_until_healthy(description: dict[str, Any], within: float = 120, good: int = 3) -> None:
    """Returns after several good answers in a row; raises `AgentError` when they do not come in time."""
    until = time.monotonic() + within
    row, last = 0, 0
    while time.monotonic() < until:
        last = answer(description)
        row = row + 1 if last == 200 else 0
        if row >= good:
            return
        time.sleep(1)
    said = f"HTTP {last}" if last else "no answer"
    raise AgentError(f"https://{(description['domains'] or ['localhost'])[0]}/health: {said} after {within:.0f} s")
