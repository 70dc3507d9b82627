"""What CloudWatch's alarms look at, once a minute: health, days left of the certificate, age of the backup."""

from __future__ import annotations

from typing import Any

from . import backup, certificates, health
from .errors import AgentError
from .layout import Layout


def collect(layout: Layout) -> dict[str, float]:
    """Every metric of this server. One that cannot be measured counts as bad: silence must not look like health."""
    description = layout.description()
    found = {"HealthCheckFailed": 0.0 if health.answer(description) == 200 else 1.0}
    try:
        found["CertificateDaysRemaining"] = round(certificates.trusted_days_left(layout, description), 2)
    except AgentError:
        found["CertificateDaysRemaining"] = 0.0
    if description["databases"]:
        found["BackupAgeHours"] = round(backup.age_hours(layout), 2)
    return found


def publish(layout: Layout, cloudwatch: Any) -> dict[str, float]:
    """Sends the metrics, each with the instance as its only dimension."""
    host, found = layout.host(), collect(layout)
    units = {"HealthCheckFailed": "Count"}
    cloudwatch.put_metric_data(
        Namespace=host["metrics_namespace"],
        MetricData=[
            {
                "MetricName": name,
                "Dimensions": [{"Name": "InstanceId", "Value": host["instance_id"]}],
                "Value": value,
                "Unit": units.get(name, "None"),
            }
            for name, value in found.items()
        ],
    )
    return found
