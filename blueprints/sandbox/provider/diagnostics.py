"""Messages to the person who runs the engine."""

from __future__ import annotations

import threading
from typing import Any

from blueprints.sandbox.provider.rpc import engine_grpc, engine_pb2, grpc

PREFIX = "sandbox: "


class Diagnostics:
    """Sends each message once. Quiet until the engine has said where it listens."""

    def __init__(self) -> None:
        self._address = ""
        self._stub: Any = None
        self._sent: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def connect(self, address: str) -> None:
        """The engine's address, from the handshake. Connected to with the first message only."""
        self._address = address

    def warn(self, message: str, urn: str = "") -> None:
        """A warning, shown with the resource when `urn` is given."""
        self._send(engine_pb2.WARNING, message, urn)

    def info(self, message: str, urn: str = "") -> None:
        """Something worth knowing that is no reason to worry."""
        self._send(engine_pb2.INFO, message, urn)

    def _send(self, severity: Any, message: str, urn: str) -> None:
        with self._lock:
            if (urn, message) in self._sent or not self._address:
                return
            self._sent.add((urn, message))
            if self._stub is None:
                self._stub = engine_grpc.EngineStub(grpc.insecure_channel(self._address))
        try:
            self._stub.Log(engine_pb2.LogRequest(severity=severity, message=f"{PREFIX}{message}", urn=urn), timeout=5)
        except grpc.RpcError:
            # An engine that is going away takes no messages; the operation itself must not fail over that.
            self._address = ""
