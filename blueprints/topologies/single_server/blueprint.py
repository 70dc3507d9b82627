"""`SingleServer`: the parts put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from blueprints.aws.alarms import Alarms
from blueprints.aws.bucket import Bucket
from blueprints.aws.dns import DnsRecords
from blueprints.aws.firewall import Access, Firewall
from blueprints.aws.image_build import ImageBuild
from blueprints.aws.instance_role import InstanceRole
from blueprints.aws.key import Key
from blueprints.aws.location import location_of
from blueprints.aws.log_group import LogGroup
from blueprints.aws.network import NO_FLOW_LOGS, Network
from blueprints.aws.registry import Registry
from blueprints.aws.secrets import Secrets
from blueprints.aws.server import Server
from blueprints.aws.volume import DataVolume
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.server import user_data
from blueprints.topologies.single_server import rules, triggers
from blueprints.topologies.single_server.capacity import architecture
from blueprints.topologies.single_server.commands import Commands
from blueprints.topologies.single_server.content import content_of
from blueprints.topologies.single_server.parameters import host_parameters
from blueprints.topologies.single_server.permissions import statements
from blueprints.topologies.single_server.release import ServerBundle, ServerRelease
from blueprints.topologies.single_server.settings import SingleServerSettings
from blueprints.topologies.single_server.watch import alarms_of

# Canonical's own parameter for Ubuntu Server 24.04 LTS (documentation.ubuntu.com/aws, "Find Ubuntu images").
_UBUNTU = "/aws/service/canonical/ubuntu/server/24.04/stable/current/{}/hvm/ebs-gp3/ami-id"
_INGRESS = [
    Access(name="https", port=443, reason="HTTPS for everyone"),
    Access(name="http", port=80, reason="Redirect to HTTPS, and ACME challenges"),
]
_EGRESS = [
    Access(name="https", port=443, reason="AWS, container registries and the ACME directory"),
    Access(name="http", port=80, reason="Ubuntu archive mirrors, whose metadata is signed"),
]


@dataclass(frozen=True)
class _Place:
    vpc_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    zone: pulumi.Input[str]
    made: tuple[Network, ...] = ()
    """The network with its way to the internet, where it is ours."""


class SingleServer(Blueprint):
    """One EC2 instance that runs nginx (TLS), an application and, by choice, Keycloak and PostgreSQL in containers.

    About 50 USD a month (docs/single-server.md lists the items). Deployments with the strategy `recreate` cost seconds
    to minutes of downtime; a failed server is back from its data volume in minutes, from a backup within hours.
    """

    SETTINGS = SingleServerSettings
    ROLES = {"parameter": "aws:ssm/parameter:Parameter"}
    PARTS = {
        "key": Key,
        "network": Network,
        "containers-log": LogGroup,
        "host-log": LogGroup,
        "access-logs": Bucket,
        "bundles": Bucket,
        "backups": Bucket,
        "secrets": Secrets,
        "registry": Registry,
        "build": ImageBuild,
        "data": DataVolume,
        "firewall": Firewall,
        "bundle": ServerBundle,
        "role": InstanceRole,
        "server": Server,
        "release": ServerRelease,
        "alarms": Alarms,
        "dns": DnsRecords,
    }
    RULES = {rules.SELF_SIGNED, rules.SHORT_BACKUPS, NO_FLOW_LOGS}

    url: pulumi.Output[str]
    """Where the application answers: the first domain, or the address where there is none."""
    public_ip: pulumi.Output[str]
    """Static address of the server; what a DNS record made elsewhere points to."""
    instance_id: pulumi.Output[str]
    """Id of the instance."""
    image_id: pulumi.Output[str]
    """Id of the machine image that the server was started from."""
    data_volume_id: pulumi.Output[str]
    """Id of the data volume."""
    bundle_version: pulumi.Output[str]
    """Version of what runs on the server: a hash over everything that decides it."""
    bundle_bucket: pulumi.Output[str]
    """Bucket that holds the versions."""
    backup_bucket: pulumi.Output[str]
    """Bucket that holds the logical backups, under backups/."""
    container_log_group: pulumi.Output[str]
    """Log group of the containers."""
    host_log_group: pulumi.Output[str]
    """Log group of the host."""
    alarm_topic_arn: pulumi.Output[str]
    """Topic that alarms are told to."""
    secret_arns: pulumi.Output[dict[str, str]]
    """ARN of each secret by its name; the values are in Secrets Manager only."""
    key_arn: pulumi.Output[str]
    """Key that everything is encrypted with."""
    vpc_id: pulumi.Output[str]
    """VPC of the server."""
    connect_command: pulumi.Output[str]
    """Opens a shell on the server through Session Manager; there is no SSH."""
    deploy_command: pulumi.Output[str]
    """Deploys the stack's version again, without an update."""
    rollback_command: pulumi.Output[str]
    """Goes back to the version that ran before."""
    backup_command: pulumi.Output[str]
    """Makes a logical backup now."""

    def __init__(
        self, name: str, args: SingleServerSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = SingleServerSettings.load(args)
        super().__init__(name, settings, opts)
        self.here = location_of(self)
        self.encryption = self._key(settings)
        place = self._place(settings)
        self._stores(settings, place)
        self._contents(settings)
        self._server(settings, place)
        self._watch(settings)
        if settings.existing.zone_id is not None:
            names = settings.stand_in().certificate_names
            address = self.server.public_ip
            self.part(DnsRecords, "dns", {"zone_id": settings.existing.zone_id, "names": names, "address": address})
        self._publish(settings, place)

    @classmethod
    def advice(cls, settings: BlueprintSettings) -> Iterator[str]:
        """When the service outgrows one server."""
        if isinstance(settings, SingleServerSettings):
            yield from triggers.advice(settings)

    def _key(self, settings: SingleServerSettings) -> pulumi.Input[str]:
        """ARN of the key that everything is encrypted with."""
        if settings.existing.key_arn is not None:
            return settings.existing.key_arn
        users = ["alarms", "ebs", "logs", "s3", "secretsmanager", "sns"]
        self.key = self.part(Key, "key", {"users": [*users, "ecr"] if settings.app.build else users})
        return self.key.arn

    def _place(self, settings: SingleServerSettings) -> _Place:
        """VPC, subnet and zone of the server."""
        existing = settings.existing.vpc
        if existing is not None:
            subnet = aws.ec2.get_subnet_output(id=existing.subnet_id, opts=pulumi.InvokeOptions(parent=self))
            return _Place(existing.vpc_id, existing.subnet_id, subnet.availability_zone)
        chosen = {**settings.network.shown(), "public_subnets": 1, "key_arn": self.encryption}
        self.network = self.part(Network, "network", chosen)
        made = self.network
        return _Place(made.vpc_id, made.public_subnet_ids[0], made.zones[0], (made,))

    def _stores(self, settings: SingleServerSettings, place: _Place) -> None:
        """What outlives the server: log groups, buckets and the data volume."""
        logs = {"key_arn": self.encryption, "retention_days": settings.logs.retention_days}
        self.containers_log = self.part(LogGroup, "containers-log", logs)
        self.host_log = self.part(LogGroup, "host-log", logs)
        kept = self.profile.log_retention_days
        self.access_logs = self.part(Bucket, "access-logs", {"receives_access_logs": True, "expire_after_days": kept})
        logged = {"key_arn": self.encryption, "log_bucket": self.access_logs.bucket_name}
        self.bundles = self.part(Bucket, "bundles", logged)
        self.backups = self.part(Bucket, "backups", {**logged, "expire_after_days": settings.backup_days})
        self.data = self.part(
            DataVolume,
            "data",
            {
                **settings.volume.shown(),
                "availability_zone": place.zone,
                "key_arn": self.encryption,
                "snapshots_kept": settings.backup_days,
            },
        )

    def _contents(self, settings: SingleServerSettings) -> None:
        """What runs on the server, uploaded, and the secrets that it asks for."""
        self.content = content_of(settings, self.name, self._image(settings))
        placed = {"bucket": self.bundles.bucket_name, "objects": self.content.objects}
        self.bundle = self.part(ServerBundle, "bundle", placed)
        self.secrets = self.part(Secrets, "secrets", {"secrets": self.content.created, "key_arn": self.encryption})
        self.all_secrets = {name: secret.arn for name, secret in self.secrets.secrets.items()} | self.content.existing

    def _image(self, settings: SingleServerSettings) -> pulumi.Input[str]:
        """The application's image: as given, or built and named by its digest."""
        self.registry: Registry | None = None
        if settings.app.build is None:
            return settings.app.image or ""
        self.registry = self.part(Registry, "registry", {"key_arn": self.encryption})
        self.build = self.part(
            ImageBuild,
            "build",
            {
                "build": settings.app.build,
                "platform": f"linux/{architecture(settings.instance_type)}",
                "repository_url": self.registry.url,
                "registry_id": self.registry.registry_id,
            },
        )
        return self.build.reference

    def _server(self, settings: SingleServerSettings, place: _Place) -> None:
        """The server, its role, its firewall, and the one parameter from which it learns everything."""
        self.parameter = self.create(
            aws.ssm.Parameter,
            "parameter",
            {
                "type": "String",
                "tier": "Intelligent-Tiering",
                "description": f"What {self.name} runs and works with; no secrets, only where they are",
                "insecure_value": host_parameters(self),
            },
        )
        self.role = self.part(InstanceRole, "role", {"statements": list(statements(self, self.here))})
        self.firewall = self.part(
            Firewall,
            "firewall",
            {
                "vpc_id": place.vpc_id,
                "description": "The web, and what the server calls",
                "ingress": _INGRESS,
                "egress": [*_EGRESS, *settings.egress],
            },
        )
        self.server = self.part(
            Server,
            "server",
            {
                "instance_type": settings.instance_type,
                "image": settings.image,
                "architecture": architecture(settings.instance_type),
                "image_parameter": _UBUNTU.format(architecture(settings.instance_type)),
                "subnet_id": place.subnet_id,
                "security_group_ids": [self.firewall.group_id],
                "profile_name": self.role.profile_name,
                "key_arn": self.encryption,
                "root_size": settings.root_size,
                "user_data": user_data(),
                "instance_tags": {"blueprints:server-parameter": self.parameter.name},
                "volume_id": self.data.volume_id,
            },
            # At its first boot the server reads what it runs, and needs its rights and the way out to do so.
            pulumi.ResourceOptions(depends_on=[self.bundle, self.role, self.firewall, *place.made]),
        )
        self.release = self.part(
            ServerRelease,
            "release",
            {"instance_id": self.server.instance_id, "version": self.content.version},
            pulumi.ResourceOptions(depends_on=[self.server, self.bundle, self.parameter]),
        )

    def _watch(self, settings: SingleServerSettings) -> None:
        alarms = list(alarms_of(settings, self.server.instance_id, self.here))
        self.alarms = self.part(
            Alarms, "alarms", {"alarms": alarms, "emails": settings.alarms.emails, "key_arn": self.encryption}
        )

    def _publish(self, settings: SingleServerSettings, place: _Place) -> None:
        address = self.server.public_ip
        documents = self.release.documents
        commands = Commands(self.here.region, self.server.instance_id)
        self.publish(
            url=pulumi.Output.concat("https://", settings.domains[0] if settings.domains else address),
            public_ip=address,
            instance_id=self.server.instance_id,
            image_id=self.server.image_id,
            data_volume_id=self.data.volume_id,
            bundle_version=self.content.version,
            bundle_bucket=self.bundles.bucket_name,
            backup_bucket=self.backups.bucket_name,
            container_log_group=self.containers_log.group_name,
            host_log_group=self.host_log.group_name,
            alarm_topic_arn=self.alarms.topic_arn,
            secret_arns=pulumi.Output.all(**self.all_secrets),
            key_arn=self.encryption,
            vpc_id=place.vpc_id,
            connect_command=commands.connect(),
            deploy_command=commands.run(documents["deploy"].name, version=self.content.version),
            rollback_command=commands.run(documents["rollback"].name),
            backup_command=commands.run(documents["backup"].name),
        )
