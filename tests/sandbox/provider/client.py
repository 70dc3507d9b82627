"""Calls a simulated provider as an engine would, message for message, without an engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprints.sandbox.provider.codec import decode, encode
from blueprints.sandbox.provider.guard import Run
from blueprints.sandbox.provider.rpc import provider_pb2
from blueprints.sandbox.provider.service import ProviderService
from blueprints.sandbox.provider.values import UNKNOWN

__all__ = ["UNKNOWN", "Failed", "Provider", "Refused"]


class Refused(Exception):
    """The provider aborted an operation."""


class Failed(Exception):
    """A check failed; `failures` are (property, reason)."""

    def __init__(self, failures: list[tuple[str, str]]) -> None:
        super().__init__(str(failures))
        self.failures = failures

    @property
    def rules(self) -> list[str]:
        return [reason.rpartition("[")[2].partition(";")[0] for _, reason in self.failures]


class _Context:
    def abort(self, _code: object, message: str) -> None:
        raise Refused(message)


@dataclass
class Made:
    """A resource as the engine's state would hold it."""

    urn: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


class Provider:
    """One provider process, in this process."""

    def __init__(self, package: str, home: Path, config: dict[str, Any] | None = None) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.warnings: list[str] = []
        self.service = ProviderService(package, Run(home, "dev", "p", "file:///state"))
        self.service._session.diagnostics.warn = lambda message, urn="": self.warnings.append(message)
        settings = {"region": "eu-central-1"} if package == "aws" and config is None else (config or {})
        self.service.Configure(provider_pb2.ConfigureRequest(args=encode(settings)), _Context())

    @staticmethod
    def urn(token: str, name: str = "x", stack: str = "dev") -> str:
        return f"urn:pulumi:{stack}::p::{token}::{name}"

    def check(
        self, token: str, inputs: dict[str, Any], name: str = "x", olds: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, Any]:
        """The checked inputs, or `Failed`."""
        request = provider_pb2.CheckRequest(
            urn=self.urn(token, name), news=encode(inputs), olds=encode(olds or {}), **more
        )
        response = self.service.Check(request, _Context())
        if response.failures:
            raise Failed([(failure.property, failure.reason) for failure in response.failures])
        return decode(response.inputs)

    def plan(self, token: str, inputs: dict[str, Any], name: str = "x") -> dict[str, Any]:
        """The outputs that a preview shows for a new resource."""
        checked = self.check(token, inputs, name)
        request = provider_pb2.CreateRequest(urn=self.urn(token, name), properties=encode(checked), preview=True)
        return decode(self.service.Create(request, _Context()).properties)

    def create(self, token: str, inputs: dict[str, Any], name: str = "x") -> Made:
        checked = self.check(token, inputs, name)
        urn = self.urn(token, name)
        response = self.service.Create(provider_pb2.CreateRequest(urn=urn, properties=encode(checked)), _Context())
        return Made(urn, response.id, checked, decode(response.properties))

    def diff(self, made: Made, inputs: dict[str, Any]) -> dict[str, Any]:
        """The changes by path, each as `update`, `add`, `delete`, with `!` where it replaces."""
        token, name = made.urn.split("::")[2:]
        checked = self.check(token, inputs, name, made.inputs)
        request = provider_pb2.DiffRequest(
            urn=made.urn,
            id=made.id,
            olds=encode(made.outputs),
            news=encode(checked),
            old_inputs=encode(made.inputs),
        )
        response = self.service.Diff(request, _Context())
        kinds = ["add", "add!", "delete", "delete!", "update", "update!"]
        found = {path: kinds[change.kind] for path, change in response.detailedDiff.items()}
        if response.deleteBeforeReplace:
            found["delete first"] = "yes"
        return found

    def update(self, made: Made, inputs: dict[str, Any], preview: bool = False) -> Made:
        token, name = made.urn.split("::")[2:]
        checked = self.check(token, inputs, name, made.inputs)
        request = provider_pb2.UpdateRequest(
            urn=made.urn,
            id=made.id,
            olds=encode(made.outputs),
            news=encode(checked),
            old_inputs=encode(made.inputs),
            preview=preview,
        )
        outputs = decode(self.service.Update(request, _Context()).properties)
        return Made(made.urn, made.id, checked, outputs)

    def delete(self, made: Made) -> None:
        request = provider_pb2.DeleteRequest(
            urn=made.urn, id=made.id, properties=encode(made.outputs), old_inputs=encode(made.inputs)
        )
        self.service.Delete(request, _Context())

    def read(self, made: Made) -> Made | None:
        """A refresh: what exists under the id, or None when it is gone."""
        request = provider_pb2.ReadRequest(
            urn=made.urn, id=made.id, properties=encode(made.outputs), inputs=encode(made.inputs)
        )
        response = self.service.Read(request, _Context())
        if not response.id:
            return None
        return Made(made.urn, response.id, decode(response.inputs), decode(response.properties))

    def get(self, token: str, identity: str, name: str = "x") -> Made:
        """What `X.get` and an import read."""
        urn = self.urn(token, name)
        response = self.service.Read(provider_pb2.ReadRequest(urn=urn, id=identity), _Context())
        return Made(urn, response.id, decode(response.inputs), decode(response.properties))

    def invoke(self, token: str, **arguments: Any) -> dict[str, Any]:
        request = provider_pb2.InvokeRequest(tok=token, args=encode(arguments))
        return decode(getattr(self.service.Invoke(request, _Context()), "return"))
