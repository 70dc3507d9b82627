"""A customer-managed KMS key with rotation, whose policy admits exactly the services that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pulumi
import pulumi_aws as aws

from blueprints.aws.location import Location, location_of
from blueprints.aws.policy_document import Statement, policy
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem

KeyUser = Literal["alarms", "logs", "ebs", "ecr", "s3", "secretsmanager", "sns"]
"""A service that encrypts with a key: `alarms` are CloudWatch alarms that publish to an encrypted topic."""

# Services that act with the rights of whoever calls them (KMS developer guide, "kms:ViaService").
_VIA_CALLER: dict[str, str] = {
    "ebs": "ec2",
    "ecr": "ecr",
    "s3": "s3",
    "secretsmanager": "secretsmanager",
    "sns": "sns",
}
_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


class KeySettings(BlueprintSettings):
    """Settings of a key."""

    users: list[KeyUser]
    """Services that may use the key; nothing else may, except the account's own administrators."""
    description: str = "Encrypts what the blueprint stores"
    """What the key is for, as the console shows it."""

    def rules(self) -> Iterator[Problem]:
        """At least one user, each once."""
        yield from super().rules()
        if not self.users:
            yield Problem("users", "must name a service that uses the key", "add for example s3")
        for index, user in enumerate(self.users):
            if user in self.users[:index]:
                yield Problem(f"users[{index}]", "is listed twice", "keep one of the two", user)


class Key(Blueprint):
    """A symmetric key, rotated every year by KMS. Deleting it would make everything it encrypted unreadable."""

    SETTINGS = KeySettings
    ROLES = {"key": "aws:kms/key:Key", "alias": "aws:kms/alias:Alias"}
    STORES = {"key"}

    arn: pulumi.Output[str]
    """ARN of the key."""
    key_id: pulumi.Output[str]
    """Id of the key."""

    def __init__(
        self, name: str, args: KeySettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = KeySettings.load(args)
        super().__init__(name, settings, opts)
        self.key = self.create(
            aws.kms.Key,
            "key",
            {
                "description": settings.description,
                "enable_key_rotation": True,
                "deletion_window_in_days": settings.profile.key_deletion_days,
                "policy": policy(_statements(settings.users, location_of(self))),
            },
        )
        # An alias name must begin with alias/, so it cannot be left to auto-naming.
        self.alias = self.create(
            aws.kms.Alias, "alias", {"name_prefix": f"alias/{name}-", "target_key_id": self.key.key_id}
        )
        self.publish(arn=self.key.arn, key_id=self.key.key_id)


def _statements(users: list[KeyUser], here: Location) -> Iterator[Statement]:
    root = {"AWS": pulumi.Output.concat("arn:", here.partition, ":iam::", here.account, ":root")}
    # Without it nobody could ever change the key again (KMS developer guide, "Default key policy").
    yield {
        "Sid": "AccountAdministration",
        "Effect": "Allow",
        "Principal": root,
        "Action": "kms:*",
        "Resource": "*",
    }
    if "logs" in users:
        yield {
            "Sid": "CloudWatchLogs",
            "Effect": "Allow",
            "Principal": {"Service": pulumi.Output.concat("logs.", here.region, ".amazonaws.com")},
            "Action": _USE,
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": here.arn("logs", "log-group:*")}},
        }
    if "alarms" in users:
        yield {
            "Sid": "CloudWatchAlarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:SourceAccount": here.account}},
        }
    callers = [_VIA_CALLER[user] for user in users if user in _VIA_CALLER]
    if callers:
        through = [pulumi.Output.concat(service, ".", here.region, ".amazonaws.com") for service in sorted(callers)]
        yield {
            "Sid": "AccountThroughServices",
            "Effect": "Allow",
            "Principal": root,
            "Action": _USE,
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:CallerAccount": here.account, "kms:ViaService": through}},
        }
    if {"ebs", "ecr"} & set(users):
        # Volumes and repositories hold on to the key through a grant (EBS and ECR user guides, "Encryption").
        yield {
            "Sid": "GrantsForServices",
            "Effect": "Allow",
            "Principal": root,
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:CallerAccount": here.account},
            },
        }
