"""Address records in an existing Route 53 zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.aws.identifiers import ZoneId
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.fields import Duration, between_durations, seconds
from blueprints.inputs import In


class DnsRecordsSettings(BlueprintSettings):
    """Settings of address records."""

    zone_id: In[ZoneId]
    """Hosted zone that the names lie in. Changing it replaces the records."""
    names: Annotated[list[str], Field(min_length=1)]
    """Fully qualified names."""
    address: In[str]
    """IPv4 address that they all point to."""
    ttl: Annotated[Duration, between_durations("30s", "1d")] = "5m"
    """How long resolvers keep an answer, 30 s to 1 d. Default 5m."""


class DnsRecords(Blueprint):
    """One A record for each name."""

    SETTINGS = DnsRecordsSettings
    ROLES = {"*": "aws:route53/record:Record"}

    def __init__(
        self, name: str, args: DnsRecordsSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = DnsRecordsSettings.load(args)
        super().__init__(name, settings, opts)
        self.records = [
            self.create(
                aws.route53.Record,
                host.replace(".", "-"),
                {
                    "zone_id": settings.zone_id,
                    "name": host,
                    "type": "A",
                    "ttl": seconds(settings.ttl),
                    "records": [settings.address],
                },
            )
            for host in settings.names
        ]
        self.publish()
