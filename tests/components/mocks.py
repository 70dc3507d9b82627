"""Mocks that record what the engine would be told: every registration with its inputs and its options."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format
from pulumi.runtime import mocks, settings
from pulumi.runtime.stack import run_pulumi_func


@dataclass(frozen=True)
class Registered:
    """One resource as a program registered it."""

    type: str
    name: str
    inputs: dict[str, Any]
    """Inputs under their wire names, secrets unwrapped."""
    parent: str
    """Logical name of the parent; empty at the root."""
    protect: bool
    retain: bool
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    delete_before_replace: bool
    aliases: int
    provider: str
    additional_secret_outputs: tuple[str, ...]
    import_id: str
    after: frozenset[str]
    """Logical names of everything that it waits for, by inputs or by `depends_on`."""


ACCOUNT: dict[str, dict[str, Any]] = {
    "aws:index/getRegion:getRegion": {"region": "eu-central-1", "id": "eu-central-1"},
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": "123456789012", "id": "123456789012"},
    "aws:index/getPartition:getPartition": {"partition": "aws", "id": "aws"},
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
        "names": ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    },
    "aws:ssm/getParameter:getParameter": {"value": "ami-0123456789abcdef0", "insecureValue": "ami-0123456789abcdef0"},
    "aws:ec2/getSubnet:getSubnet": {"availabilityZone": "eu-central-1a", "vpcId": "vpc-0123456789abcdef0"},
}
"""What lookups answer unless a test says otherwise."""


@dataclass
class Recorder(mocks.Mocks):
    """Answers registrations with plausible outputs and keeps them."""

    registered: list[Registered] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    outputs: Callable[[str, str, dict[str, Any]], dict[str, Any]] | None = None
    answers: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        state = dict(args.inputs)
        module = args.typ.split(":")[1].split("/")[0] if ":" in args.typ else ""
        state.setdefault("arn", f"arn:aws:{module}:eu-central-1:123456789012:{args.name}")
        state.setdefault("name", args.name)
        if args.typ == "aws:s3/bucket:Bucket":
            state.setdefault("bucket", args.name)
        if args.typ == "aws:ec2/eip:Eip":
            state.setdefault("publicIp", "203.0.113.10")
        if self.outputs is not None:
            state |= self.outputs(args.typ, args.name, dict(args.inputs))
        return f"{args.name}-id", state

    def call(self, args: mocks.MockCallArgs) -> dict[Any, Any]:
        self.calls.append((args.token, dict(args.args)))
        return dict((ACCOUNT | dict(self.answers)).get(args.token, args.args))

    def one(self, name: str) -> Registered:
        """The one resource of a logical name."""
        found = [item for item in self.registered if item.name == name]
        assert len(found) == 1, f"{name} is registered {len(found)} times; known: {sorted(self.names())}"
        return found[0]

    def of_type(self, token: str) -> list[Registered]:
        """Every resource of a type."""
        return [item for item in self.registered if item.type == token]

    def names(self) -> set[str]:
        """Logical names of everything registered."""
        return {item.name for item in self.registered}


class _Monitor(mocks.MockMonitor):
    """Mocks see inputs only; options are in the request."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.recorder = recorder

    def RegisterResource(self, request: Any) -> Any:
        if request.type == "pulumi:pulumi:Stack":
            return super().RegisterResource(request)
        self.recorder.registered.append(
            Registered(
                type=request.type,
                name=request.name,
                inputs=_unwrapped(json_format.MessageToDict(request.object)),
                parent=request.parent.rsplit("::", 1)[-1] if request.parent else "",
                protect=request.protect,
                retain=request.retainOnDelete,
                ignore_changes=tuple(request.ignoreChanges),
                replace_on_changes=tuple(request.replaceOnChanges),
                delete_before_replace=request.deleteBeforeReplace,
                aliases=len(request.aliases),
                provider=request.provider,
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
                import_id=request.importId,
                after=frozenset(urn.rsplit("::", 1)[-1] for urn in request.dependencies),
            )
        )
        return super().RegisterResource(request)


_SECRET = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(_SECRET) == _SECRET_SIGNATURE:
            return _unwrapped(value["value"])
        return {key: _unwrapped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def build(program: Callable[[], Any], *, preview: bool = False, **options: Any) -> Recorder:
    """Runs a program under mocks until nothing is outstanding; errors of the program come out."""
    recorder = Recorder(**options)
    # A loop of its own for each build: the SDK keeps tasks of the loop that it finds.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    settings.reset_options()
    mocks.set_mocks(recorder, project="project", stack="dev", preview=preview, monitor=_Monitor(recorder))
    try:
        loop.run_until_complete(run_pulumi_func(program))
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return recorder
