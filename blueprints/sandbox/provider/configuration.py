"""The settings of a provider itself: of the default one from the stack's configuration, or of an explicit one."""

from __future__ import annotations

import json
from typing import Any

from blueprints.sandbox.provider.diffing import Change, differences
from blueprints.sandbox.provider.errors import Finding, Findings, OperationError
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.values import Path, Unknown, is_list, is_map, reveal, without_internal

_JSON_STARTS = ("{", "[", '"', "true", "false")


class Configuration:
    """Checks, compares and applies a provider's settings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def opened(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The settings with nested values as values: they travel as JSON text."""
        return {name: self._open(name, value) for name, value in without_internal(reveal(inputs)).items()}

    def _open(self, name: str, value: Any) -> Any:
        provider = self._session.catalog.provider if self._session.catalog else None
        declared = provider.inputs.get(name) if provider else None
        encoded = declared.json if declared else True
        if not isinstance(value, str) or not encoded or not value.startswith(_JSON_STARTS):
            return value
        try:
            opened = json.loads(value)
        except ValueError:
            return value
        # A secret member of a nested setting arrives as a signed object inside the text.
        return _unsigned(opened)

    def check(self, inputs: dict[str, Any], urn: str) -> tuple[dict[str, Any], list[Finding]]:
        """The settings and what is wrong with them."""
        findings = Findings()
        opened = self.opened(inputs)
        provider = self._session.catalog.provider if self._session.catalog else None
        if provider:
            for name in opened:
                if name not in provider.inputs and name not in ("version", "pluginDownloadURL"):
                    findings.warn(name, f"unknown provider setting `{name}`", "sandbox/provider-setting", "the SDK")
        self._session.simulation.check_config(opened, findings)
        for finding in findings.items:
            if not finding.error:
                self._session.diagnostics.warn(str(finding), urn)
        return inputs, [finding for finding in findings.items if finding.error]

    def diff(self, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
        """The settings that differ. A replaced provider replaces its resources, so few settings do."""
        return differences(self.opened(old), self.opened(new), _Settings(self._session))

    def apply(self, inputs: dict[str, Any]) -> None:
        """Takes the settings over. Those that are not known yet count as not set."""
        known = {name: value for name, value in self.opened(inputs).items() if not isinstance(value, Unknown)}
        findings = Findings()
        self._session.simulation.check_config(known, findings)
        for finding in findings.items:
            if finding.error:
                raise OperationError("", str(finding))
        self._session.simulation.configure(known)


def _unsigned(value: Any) -> Any:
    from blueprints.sandbox.provider.codec import SECRET, SIGNATURE

    if is_map(value):
        if value.get(SIGNATURE) == SECRET:
            return _unsigned(value.get("value"))
        return {key: _unsigned(item) for key, item in value.items()}
    if is_list(value):
        return [_unsigned(item) for item in value]
    return value


class _Settings:
    """What a change of a provider setting means."""

    def __init__(self, session: Session) -> None:
        self._simulation = session.simulation

    def replaces(self, path: Path) -> bool | None:
        return self._simulation.config_replaces(str(path[0]))

    def unordered(self, path: Path) -> bool:  # noqa: ARG002 - part of the protocol
        return False
