"""Identifiers that AWS gives out, as field types: what a person copies from the console is checked for its form."""

from __future__ import annotations

from typing import Annotated

from blueprints.fields import matching

InstanceType = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]*\.[a-z0-9-]+", "must be an EC2 instance type", 'write it like "t3.medium" or "m7g.large"'
    ),
]
"""An EC2 instance type: family, dot, size."""

ImageId = Annotated[
    str, matching(r"ami-[0-9a-f]{8,17}", "must be the id of a machine image", "copy it from EC2; it begins with ami-")
]
"""Id of an Amazon machine image."""

SnapshotId = Annotated[
    str, matching(r"snap-[0-9a-f]{8,17}", "must be the id of a snapshot", "copy it from EC2; it begins with snap-")
]
"""Id of an EBS snapshot."""

VpcId = Annotated[str, matching(r"vpc-[0-9a-f]{8,17}", "must be the id of a VPC", "copy it; it begins with vpc-")]
"""Id of a VPC."""

SubnetId = Annotated[
    str, matching(r"subnet-[0-9a-f]{8,17}", "must be the id of a subnet", "copy it; it begins with subnet-")
]
"""Id of a subnet."""

ZoneId = Annotated[
    str,
    matching(
        r"Z[A-Z0-9]{4,31}",
        "must be the id of a hosted zone, not its name",
        "copy it from Route 53; it begins with Z and holds capital letters and digits",
    ),
]
"""Id of a Route 53 hosted zone."""

AvailabilityZone = Annotated[
    str,
    matching(
        r"[a-z]{2}(-[a-z]+)+-\d[a-z]", "must be the name of an availability zone", 'write it like "eu-central-1a"'
    ),
]
"""Name of an availability zone: region and letter."""

RoleName = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]{0,40}",
        "must be lower-case letters, digits and dashes, beginning with a letter, 41 characters at most",
        'write it like "smtp"',
    ),
]
"""Name that becomes the end of a resource's name."""
