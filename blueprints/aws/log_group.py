"""A CloudWatch log group that is encrypted and ends what it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pulumi
import pulumi_aws as aws
from pydantic import AfterValidator

from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.fields import Arn
from blueprints.inputs import In
from blueprints.problems import wrong

# CloudWatch Logs API, PutRetentionPolicy, retentionInDays.
_ALLOWED = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180),
    *(365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def _retention(days: int) -> int:
    if days not in _ALLOWED:
        nearest = next((allowed for allowed in _ALLOWED if allowed >= days), _ALLOWED[-1])
        raise wrong(
            f"must be a number of days that CloudWatch Logs allows: {', '.join(map(str, _ALLOWED))}", f"use {nearest}"
        )
    return days


LogRetention = Annotated[int, AfterValidator(_retention)]
"""Days that log entries are kept: one of the values CloudWatch Logs allows, 1 to 3653."""


class LogGroupSettings(BlueprintSettings):
    """Settings of a log group."""

    retention_days: LogRetention | None = None
    """Days that entries are kept. Default: 30 in dev, 90 in staging, 365 in prod."""
    key_arn: In[Arn]
    """Key that encrypts the entries; its policy must admit the logs service."""


class LogGroup(Blueprint):
    """One log group. Outside dev it outlives the stack, so that a teardown does not erase the trail."""

    SETTINGS = LogGroupSettings
    ROLES = {"group": "aws:cloudwatch/logGroup:LogGroup"}

    group_name: pulumi.Output[str]
    """Name of the log group."""
    arn: pulumi.Output[str]
    """ARN of the log group, without the `:*` that stands for its streams."""

    def __init__(
        self, name: str, args: LogGroupSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = LogGroupSettings.load(args)
        super().__init__(name, settings, opts)
        self.group = self.create(
            aws.cloudwatch.LogGroup,
            "group",
            {
                "retention_in_days": settings.retention_days or settings.profile.log_retention_days,
                "kms_key_id": settings.key_arn,
            },
            pulumi.ResourceOptions(retain_on_delete=not settings.profile.disposable),
        )
        self.publish(group_name=self.group.name, arn=self.group.arn)
