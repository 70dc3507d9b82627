"""What the server itself may do in AWS: each right on named resources, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi

from blueprints.aws.location import Location
from blueprints.aws.policy_document import Statement

METRICS = "Blueprints/SingleServer"
"""Namespace of the metrics that the server sends."""


@dataclass(frozen=True)
class Needs:
    """ARNs of what the server works with."""

    parameter: pulumi.Output[str]
    bundles: pulumi.Output[str]
    backups: pulumi.Output[str]
    key: pulumi.Input[str]
    log_groups: list[pulumi.Output[str]]
    readable_secrets: list[pulumi.Input[str]]
    generated_secrets: list[pulumi.Input[str]]
    repository: pulumi.Output[str] | None


def statements(needs: Needs, here: Location) -> Iterator[Statement]:
    """The statements of the instance role, beside those that Systems Manager needs."""
    yield {"Sid": "Parameter", "Effect": "Allow", "Action": "ssm:GetParameter", "Resource": needs.parameter}
    yield {
        "Sid": "ReadBundles",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": pulumi.Output.concat(needs.bundles, "/bundles/*"),
    }
    yield {
        "Sid": "Backups",
        "Effect": "Allow",
        "Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        "Resource": pulumi.Output.concat(needs.backups, "/backups/*"),
    }
    yield {
        "Sid": "ListBackups",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": needs.backups,
        "Condition": {"StringLike": {"s3:prefix": "backups/*"}},
    }
    if needs.readable_secrets:
        yield {
            "Sid": "ReadSecrets",
            "Effect": "Allow",
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            "Resource": needs.readable_secrets,
        }
    if needs.generated_secrets:
        yield {
            "Sid": "GenerateSecrets",
            "Effect": "Allow",
            "Action": "secretsmanager:PutSecretValue",
            "Resource": needs.generated_secrets,
        }
    yield {
        "Sid": "Key",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": needs.key,
        "Condition": {
            "StringEquals": {
                "kms:ViaService": [
                    pulumi.Output.concat(service, ".", here.region, ".amazonaws.com")
                    for service in ("s3", "secretsmanager")
                ]
            }
        },
    }
    yield {
        "Sid": "Metrics",
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        # The action has no resource; its namespace is what narrows it (service authorization reference, CloudWatch).
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": METRICS}},
    }
    yield {
        "Sid": "Logs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "Resource": [pulumi.Output.concat(group, ":*") for group in needs.log_groups],
    }
    if needs.repository is not None:
        yield {
            "Sid": "PullImages",
            "Effect": "Allow",
            "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Resource": needs.repository,
        }
        yield {
            "Sid": "RegistryLogin",
            "Effect": "Allow",
            # The action has no resource (service authorization reference, ECR).
            "Action": "ecr:GetAuthorizationToken",
            "Resource": "*",
        }
