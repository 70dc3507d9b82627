"""Secrets that are created empty: their values are made and put in by the host that needs them, never by Pulumi."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Arn
from blueprints.inputs import In

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class SecretsSettings(BlueprintSettings):
    """Settings of a set of secrets."""

    secrets: dict[str, str]
    """Name of each secret -> what it is for."""
    key_arn: In[Arn]
    """Key that encrypts the values."""

    def rules(self) -> Iterator[Problem]:
        """Names that can stand in a resource name and in a file name."""
        yield from super().rules()
        for name in self.secrets:
            if not _NAME.fullmatch(name):
                yield Problem(
                    f"secrets.{name}",
                    "must be lower-case letters, digits, dashes and underscores, 63 characters at most",
                    'write it like "smtp_password"',
                )


class Secrets(Blueprint):
    """One empty secret for each name. A secret without a value costs the same; reading it fails until it has one."""

    SETTINGS = SecretsSettings
    ROLES = {"*": "aws:secretsmanager/secret:Secret"}
    STORES = {"*"}

    arns: pulumi.Output[dict[str, str]]
    """ARN of each secret by its name."""

    def __init__(
        self, name: str, args: SecretsSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = SecretsSettings.load(args)
        super().__init__(name, settings, opts)
        self.secrets = {
            secret: self.create(
                aws.secretsmanager.Secret,
                secret.replace("_", "-"),
                {
                    "description": purpose,
                    "kms_key_id": settings.key_arn,
                    "recovery_window_in_days": settings.profile.secret_recovery_days,
                },
            )
            for secret, purpose in sorted(settings.secrets.items())
        }
        self.publish(arns=pulumi.Output.all(**{name: secret.arn for name, secret in self.secrets.items()}))
