"""Where a component is deployed: region, account and partition, as the provider that it inherits says."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True)
class Location:
    """Region, account and partition, for ARNs that no resource hands out."""

    region: pulumi.Output[str]
    """Name of the region, for example `eu-central-1`."""
    account: pulumi.Output[str]
    """Number of the account, 12 digits."""
    partition: pulumi.Output[str]
    """`aws`, `aws-cn` or `aws-us-gov`."""

    def arn(self, service: str, resource: pulumi.Input[str], *, account: bool = True) -> pulumi.Output[str]:
        """An ARN in this region: `arn("logs", "log-group:*")`; without the account for what AWS itself owns."""
        number = self.account if account else ""
        return pulumi.Output.concat("arn:", self.partition, ":", service, ":", self.region, ":", number, ":", resource)


def location_of(component: pulumi.ComponentResource) -> Location:
    """The location of a component, looked up with the provider that its children use."""
    options = pulumi.InvokeOptions(parent=component)
    return Location(
        region=aws.get_region_output(opts=options).region,
        account=aws.get_caller_identity_output(opts=options).account_id,
        partition=aws.get_partition_output(opts=options).partition,
    )
