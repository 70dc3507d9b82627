"""The server bundle in its bucket, and the Systems Manager documents that act on it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.inputs import In
from blueprints.server import ssm_documents
from blueprints.settings import Settings

# A first boot installs packages, pulls and builds images; only then can a deployment say whether the server is healthy.
_DEPLOYMENT_SECONDS = 1800


class BundleObject(Settings):
    """One file of a bundle as it lies in the bucket."""

    path: str
    """Path of the file in the bundle."""
    key: In[str]
    """Key of the object; it holds the hash of the content."""
    content: In[str]
    """Content: text, or base64 of anything else."""
    binary: bool = False
    """Whether the content is base64. Default false."""


class ServerBundleSettings(BlueprintSettings):
    """Settings of an uploaded bundle."""

    bucket: In[str]
    """Bucket that holds the bundles."""
    objects: list[BundleObject]
    """The files."""


class ServerBundle(Blueprint):
    """The files of one version. Those of earlier versions stay in the bucket, so that a rollback finds them."""

    SETTINGS = ServerBundleSettings
    ROLES = {"file-*": "aws:s3/bucketObjectv2:BucketObjectv2"}

    def __init__(
        self, name: str, args: ServerBundleSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = ServerBundleSettings.load(args)
        super().__init__(name, settings, opts)
        self.files = [
            self.create(
                aws.s3.BucketObjectv2,
                f"file-{item.path.replace('/', '-')}",
                {
                    "bucket": settings.bucket,
                    "key": item.key,
                    ("content_base64" if item.binary else "content"): item.content,
                },
                # A dev stack leaves nothing behind; its server has the version before on its own disk.
                pulumi.ResourceOptions(retain_on_delete=not self.profile.disposable),
            )
            for item in settings.objects
        ]
        self.publish()


class ServerReleaseSettings(BlueprintSettings):
    """Settings of what acts on a server."""

    instance_id: In[str]
    """The server."""
    version: In[str]
    """Version of the bundle that shall run."""


class ServerRelease(Blueprint):
    """The documents, and the deployment of one version: where it fails, the update fails."""

    SETTINGS = ServerReleaseSettings
    ROLES = {
        "document-*": "aws:ssm/document:Document",
        "monitoring": "aws:ssm/association:Association",
        "deployment": "aws:ssm/association:Association",
    }

    document_names: pulumi.Output[dict[str, str]]
    """Name of each document: deploy, rollback, backup, restore."""

    def __init__(
        self, name: str, args: ServerReleaseSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = ServerReleaseSettings.load(args)
        super().__init__(name, settings, opts)
        targets = [{"key": "InstanceIds", "values": [settings.instance_id]}]
        self.documents = {
            action: self.create(
                aws.ssm.Document,
                f"document-{action}",
                {
                    "document_type": "Command",
                    "document_format": "JSON",
                    "content": json.dumps(content, sort_keys=True),
                    "target_type": "/AWS::EC2::Instance",
                },
            )
            for action, content in sorted(ssm_documents().items())
        }
        self.deployment = self.create(
            aws.ssm.Association,
            "deployment",
            {
                "name": self.documents["deploy"].name,
                "parameters": {"version": settings.version},
                "targets": targets,
                "wait_for_success_timeout_seconds": _DEPLOYMENT_SECONDS,
            },
            # The provider waits for success only where it creates an association, so each version is a new one, and so
            # is the same version on another server.
            pulumi.ResourceOptions(replace_on_changes=["parameters", "targets"]),
        )
        self.monitoring = self.create(
            aws.ssm.Association,
            "monitoring",
            {
                "name": "AWS-ConfigureAWSPackage",
                "parameters": {"action": "Install", "name": "AmazonCloudWatchAgent"},
                "targets": targets,
                # Takes newer versions of the agent, and tries again where the package manager was busy.
                "schedule_expression": "rate(1 hour)",
            },
            # The package manager has one user at a time, and a first boot is busy with it.
            pulumi.ResourceOptions(depends_on=[self.deployment]),
        )
        self.publish(document_names=pulumi.Output.all(**{action: item.name for action, item in self.documents.items()}))
