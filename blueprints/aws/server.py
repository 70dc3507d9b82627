"""One EC2 instance with a static address and a data volume attached; reached by Session Manager, never by SSH."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pulumi
import pulumi_aws as aws

from blueprints.aws.identifiers import ImageId, InstanceType
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Arn, Size, between_sizes, gigabytes, matching
from blueprints.inputs import In
from blueprints.settings import Settings

# Any name on Nitro: the host finds the volume by its id (EBS user guide, "Device names on Linux instances").
_DATA_DEVICE = "/dev/sdf"


class ImageSpec(Settings):
    """Which machine image a server starts from. It is resolved once and kept until `generation` changes."""

    generation: Annotated[
        str,
        matching(
            r"[a-z0-9][a-z0-9-]{0,30}",
            "must be lower-case letters, digits and dashes, 31 characters at most",
            'write it like "2026-11"',
        ),
    ] = "1"
    """Any short text, for example `2026-11`. Changing it takes the newest image and replaces the server: the data
    volume is detached and attached, with some minutes of downtime. Default 1."""
    id: ImageId | None = None
    """Id of an image of your own, made from the same Ubuntu release. Changing it replaces the server. Default: the
    newest image of the `parameter` when this generation is first deployed."""


class ServerSettings(BlueprintSettings):
    """Settings of a server."""

    instance_type: InstanceType = "t3.medium"
    """Instance type. Changing it stops the server, resizes it and starts it again. Default t3.medium."""
    image: ImageSpec = ImageSpec()
    """Machine image."""
    architecture: Literal["amd64", "arm64"] = "amd64"
    """Processor architecture of the instance type; part of which image is kept. Default amd64."""
    image_parameter: str
    """Public SSM parameter that holds the newest image's id for that architecture."""
    subnet_id: In[str]
    """Subnet. Changing it replaces the server."""
    security_group_ids: list[In[str]]
    """Security groups."""
    profile_name: In[str]
    """Instance profile."""
    key_arn: In[Arn]
    """Key that encrypts the root volume. Changing it replaces the server."""
    root_size: Annotated[Size, between_sizes("8GB", "64TB")] = "20GB"
    """Size of the root volume, 8 GB to 64 TB. Default 20GB."""
    user_data: str
    """What cloud-init runs at the first boot; without secrets, 16 KB at most. A later change is not applied."""
    instance_tags: dict[str, Any] = {}
    """Further tags of the instance, which the host reads as metadata. Default none."""
    volume_id: In[str]
    """Data volume to attach."""

    def rules(self) -> Iterator[Problem]:
        """EC2's limit on user data."""
        yield from super().rules()
        size = len(self.user_data.encode())
        if size > 16384:
            yield Problem("user_data", "must have at most 16384 bytes", "fetch the rest at boot", size)


class Server(Blueprint):
    """The instance, its address and its attachment. Replacing it takes the volume along: stop, detach, attach."""

    SETTINGS = ServerSettings
    ROLES = {
        "image-*": "aws:ssm/parameter:Parameter",
        "instance": "aws:ec2/instance:Instance",
        "address": "aws:ec2/eip:Eip",
        "address-association": "aws:ec2/eipAssociation:EipAssociation",
        "attachment": "aws:ec2/volumeAttachment:VolumeAttachment",
    }

    instance_id: pulumi.Output[str]
    """Id of the instance."""
    public_ip: pulumi.Output[str]
    """Its static address."""
    image_id: pulumi.Output[str]
    """Id of the machine image it was started from."""

    def __init__(
        self, name: str, args: ServerSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = ServerSettings.load(args)
        super().__init__(name, settings, opts)
        image_id = self._image(settings)
        self.instance = self.create(
            aws.ec2.Instance,
            "instance",
            {
                "ami": image_id,
                "instance_type": settings.instance_type,
                "subnet_id": settings.subnet_id,
                "vpc_security_group_ids": settings.security_group_ids,
                "iam_instance_profile": settings.profile_name,
                "user_data": settings.user_data,
                "metadata_options": {
                    "http_endpoint": "enabled",
                    "http_tokens": "required",
                    # One hop ends at the host: containers cannot read the role's credentials.
                    "http_put_response_hop_limit": 1,
                    "instance_metadata_tags": "enabled",
                },
                "root_block_device": {
                    "encrypted": True,
                    "kms_key_id": settings.key_arn,
                    "volume_type": "gp3",
                    "volume_size": gigabytes(settings.root_size),
                    "delete_on_termination": True,
                },
                "ebs_optimized": True,
                "monitoring": True,
                "maintenance_options": {"auto_recovery": "default"},
                "disable_api_termination": settings.profile.deletion_protection,
                # Protected against everybody but this program, which must be able to replace it: its data is elsewhere.
                "force_destroy": True,
                "tags": settings.instance_tags,
            },
            # It only runs at the first boot; applying a change would stop the server for nothing.
            pulumi.ResourceOptions(ignore_changes=["userData"]),
        )
        self.address = self.create(aws.ec2.Eip, "address", {"domain": "vpc"})
        self.address_association = self.create(
            aws.ec2.EipAssociation,
            "address-association",
            {"allocation_id": self.address.allocation_id, "instance_id": self.instance.id},
            # An address belongs to one server at a time.
            pulumi.ResourceOptions(delete_before_replace=True),
        )
        self.attachment = self.create(
            aws.ec2.VolumeAttachment,
            "attachment",
            {
                "device_name": _DATA_DEVICE,
                "instance_id": self.instance.id,
                "volume_id": settings.volume_id,
                "stop_instance_before_detaching": True,
            },
            # A volume has one attachment at a time.
            pulumi.ResourceOptions(delete_before_replace=True),
        )
        self.publish(instance_id=self.instance.id, public_ip=self.address.public_ip, image_id=image_id)

    def _image(self, settings: ServerSettings) -> pulumi.Output[str]:
        """The image's id: given, or looked up once and kept in a parameter of the stack's own.

        The name of that parameter holds architecture and generation, so another of these is a new parameter with a new
        value, while the old one never takes a newer image over: nothing but a setting replaces the server.
        """
        if settings.image.id is not None:
            return pulumi.Output.from_input(settings.image.id)
        looked_up = aws.ssm.get_parameter_output(name=settings.image_parameter, opts=pulumi.InvokeOptions(parent=self))
        # The provider takes the value of any parameter for a secret; this one is public, and people want to see it.
        newest = pulumi.Output.unsecret(looked_up.insecure_value)
        kept = self.create(
            aws.ssm.Parameter,
            f"image-{settings.architecture}-{settings.image.generation}",
            {
                "type": "String",
                # Not `value`, which the provider takes for a secret: a preview would hide which image comes.
                "insecure_value": newest,
                "description": f"Machine image of {self.name}, resolved once from {settings.image_parameter}",
            },
            pulumi.ResourceOptions(ignore_changes=["insecureValue"]),
        )
        return kept.insecure_value.apply(str)
