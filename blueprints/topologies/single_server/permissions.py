"""What the server itself may do in AWS: each right on named resources, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pulumi

from blueprints.aws.location import Location
from blueprints.aws.policy_document import Statement
from blueprints.aws.registry import repository_of
from blueprints.server.parameters import METRICS_NAMESPACE

if TYPE_CHECKING:
    from blueprints.topologies.single_server.blueprint import SingleServer


def statements(of: SingleServer, here: Location) -> Iterator[Statement]:
    """The statements of the instance role, beside those that Systems Manager needs."""
    readable = [arn for _, arn in sorted(of.all_secrets.items())]
    generated = [of.all_secrets[name] for name in sorted(of.content.generated)]
    yield {"Sid": "Parameter", "Effect": "Allow", "Action": "ssm:GetParameter", "Resource": of.parameter.arn}
    yield {
        "Sid": "ReadBundles",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": pulumi.Output.concat(of.bundles.arn, "/bundles/*"),
    }
    yield {
        "Sid": "Backups",
        "Effect": "Allow",
        "Action": ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        "Resource": pulumi.Output.concat(of.backups.arn, "/backups/*"),
    }
    yield {
        "Sid": "ListBackups",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": of.backups.arn,
        "Condition": {"StringLike": {"s3:prefix": "backups/*"}},
    }
    if readable:
        yield {
            "Sid": "ReadSecrets",
            "Effect": "Allow",
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            "Resource": readable,
        }
    if generated:
        yield {
            "Sid": "GenerateSecrets",
            "Effect": "Allow",
            "Action": "secretsmanager:PutSecretValue",
            "Resource": generated,
        }
    yield {
        "Sid": "Key",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": of.encryption,
        "Condition": {
            "StringEquals": {
                "kms:ViaService": [
                    pulumi.Output.concat(service, ".", here.region, ".amazonaws.com")
                    for service in ("s3", "secretsmanager")
                ]
            }
        },
    }
    if of.content.existing:
        yield {
            "Sid": "KeysOfExistingSecrets",
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            # Which key a secret that was there before is encrypted with is not known here; what it may decrypt is.
            "Resource": pulumi.Output.concat("arn:", here.partition, ":kms:", here.region, ":*:key/*"),
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:SecretARN": [arn for _, arn in sorted(of.content.existing.items())],
                    "kms:ViaService": pulumi.Output.concat("secretsmanager.", here.region, ".amazonaws.com"),
                }
            },
        }
    yield {
        "Sid": "Metrics",
        "Effect": "Allow",
        "Action": "cloudwatch:PutMetricData",
        # The action has no resource; its namespace is what narrows it (service authorization reference, CloudWatch).
        "Resource": "*",
        "Condition": {"StringEquals": {"cloudwatch:namespace": METRICS_NAMESPACE}},
    }
    yield {
        "Sid": "Logs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "Resource": [pulumi.Output.concat(group, ":*") for group in (of.containers_log.arn, of.host_log.arn)],
    }
    yield from _images(of, here)


def _images(of: SingleServer, here: Location) -> Iterator[Statement]:
    """What pulling images from ECR asks for, where any of them comes from there. Keys of repositories need no right."""
    images = of.content.images
    if of.registry is not None:
        # What was built here lies in a repository of our own.
        images = [of.registry.url, *images[1:]]
    if not any(not isinstance(image, str) or repository_of(image, "aws") for image in images):
        return
    repositories = pulumi.Output.all(here.partition, *images).apply(
        lambda known: sorted({arn for image in known[1:] if (arn := repository_of(image, known[0]))})
    )
    yield {
        "Sid": "PullImages",
        # An image that is an output may turn out to come from elsewhere; then there is nothing to pull from ECR.
        "Effect": repositories.apply(lambda found: "Allow" if found else "Deny"),
        "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        "Resource": repositories.apply(lambda found: found or ["*"]),
    }
    yield {
        "Sid": "RegistryLogin",
        "Effect": "Allow",
        # The action has no resource (service authorization reference, ECR).
        "Action": "ecr:GetAuthorizationToken",
        "Resource": "*",
    }
