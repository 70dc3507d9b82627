"""A private S3 bucket: encrypted, versioned, TLS only, with a lifecycle and access logs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.aws.location import location_of
from blueprints.aws.policy_document import Statement, policy
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Arn
from blueprints.inputs import In

Days = Annotated[int, Field(ge=1, le=3650)]
"""A number of days, 1 to 3650."""


class BucketSettings(BlueprintSettings):
    """Settings of a bucket."""

    key_arn: In[Arn] | None = None
    """Key that encrypts the objects. Default: S3's own keys (AES-256), which access logs need."""
    log_bucket: In[str] | None = None
    """Name of the bucket that receives access logs. Default none."""
    receives_access_logs: bool = False
    """Whether other buckets of the account deliver their access logs here. Default false."""
    expire_after_days: Days | None = None
    """Days after which objects end. Default never."""
    noncurrent_days: Days = 30
    """Days that replaced and deleted versions can be brought back. Default 30."""

    def rules(self) -> Iterator[Problem]:
        """S3 writes access logs only into buckets encrypted with its own keys."""
        yield from super().rules()
        if self.receives_access_logs and self.key_arn is not None:
            yield Problem(
                "key_arn",
                "must be left out of a bucket that receives access logs: S3 writes them only with its own keys",
                "remove key_arn",
            )


class Bucket(Blueprint):
    """One bucket. Outside dev it is retained with its settings, so that what is kept stays private."""

    SETTINGS = BucketSettings
    ROLES = {
        "bucket": "aws:s3/bucket:Bucket",
        "ownership": "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "public-access": "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "versioning": "aws:s3/bucketVersioning:BucketVersioning",
        "encryption": "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "lifecycle": "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "logging": "aws:s3/bucketLogging:BucketLogging",
        "policy": "aws:s3/bucketPolicy:BucketPolicy",
    }
    STORES = {"bucket"}

    bucket_name: pulumi.Output[str]
    """Name of the bucket."""
    arn: pulumi.Output[str]
    """ARN of the bucket."""

    def __init__(
        self, name: str, args: BucketSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = BucketSettings.load(args)
        super().__init__(name, settings, opts)
        disposable = settings.profile.disposable
        self.bucket = self.create(aws.s3.Bucket, "bucket", {"force_destroy": disposable})
        # A bucket that is kept without its settings would be a weaker one.
        kept = pulumi.ResourceOptions(retain_on_delete=not disposable)
        bucket = {"bucket": self.bucket.bucket}
        self.ownership = self.create(
            aws.s3.BucketOwnershipControls,
            "ownership",
            {**bucket, "rule": {"object_ownership": "BucketOwnerEnforced"}},
            kept,
        )
        self.public_access = self.create(
            aws.s3.BucketPublicAccessBlock,
            "public-access",
            {
                **bucket,
                "block_public_acls": True,
                "block_public_policy": True,
                "ignore_public_acls": True,
                "restrict_public_buckets": True,
            },
            kept,
        )
        self.versioning = self.create(
            aws.s3.BucketVersioning, "versioning", {**bucket, "versioning_configuration": {"status": "Enabled"}}, kept
        )
        self.encryption = self.create(
            aws.s3.BucketServerSideEncryptionConfiguration,
            "encryption",
            {**bucket, "rules": [_encryption(settings)]},
            kept,
        )
        self.lifecycle = self.create(
            aws.s3.BucketLifecycleConfiguration,
            "lifecycle",
            {**bucket, "rules": list(_lifecycle(settings))},
            # S3 accepts a rule about old versions only once versioning is on.
            pulumi.ResourceOptions.merge(kept, pulumi.ResourceOptions(depends_on=[self.versioning])),
        )
        self.logging: aws.s3.BucketLogging | None = None
        if settings.log_bucket is not None:
            self.logging = self.create(
                aws.s3.BucketLogging,
                "logging",
                {**bucket, "target_bucket": settings.log_bucket, "target_prefix": f"{name}/"},
                kept,
            )
        self.policy = self.create(
            aws.s3.BucketPolicy,
            "policy",
            {**bucket, "policy": policy(self._statements())},
            # Both change the bucket's access settings, and S3 refuses two such changes at once.
            pulumi.ResourceOptions.merge(
                kept,
                pulumi.ResourceOptions(
                    depends_on=[self.public_access, self.ownership, self.versioning, self.encryption]
                ),
            ),
        )
        # The name as the last of the settings knows it: an object that came earlier would be encrypted with another
        # key, and S3 refuses to send access logs to a bucket whose policy does not admit them yet.
        self.publish(bucket_name=self.policy.bucket, arn=self.bucket.arn)

    def _statements(self) -> Iterator[Statement]:
        objects = pulumi.Output.concat(self.bucket.arn, "/*")
        everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [self.bucket.arn, objects]}
        yield {
            "Sid": "DenyWithoutTls",
            **everything,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        yield {
            "Sid": "DenyOldTls",
            **everything,
            "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        }
        settings = self.settings
        if isinstance(settings, BucketSettings) and settings.receives_access_logs:
            yield {
                "Sid": "AccessLogs",
                "Effect": "Allow",
                "Principal": {"Service": "logging.s3.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": objects,
                "Condition": {"StringEquals": {"aws:SourceAccount": location_of(self).account}},
            }


def _encryption(settings: BucketSettings) -> dict[str, Any]:
    if settings.key_arn is None:
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    return {
        "apply_server_side_encryption_by_default": {
            "sse_algorithm": "aws:kms",
            "kms_master_key_id": settings.key_arn,
        },
        # One data key for many objects: KMS is asked, and paid, far less often.
        "bucket_key_enabled": True,
    }


def _lifecycle(settings: BucketSettings) -> Iterator[dict[str, Any]]:
    yield {
        "id": "noncurrent-versions",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": settings.noncurrent_days},
        "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
    }
    if settings.expire_after_days is not None:
        yield {
            "id": "expire",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "expiration": {"days": settings.expire_after_days},
        }
