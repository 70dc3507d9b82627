"""A data volume that outlives the server it is attached to, with daily snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.aws.identifiers import SnapshotId
from blueprints.aws.location import location_of
from blueprints.aws.policy_document import policy, trust
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Arn, Size, between_sizes, gigabytes
from blueprints.inputs import In
from blueprints.settings import Settings

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_SNAPSHOT_TAG = "blueprints:snapshots"


class VolumeSpec(Settings):
    """What a person chooses about a data volume."""

    size: Annotated[Size, between_sizes("1GB", "64TB")] = "30GB"
    """Size, 1 GB to 64 TB (gp3). Growing is done in place, the file system grows at the next boot; AWS refuses
    shrinking. Default 30GB."""
    iops: Annotated[int, Field(ge=3000, le=80000)] = 3000
    """Input/output operations per second, 3000 to 80000 (gp3); 500 for each GB at most. Default 3000."""
    throughput: Annotated[int, Field(ge=125, le=2000)] = 125
    """Throughput in MiB per second, 125 to 2000 (gp3); a quarter of iops at most. Default 125."""
    snapshot_time: str = "02:15"
    """Time of day (UTC) of the daily snapshot, HH:MM; AWS begins within the hour after it. Default 02:15."""
    snapshot_id: SnapshotId | None = None
    """Snapshot that a new volume begins with. Changing it replaces the volume. Default none: an empty volume."""

    def rules(self) -> Iterator[Problem]:
        """gp3's ratios (EBS user guide, "General Purpose SSD volumes"; its limits are those of EC2's CreateVolume)."""
        yield from super().rules()
        size = gigabytes(self.size)
        if self.iops > 3000 and self.iops > 500 * size:
            yield Problem("iops", f"must be at most 500 for each GB: {500 * size}", f"use {500 * size}", self.iops)
        if self.throughput * 4 > self.iops:
            yield Problem(
                "throughput",
                f"must be at most a quarter of iops: {self.iops // 4}",
                f"use {self.iops // 4}, or raise iops to {self.throughput * 4}",
                self.throughput,
            )
        if not _CLOCK.fullmatch(self.snapshot_time):
            yield Problem("snapshot_time", "must be a time of day in UTC", 'write it like "02:15"', self.snapshot_time)


class DataVolumeSettings(VolumeSpec, BlueprintSettings):
    """Settings of a data volume."""

    availability_zone: In[str]
    """Zone of the server it is attached to. Changing it replaces the volume."""
    key_arn: In[Arn]
    """Key that encrypts volume and snapshots. Changing it replaces the volume."""
    snapshots_kept: Annotated[int, Field(ge=1, le=1000)] | None = None
    """How many daily snapshots are kept, 1 to 1000. Default: 7 in dev, 14 in staging, 35 in prod."""


class DataVolume(Blueprint):
    """The volume and its snapshots. Deleting it once it is unprotected leaves a last snapshot, except in dev."""

    SETTINGS = DataVolumeSettings
    ROLES = {
        "volume": "aws:ebs/volume:Volume",
        "snapshot-role": "aws:iam/role:Role",
        "snapshot-policy": "aws:iam/rolePolicy:RolePolicy",
        "snapshots": "aws:dlm/lifecyclePolicy:LifecyclePolicy",
    }
    STORES = {"volume"}

    volume_id: pulumi.Output[str]
    """Id of the volume."""

    def __init__(
        self, name: str, args: DataVolumeSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = DataVolumeSettings.load(args)
        super().__init__(name, settings, opts)
        here = location_of(self)
        self.snapshot_role = self.create(
            aws.iam.Role,
            "snapshot-role",
            {
                "description": "Takes and ends the daily snapshots of the data volume",
                "assume_role_policy": trust("dlm.amazonaws.com", here.account),
            },
        )
        self.volume = self.create(
            aws.ebs.Volume,
            "volume",
            {
                "availability_zone": settings.availability_zone,
                "size": gigabytes(settings.size),
                "type": "gp3",
                "iops": settings.iops,
                "throughput": settings.throughput,
                "encrypted": True,
                "kms_key_id": settings.key_arn,
                "snapshot_id": settings.snapshot_id,
                "final_snapshot": not settings.profile.disposable,
                # The role's name is unique in the account: the policy below finds this volume and no other.
                "tags": {_SNAPSHOT_TAG: self.snapshot_role.name},
            },
            # It leaves a snapshot instead: a retained volume would go on costing its full price.
            pulumi.ResourceOptions(retain_on_delete=False),
        )
        self.snapshot_policy = self.create(
            aws.iam.RolePolicy,
            "snapshot-policy",
            {"role": self.snapshot_role.id, "policy": policy(_rights(here.region, here.partition, here.account))},
        )
        self.snapshots = self.create(
            aws.dlm.LifecyclePolicy,
            "snapshots",
            {
                "description": f"Daily snapshots of {name}",
                "execution_role_arn": self.snapshot_role.arn,
                "state": "ENABLED",
                "policy_details": {
                    "resource_types": ["VOLUME"],
                    "target_tags": {_SNAPSHOT_TAG: self.snapshot_role.name},
                    "schedules": [
                        {
                            "name": "daily",
                            "create_rule": {
                                "interval": 24,
                                "interval_unit": "HOURS",
                                "times": settings.snapshot_time,
                            },
                            "retain_rule": {"count": settings.snapshots_kept or settings.profile.backup_retention_days},
                            "copy_tags": True,
                        }
                    ],
                },
            },
            pulumi.ResourceOptions(depends_on=[self.snapshot_policy]),
        )
        self.publish(volume_id=self.volume.id)


def _rights(
    region: pulumi.Output[str], partition: pulumi.Output[str], account: pulumi.Output[str]
) -> list[dict[str, Any]]:
    def ec2(kind: str, owner: pulumi.Input[str]) -> pulumi.Output[str]:
        return pulumi.Output.concat("arn:", partition, ":ec2:", region, ":", owner, ":", kind, "/*")

    snapshots = ec2("snapshot", "")
    # The managed policy AWSDataLifecycleManagerServiceRole without what snapshots of volumes do not need, and with
    # resources: it allows CreateSnapshot and DeleteSnapshot on everything.
    return [
        {
            "Effect": "Allow",
            "Action": "ec2:CreateSnapshot",
            "Resource": [ec2("volume", account), snapshots],
        },
        {"Effect": "Allow", "Action": "ec2:DeleteSnapshot", "Resource": snapshots},
        {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": snapshots},
        # These have no finer resource (service authorization reference, EC2).
        {
            "Effect": "Allow",
            "Action": ["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"],
            "Resource": "*",
        },
    ]
