"""A private ECR repository: tags cannot be moved, images are scanned and old ones end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.fields import Arn
from blueprints.inputs import In

_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<name>[^:@]+)(?:[:@].*)?"
)


def repository_of(image: str, partition: str) -> str | None:
    """ARN of the ECR repository that an image comes from, of any account; None for images from elsewhere."""
    found = _IMAGE.fullmatch(image)
    return found and f"arn:{partition}:ecr:{found['region']}:{found['account']}:repository/{found['name']}"


class RegistrySettings(BlueprintSettings):
    """Settings of a repository."""

    key_arn: In[Arn]
    """Key that encrypts the images. Changing it replaces the repository."""
    images_kept: Annotated[int, Field(ge=2, le=1000)] = 20
    """How many images are kept, newest first, 2 to 1000; a rollback reaches no further. Default 20."""


class Registry(Blueprint):
    """One repository. What runs comes from it, so it is a store: outside dev it is protected and kept."""

    SETTINGS = RegistrySettings
    ROLES = {
        "repository": "aws:ecr/repository:Repository",
        "lifecycle": "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    }
    STORES = {"repository"}

    url: pulumi.Output[str]
    """Address of the repository, without a tag."""
    arn: pulumi.Output[str]
    """ARN of the repository."""
    registry_id: pulumi.Output[str]
    """Account whose registry it is in."""

    def __init__(
        self, name: str, args: RegistrySettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = RegistrySettings.load(args)
        super().__init__(name, settings, opts)
        self.repository = self.create(
            aws.ecr.Repository,
            "repository",
            {
                "image_tag_mutability": "IMMUTABLE",
                "image_scanning_configuration": {"scan_on_push": True},
                "encryption_configurations": [{"encryption_type": "KMS", "kms_key": settings.key_arn}],
                "force_delete": settings.profile.disposable,
            },
        )
        kept = {
            "rulePriority": 1,
            "description": f"Keep the newest {settings.images_kept} images",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": settings.images_kept},
            "action": {"type": "expire"},
        }
        self.lifecycle = self.create(
            aws.ecr.LifecyclePolicy,
            "lifecycle",
            {"repository": self.repository.name, "policy": json.dumps({"rules": [kept]}, sort_keys=True)},
        )
        self.publish(
            url=self.repository.repository_url, arn=self.repository.arn, registry_id=self.repository.registry_id
        )
