"""What a person chooses about a single server, group by group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from blueprints.aws.identifiers import SubnetId, VpcId, ZoneId
from blueprints.aws.image_build import BuildSpec
from blueprints.aws.log_group import LogRetention
from blueprints.errors import Problem
from blueprints.fields import Arn, Cidr, Email, Percent
from blueprints.inputs import In
from blueprints.server.spec import AppSpec, BackupSpec, Image
from blueprints.server.spec.types import SecretName
from blueprints.settings import Settings


class AppSettings(AppSpec):
    """The application: an image that exists, or a folder that one is built from. One of the two is required."""

    # The description of what runs needs an image; a setting may be an output, or left to `build`.
    image: In[Image] | None = None  # pyright: ignore[reportIncompatibleVariableOverride]
    """Image, pinned by tag or, better, by digest. Give this or `build`."""
    build: BuildSpec | None = None
    """Folder to build the image from; pushed to a repository of the stack's own and deployed by digest. Building needs
    a Docker engine at `up`, never at a preview. Default none."""


class ReleaseSettings(Settings):
    """How a new version takes over."""

    strategy: Literal["recreate", "blue_green", "rolling", "canary", "shadow", "ab_test", "rings"] = "recreate"
    """`recreate` stops the old version first: seconds to minutes of downtime. `blue_green` starts the new version
    beside the old one and switches when it is healthy: none, but memory for two. Default recreate."""

    def rules(self) -> Iterator[Problem]:
        """What one server cannot do, and the nearest that it can."""
        refused = {
            "rolling": ("there is one server, and nothing to roll over", "blue_green"),
            "canary": ("there is no load balancer to give a share of the traffic to the new version", "blue_green"),
            "shadow": ("there is no second set of servers to copy the traffic to", "blue_green"),
            "ab_test": ("there is no router that tells users apart", "blue_green"),
            "rings": ("all users are on the one server", "blue_green"),
        }
        if self.strategy in refused:
            reason, nearest = refused[self.strategy]
            yield Problem(
                "strategy",
                f"is not possible on a single server: {reason}",
                f"use {nearest}, or a topology with several servers",
                self.strategy,
            )


class SecretSettings(Settings):
    """A secret that exists already. Names that are asked for and not listed are created, and their values generated."""

    name: SecretName
    """Name by which `app.secrets` or `services[].secrets` asks for it."""
    arn: In[Arn]
    """ARN of the secret in Secrets Manager."""


class AlarmSettings(Settings):
    """Who is told, and from which values on."""

    emails: list[Email] = []
    """Addresses that are told; each confirms once, by a link that AWS sends. Default none: subscribe to the topic."""
    cpu: Percent = "80%"
    """Average processor use over 15 minutes beyond which the alarm goes off. Default 80%."""
    memory: Percent = "90%"
    """Memory in use. Default 90%."""
    disk: Percent = "85%"
    """Disk in use, on either volume. Default 85%."""
    certificate_days: Annotated[int, Field(ge=1, le=60)] = 14
    """Days before the certificate ends, 1 to 60; it is renewed 30 days before. Default 14."""

    def rules(self) -> Iterator[Problem]:
        """Nobody is told twice."""
        for index, email in enumerate(self.emails):
            if email in self.emails[:index]:
                yield Problem(f"emails[{index}]", "is listed twice", "keep one of the two", email)


class BackupSettings(BackupSpec):
    """Logical backups of the databases, beside the volume's daily snapshots."""

    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Days that backups and snapshots are kept, 1 to 1000 daily ones. Default: 7 in dev, 14 in staging, 35 in prod."""


class LogSettings(Settings):
    """Logs of the containers and of the host."""

    retention_days: LogRetention | None = None
    """Days that they are kept: a value that CloudWatch Logs allows. Default: 30 in dev, 90 in staging, 365 in prod."""


class ExistingVpc(Settings):
    """A network that is already there."""

    vpc_id: In[VpcId]
    """Id of the VPC."""
    subnet_id: In[SubnetId]
    """Id of a subnet in it that reaches the internet through an internet gateway."""
    cidr: Cidr | None = None
    """Range of the VPC; checked against `container_subnet` when given. Default none."""


class ExistingSettings(Settings):
    """What is already there and shall be used instead of made."""

    vpc: ExistingVpc | None = None
    """Network. Default: a new VPC."""
    zone_id: In[ZoneId] | None = None
    """Route 53 zone that gets an address record for each domain. Default: no record is made."""
    key_arn: In[Arn] | None = None
    """KMS key; its policy must admit the services that docs/single-server.md lists. Default: a new key."""


class Expectations(Settings):
    """What is expected of the service, to be told when it outgrows one server. Changes no resource."""

    users: Annotated[int, Field(ge=0)] | None = None
    """Users at the same time. Default unknown."""
    uptime: Percent | None = None
    """Share of the time that contracts promise, for example 99%. Default unknown."""
    deployments_per_week: Annotated[int, Field(ge=0)] | None = None
    """Deployments a week. Default unknown."""
    team_size: Annotated[int, Field(ge=0)] | None = None
    """Engineers who work on it. Default unknown."""
    continents: Annotated[int, Field(ge=1, le=7)] | None = None
    """Continents with users who need short response times, 1 to 7. Default unknown."""
