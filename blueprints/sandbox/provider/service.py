# ruff: noqa: N802, ARG002 - names and parameters are those of the protocol
"""The provider service of Pulumi's protocol: messages in, operations, messages out.

What is supported is decided once: secrets yes (outputs keep them, at the same depth), automatic-naming options yes,
previews yes; resource references and output values no (the engine then sends ids and plain values, which is all that a
cloud API could take).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Any

from blueprints.sandbox.provider.checks.conforming import conform
from blueprints.sandbox.provider.codec import decode, encode
from blueprints.sandbox.provider.configuration import Configuration
from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Finding, OperationError
from blueprints.sandbox.provider.guard import Run
from blueprints.sandbox.provider.naming import Autonaming
from blueprints.sandbox.provider.operations import Operations
from blueprints.sandbox.provider.rpc import empty_pb2, grpc, plugin_pb2, provider_grpc, provider_pb2
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.values import format_path, has_unknown, reveal

_MODES = {0: "propose", 1: "enforce", 2: "disable"}
_FEATURES = {"supports_autonaming_configuration": True}


class ProviderService(provider_grpc.ResourceProviderServicer):
    """One simulated package."""

    def __init__(self, package: str, run: Run) -> None:
        self._package = package
        self._session = Session(package, run)
        self._operations = Operations(self._session)
        self._configuration = Configuration(self._session)

    def Handshake(self, request: Any, context: Any) -> Any:
        """Says what is supported, and learns where the engine listens."""
        self._session.diagnostics.connect(request.engine_address)
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False, **_FEATURES
        )

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """The version of the SDK whose declarations are in use."""
        catalog = self._session.catalog
        return plugin_pb2.PluginInfo(version=catalog.version if catalog else "0.0.0")

    def Attach(self, request: Any, context: Any) -> Any:
        """Another engine's address."""
        self._session.diagnostics.connect(request.address)
        return empty_pb2.Empty()

    def GetSchema(self, request: Any, context: Any) -> Any:
        """The types that the account holds resources of: what an import can bring in."""
        from blueprints.sandbox.provider.package_schema import importable_schema

        return provider_pb2.GetSchemaResponse(schema=importable_schema(self._session))

    def GetMapping(self, request: Any, context: Any) -> Any:
        """No mapping from other ecosystems."""
        return provider_pb2.GetMappingResponse()

    def GetMappings(self, request: Any, context: Any) -> Any:
        """No mappings from other ecosystems."""
        return provider_pb2.GetMappingsResponse()

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Judges the provider's own settings."""
        return self._guarded(context, self._check_config, request)

    def _check_config(self, request: Any) -> Any:
        inputs, failures = self._configuration.check(decode(request.news), request.urn)
        return provider_pb2.CheckResponse(inputs=encode(inputs), failures=_failures(failures))

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Compares the provider's own settings."""
        return self._guarded(context, self._diff_config, request)

    def _diff_config(self, request: Any) -> Any:
        return _difference(self._configuration.diff(decode(request.old_inputs), decode(request.news)), False)

    def Configure(self, request: Any, context: Any) -> Any:
        """Takes the provider's settings over."""
        return self._guarded(context, self._configure, request)

    def _configure(self, request: Any) -> Any:
        self._configuration.apply(decode(request.args))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False, **_FEATURES
        )

    def Check(self, request: Any, context: Any) -> Any:
        """Judges the inputs of a resource."""
        return self._guarded(context, self._check, request)

    def _check(self, request: Any) -> Any:
        autonaming = Autonaming()
        if request.HasField("autonaming"):
            asked = request.autonaming
            autonaming = Autonaming(_MODES.get(asked.mode, ""), asked.proposed_name)
        checked = self._operations.check(request.urn, decode(request.olds), decode(request.news), autonaming)
        return provider_pb2.CheckResponse(inputs=encode(checked.inputs), failures=_failures(checked.failures))

    def Diff(self, request: Any, context: Any) -> Any:
        """Compares a resource with what the program now asks for."""
        return self._guarded(context, self._diff, request)

    def _diff(self, request: Any) -> Any:
        found = self._operations.diff(
            request.urn, _old_inputs(request, request.olds), decode(request.olds), decode(request.news)
        )
        return _difference(found.changes, found.delete_first)

    def Create(self, request: Any, context: Any) -> Any:
        """Creates a resource, or says what is known of it before it exists."""
        return self._guarded(context, self._create, request)

    def _create(self, request: Any) -> Any:
        identity, outputs = self._operations.create(request.urn, decode(request.properties), request.preview)
        return provider_pb2.CreateResponse(id=identity, properties=encode(outputs))

    def Read(self, request: Any, context: Any) -> Any:
        """Reads a resource as it is in the account."""
        return self._guarded(context, self._read, request)

    def _read(self, request: Any) -> Any:
        asked = decode(request.inputs)
        found = self._operations.read(request.urn, request.id, asked, decode(request.properties))
        if found is None:
            # An empty id tells the engine that the resource is gone; for an import it fails and names the id.
            return provider_pb2.ReadResponse()
        inputs, outputs = found
        return provider_pb2.ReadResponse(id=request.id, inputs=encode(inputs), properties=encode(outputs))

    def Update(self, request: Any, context: Any) -> Any:
        """Changes a resource in place."""
        return self._guarded(context, self._update, request)

    def _update(self, request: Any) -> Any:
        outputs = self._operations.update(
            request.urn,
            request.id,
            _old_inputs(request, request.olds),
            decode(request.olds),
            decode(request.news),
            preview=request.preview,
        )
        return provider_pb2.UpdateResponse(properties=encode(outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        """Deletes a resource."""
        return self._guarded(context, self._delete, request)

    def _delete(self, request: Any) -> Any:
        inputs = _old_inputs(request, request.properties)
        self._operations.delete(request.urn, request.id, inputs, decode(request.properties))
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: Any) -> Any:
        """Answers a function."""
        return self._guarded(context, self._invoke, request)

    def _invoke(self, request: Any) -> Any:
        arguments = reveal(decode(request.args))
        if has_unknown(arguments):
            raise OperationError("", f"the arguments of {request.tok} are not known yet")
        catalog = self._session.catalog if self._session.simulation.bridged else None
        declared = catalog.function(request.tok) if catalog else None
        if catalog and declared:
            arguments = conform(catalog, declared.arguments, arguments)
        result = self._session.simulation.invoke(request.tok, arguments, request.preview)
        return provider_pb2.InvokeResponse(**{"return": encode(result)})

    def Call(self, request: Any, context: Any) -> Any:
        """Methods belong to remote components, which are not simulated."""
        self._refuse(context, f"the sandbox does not run methods of remote components ({request.tok})")

    def Construct(self, request: Any, context: Any) -> Any:
        """Remote components run code of their own, which is not simulated."""
        self._refuse(context, f"the sandbox does not run remote components ({request.type} `{request.name}`)")

    def Parameterize(self, request: Any, context: Any) -> Any:
        """Parameterized packages are made at run time, so nothing is known about them."""
        self._refuse(context, f"the sandbox does not simulate parameterized packages of {self._package}")

    def List(self, request: Any, context: Any) -> Any:
        """Every resource of a type in the account."""
        limit = request.limit if request.limit > 0 else None
        for row in self._session.account.of_type(request.token)[:limit]:
            yield provider_pb2.ListResponse(result=provider_pb2.ListResponse.Result(id=row.id, name=row.name))

    def Cancel(self, request: Any, context: Any) -> Any:
        """Nothing: no operation takes long enough to be cut short, and those that have begun shall end well."""
        return empty_pb2.Empty()

    def _refuse(self, context: Any, reason: str) -> None:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, reason)

    def _guarded(self, context: Any, operation: Callable[[Any], Any], request: Any) -> Any:
        """Runs an operation; a refusal becomes a message for a person, never a traceback."""
        try:
            return operation(request)
        except OperationError as refused:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(refused))
        except sqlite3.OperationalError as error:
            # No room, no right to write, or held by another process: the account is whole, and this changed nothing.
            fix = "fix: put that right and run the same command again"
            reason = f"the simulated account cannot be written: {error}\n{fix}"
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, reason)
        except Exception as error:
            logging.getLogger(__name__).debug("fault in %s", operation.__name__, exc_info=True)
            context.abort(
                grpc.StatusCode.INTERNAL,
                f"a fault in the sandbox itself, not in the program ({operation.__name__.strip('_')}:"
                f" {type(error).__name__}: {error}); please report it with the resource and its inputs",
            )


def _old_inputs(request: Any, outputs: Any) -> dict[str, Any]:
    """The inputs as last applied; of an engine that does not send them, the outputs."""
    return decode(request.old_inputs if request.HasField("old_inputs") else outputs)


def _failures(findings: list[Finding]) -> list[Any]:
    return [
        provider_pb2.CheckFailure(property=finding.path, reason=str(finding)) for finding in findings if finding.error
    ]


_KINDS = {"add": provider_pb2.PropertyDiff.ADD, "delete": provider_pb2.PropertyDiff.DELETE}
_KINDS["update"] = provider_pb2.PropertyDiff.UPDATE


def _difference(changes: list[Change], delete_first: bool) -> Any:
    response = provider_pb2.DiffResponse(hasDetailedDiff=True, deleteBeforeReplace=delete_first)
    if not changes:
        response.changes = provider_pb2.DiffResponse.DIFF_NONE
        return response
    response.changes = provider_pb2.DiffResponse.DIFF_SOME
    for change in changes:
        # Each kind of change is followed by the same kind with a replacement.
        kind = _KINDS[change.kind] + (1 if change.replaces else 0)
        response.detailedDiff[format_path(change.path)].CopyFrom(provider_pb2.PropertyDiff(kind=kind, inputDiff=True))
    response.diffs.extend(sorted({str(change.path[0]) for change in changes}))
    response.replaces.extend(sorted({str(change.path[0]) for change in changes if change.replaces}))
    return response
