"""The alarms of a single server, as data."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi

from blueprints.aws.alarms import Alarm
from blueprints.aws.location import Location
from blueprints.fields import percent, seconds
from blueprints.server.parameters import METRICS_NAMESPACE
from blueprints.topologies.single_server.settings import SingleServerSettings

_DISKS = {"root": "/", "data": "/srv/data"}


def alarms_of(settings: SingleServerSettings, instance_id: pulumi.Output[str], here: Location) -> Iterator[Alarm]:
    """Every alarm on one instance. What AWS can repair by itself, it does: recovery and reboot are alarm actions."""
    limits = settings.alarms
    instance = {"InstanceId": instance_id}

    def automatic(action: str) -> pulumi.Output[str]:
        return pulumi.Output.concat("arn:", here.partition, ":automate:", here.region, f":ec2:{action}")

    yield Alarm(
        name="system-status",
        meaning="The hardware under the server failed. AWS moves the server to other hardware by itself.",
        namespace="AWS/EC2",
        metric="StatusCheckFailed_System",
        dimensions=instance,
        statistic="Maximum",
        comparison=">=",
        threshold=1,
        periods=2,
        actions=[automatic("recover")],
    )
    yield Alarm(
        name="instance-status",
        meaning="The operating system does not answer. AWS restarts the server by itself.",
        namespace="AWS/EC2",
        metric="StatusCheckFailed_Instance",
        dimensions=instance,
        statistic="Maximum",
        comparison=">=",
        threshold=1,
        periods=3,
        actions=[automatic("reboot")],
    )
    yield Alarm(
        name="cpu",
        meaning="The processors are busy. Look for the container with `docker stats`, or take a larger instance_type.",
        namespace="AWS/EC2",
        metric="CPUUtilization",
        dimensions=instance,
        threshold=percent(limits.cpu),
        period_seconds=300,
        periods=3,
    )
    yield Alarm(
        name="memory",
        meaning="Memory is nearly used up (take a larger instance_type before containers are ended for lack of it), or "
        "the CloudWatch agent, which measures memory and disks, sends nothing.",
        namespace=METRICS_NAMESPACE,
        metric="mem_used_percent",
        dimensions=instance,
        threshold=percent(limits.memory),
        period_seconds=300,
        periods=3,
        missing="breaching",
    )
    for volume, path in _DISKS.items():
        grow = "root_size" if volume == "root" else "volume.size"
        yield Alarm(
            name=f"disk-{volume}",
            meaning=f"The file system at {path} is nearly full. Raise {grow}; it grows in place.",
            namespace=METRICS_NAMESPACE,
            metric="disk_used_percent",
            dimensions={**instance, "path": path},
            threshold=percent(limits.disk),
            period_seconds=300,
            periods=3,
        )
    yield Alarm(
        name="certificate",
        meaning="The certificate ends soon and was not renewed. See `journalctl -u 'blueprints-*'` on the server.",
        namespace=METRICS_NAMESPACE,
        metric="CertificateDaysRemaining",
        dimensions=instance,
        statistic="Minimum",
        comparison="<",
        threshold=limits.certificate_days,
        period_seconds=3600,
        periods=1,
        missing="notBreaching",
    )
    yield Alarm(
        name="health",
        meaning="The application's health check fails, or the server sends no metrics at all.",
        namespace=METRICS_NAMESPACE,
        metric="HealthCheckFailed",
        dimensions=instance,
        statistic="Maximum",
        comparison=">=",
        threshold=1,
        periods=3,
        missing="breaching",
    )
    if settings.postgres is not None:
        yield Alarm(
            name="backup-age",
            meaning="The newest backup is too old. Run the stack's backup_command and read its output.",
            namespace=METRICS_NAMESPACE,
            metric="BackupAgeHours",
            dimensions=instance,
            statistic="Maximum",
            threshold=seconds(settings.backup.alarm_after) / 3600,
            period_seconds=300,
            periods=3,
            missing="notBreaching",
        )
