"""Secrets Manager: reads every secret of the bundle, and makes the first value of those that the server generates."""

from __future__ import annotations

import secrets
import string
import uuid
from dataclasses import dataclass
from typing import Any

from .aws import unreachable
from .errors import AgentError

_LENGTH = 40
_ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Secret:
    """One value as it was read. Its version id says when it changed and gives nothing away."""

    value: str
    version: str

    def __repr__(self) -> str:
        return f"Secret(version={self.version!r})"


def read_all(client: Any, needs: list[dict[str, Any]], arns: dict[str, str]) -> dict[str, Secret]:
    """Every secret by name. Raises `AgentError` naming each that is missing; then nothing has been written anywhere."""
    found: dict[str, Secret] = {}
    problems: list[str] = []
    for need in needs:
        name = need["name"]
        if name not in arns:
            problems.append(f"{name}: its ARN is not in the server's parameter")
            continue
        try:
            found[name] = _read(client, arns[name], generated=bool(need["generated"]))
        except AgentError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise AgentError("secrets cannot be read:\n  " + "\n  ".join(problems))
    return found


def _read(client: Any, arn: str, *, generated: bool) -> Secret:
    try:
        secret = _current(client, arn)
        if secret is None and generated:
            _generate(client, arn)
            # Read back: where two servers raced, both now have the value that won.
            secret = _current(client, arn)
    except client.exceptions.ClientError as error:
        raise AgentError(f"Secrets Manager answered {error.response['Error'].get('Code', 'an error')}") from None
    except unreachable() as error:
        raise AgentError(f"Secrets Manager cannot be reached ({type(error).__name__})") from None
    if secret is None:
        raise AgentError(f"has no value yet; put one with: aws secretsmanager put-secret-value --secret-id {arn} ...")
    return secret


def _current(client: Any, arn: str) -> Secret | None:
    try:
        answer = client.get_secret_value(SecretId=arn)
    except client.exceptions.ResourceNotFoundException:
        # Both for no secret and for a secret without a value; which one shows when a value is put.
        return None
    if "SecretString" not in answer:
        raise AgentError("holds bytes; store it as text")
    return Secret(answer["SecretString"], answer["VersionId"])


def _generate(client: Any, arn: str) -> None:
    value = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    # The token makes the first value a thing that can exist only once, whoever is first.
    token = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{arn}#first-value"))
    try:
        client.put_secret_value(SecretId=arn, SecretString=value, ClientRequestToken=token)
    except client.exceptions.ResourceExistsException:
        return
