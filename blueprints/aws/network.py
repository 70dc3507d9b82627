"""A VPC with public and private subnets, no open default group, gateway endpoints and, where asked for, flow logs."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.aws.identifiers import AvailabilityZone
from blueprints.aws.location import location_of
from blueprints.aws.log_group import LogGroup
from blueprints.aws.policy_document import policy, trust
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Arn, VpcCidr
from blueprints.inputs import In
from blueprints.settings import Settings

NO_FLOW_LOGS = "EC2.6"
"""Rule: in prod the network's traffic is recorded."""


class NetworkSpec(Settings):
    """What a person chooses about a network."""

    cidr: VpcCidr = "10.0.0.0/16"
    """Range of addresses, /16 to /28. Changing it replaces the VPC. Default 10.0.0.0/16."""
    zones: list[AvailabilityZone] = []
    """Availability zones, one for each subnet of a kind. Changing one replaces its subnet and what stands in it.
    Default: the region's first ones when the network is created; they are kept when AWS adds zones."""
    flow_logs: bool | None = None
    """Whether all traffic is recorded in a log group (about 0.50 USD for each GB of records). Default: true in prod."""


class NetworkSettings(NetworkSpec, BlueprintSettings):
    """Settings of a network."""

    public_subnets: Annotated[int, Field(ge=0, le=6)] = 2
    """Subnets that reach the internet, each in a zone of its own, 0 to 6. Default 2."""
    private_subnets: Annotated[int, Field(ge=0, le=6)] = 0
    """Subnets that do not reach the internet, 0 to 6. Default 0."""
    gateway_endpoints: list[Literal["s3", "dynamodb"]] = ["s3", "dynamodb"]
    """Services reached without leaving AWS's network, at no cost. Default both."""
    key_arn: In[Arn] | None = None
    """Key that encrypts the flow logs. Required with flow logs."""

    @property
    def records_traffic(self) -> bool:
        """Whether there are flow logs: as set, else as the environment says."""
        return self.profile.flow_logs if self.flow_logs is None else self.flow_logs

    @property
    def ranges(self) -> list[str]:
        """Ranges of the subnets: sixteenths of the VPC's, but no smaller than a subnet may be."""
        network = ipaddress.ip_network(self.cidr)
        size = min(network.prefixlen + 4, 28)
        return [str(subnet) for subnet in network.subnets(new_prefix=size)]

    def rules(self) -> Iterator[Problem]:
        """Subnets fit the range and the zones."""
        yield from super().rules()
        wanted = self.public_subnets + self.private_subnets
        if wanted > len(self.ranges):
            yield Problem(
                "cidr",
                f"must have room for {wanted} subnets of 16 addresses or more",
                "use a larger range, for example 10.0.0.0/16",
                self.cidr,
            )
        if wanted == 0:
            yield Problem("public_subnets", "must leave at least one subnet", "use 1 or more", 0)
        most = max(self.public_subnets, self.private_subnets)
        if self.zones and len(self.zones) < most:
            yield Problem("zones", f"must name a zone for each of {most} subnets", "add zones", len(self.zones))
        for index, zone in enumerate(self.zones):
            if zone in self.zones[:index]:
                yield Problem(f"zones[{index}]", "is listed twice", "name another zone of the region", zone)
        waived = any(waiver.rule == NO_FLOW_LOGS for waiver in self.waivers)
        if self.environment == "prod" and self.flow_logs is False and not waived:
            yield Problem(
                "flow_logs",
                f"must not be false in prod ({NO_FLOW_LOGS})",
                f"remove it, or waive {NO_FLOW_LOGS} with a reason",
                False,
            )
        if self.records_traffic and self.key_arn is None:
            yield Problem("key_arn", "is required with flow_logs", "pass the ARN of a key that admits logs")


class Network(Blueprint):
    """The network. There is no NAT gateway: what needs one adds it, because it costs more than a small server."""

    SETTINGS = NetworkSettings
    ROLES = {
        "vpc": "aws:ec2/vpc:Vpc",
        "default-group": "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "gateway": "aws:ec2/internetGateway:InternetGateway",
        "public-routes": "aws:ec2/routeTable:RouteTable",
        "private-routes": "aws:ec2/routeTable:RouteTable",
        "internet": "aws:ec2/route:Route",
        "public-subnet-*": "aws:ec2/subnet:Subnet",
        "private-subnet-*": "aws:ec2/subnet:Subnet",
        "public-association-*": "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "private-association-*": "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "endpoint-*": "aws:ec2/vpcEndpoint:VpcEndpoint",
        "flow-role": "aws:iam/role:Role",
        "flow-policy": "aws:iam/rolePolicy:RolePolicy",
        "flow-log": "aws:ec2/flowLog:FlowLog",
    }
    PARTS = {"flow": LogGroup}
    RULES = {NO_FLOW_LOGS}

    vpc_id: pulumi.Output[str]
    """Id of the VPC."""
    public_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets that reach the internet."""
    private_subnet_ids: pulumi.Output[list[str]]
    """Ids of the subnets that do not."""
    zones: pulumi.Output[list[str]]
    """Availability zone of each public subnet, or of each private one where there is no public one."""

    def __init__(
        self, name: str, args: NetworkSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = NetworkSettings.load(args)
        super().__init__(name, settings, opts)
        self.vpc = self.create(
            aws.ec2.Vpc,
            "vpc",
            {"cidr_block": settings.cidr, "enable_dns_support": True, "enable_dns_hostnames": True},
        )
        # A VPC comes with a group that lets its members reach each other; adopting it without rules closes it.
        self.default_group = self.create(
            aws.ec2.DefaultSecurityGroup, "default-group", {"vpc_id": self.vpc.id, "ingress": [], "egress": []}
        )
        ranges = iter(settings.ranges)
        self.public_subnets = self._subnets(settings, "public", settings.public_subnets, ranges)
        self.private_subnets = self._subnets(settings, "private", settings.private_subnets, ranges)
        tables = [self._public_routes()] if self.public_subnets else []
        if self.private_subnets:
            tables.append(self._routes("private", self.private_subnets))
        self._endpoints(settings, tables)
        if settings.records_traffic:
            self._flow_log(settings)
        subnets = self.public_subnets or self.private_subnets
        self.publish(
            vpc_id=self.vpc.id,
            public_subnet_ids=pulumi.Output.all(*(subnet.id for subnet in self.public_subnets)),
            private_subnet_ids=pulumi.Output.all(*(subnet.id for subnet in self.private_subnets)),
            zones=pulumi.Output.all(*(subnet.availability_zone for subnet in subnets)),
        )

    def _subnets(self, settings: NetworkSettings, kind: str, count: int, ranges: Iterator[str]) -> list[aws.ec2.Subnet]:
        found: pulumi.Output[list[str]] | None = None
        if count and not settings.zones:
            found = aws.get_availability_zones_output(
                state="available",
                # Local and wavelength zones have few instance types; they are opted into, regular ones are not.
                filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
                opts=pulumi.InvokeOptions(parent=self),
            ).names
        subnets: list[aws.ec2.Subnet] = []
        for index in range(count):
            subnets.append(
                self.create(
                    aws.ec2.Subnet,
                    f"{kind}-subnet-{index}",
                    {
                        "vpc_id": self.vpc.id,
                        "cidr_block": next(ranges),
                        "availability_zone": settings.zones[index] if found is None else found[index],
                        "map_public_ip_on_launch": False,
                    },
                    # A zone that AWS adds later would come first in the list and move everything else.
                    pulumi.ResourceOptions(ignore_changes=[] if found is None else ["availabilityZone"]),
                )
            )
        return subnets

    def _routes(self, kind: str, subnets: list[aws.ec2.Subnet]) -> aws.ec2.RouteTable:
        table = self.create(aws.ec2.RouteTable, f"{kind}-routes", {"vpc_id": self.vpc.id})
        for index, subnet in enumerate(subnets):
            self.create(
                aws.ec2.RouteTableAssociation,
                f"{kind}-association-{index}",
                {"route_table_id": table.id, "subnet_id": subnet.id},
            )
        return table

    def _public_routes(self) -> aws.ec2.RouteTable:
        gateway = self.create(aws.ec2.InternetGateway, "gateway", {"vpc_id": self.vpc.id})
        table = self._routes("public", self.public_subnets)
        self.internet = self.create(
            aws.ec2.Route,
            "internet",
            {"route_table_id": table.id, "destination_cidr_block": "0.0.0.0/0", "gateway_id": gateway.id},
        )
        return table

    def _endpoints(self, settings: NetworkSettings, tables: list[aws.ec2.RouteTable]) -> None:
        region = location_of(self).region
        for service in settings.gateway_endpoints:
            self.create(
                aws.ec2.VpcEndpoint,
                f"endpoint-{service}",
                {
                    "vpc_id": self.vpc.id,
                    "vpc_endpoint_type": "Gateway",
                    "service_name": pulumi.Output.concat("com.amazonaws.", region, f".{service}"),
                    "route_table_ids": [table.id for table in tables],
                },
            )

    def _flow_log(self, settings: NetworkSettings) -> None:
        here = location_of(self)
        self.flow = self.part(LogGroup, "flow", {"key_arn": settings.key_arn})
        role = self.create(
            aws.iam.Role,
            "flow-role",
            {
                "description": "Writes the VPC's flow logs",
                "assume_role_policy": trust("vpc-flow-logs.amazonaws.com", here.account),
            },
        )
        rights = self.create(
            aws.iam.RolePolicy,
            "flow-policy",
            {
                "role": role.id,
                # What publishing to CloudWatch Logs asks for, on the one group (VPC user guide, "Flow logs").
                "policy": policy(
                    [
                        {
                            "Effect": "Allow",
                            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                            "Resource": pulumi.Output.concat(self.flow.arn, ":*"),
                        },
                        {
                            "Effect": "Allow",
                            "Action": "logs:DescribeLogGroups",
                            "Resource": here.arn("logs", "log-group:*"),
                        },
                    ]
                ),
            },
        )
        self.flow_log = self.create(
            aws.ec2.FlowLog,
            "flow-log",
            {
                "vpc_id": self.vpc.id,
                "traffic_type": "ALL",
                "log_destination_type": "cloud-watch-logs",
                "log_destination": self.flow.arn,
                "iam_role_arn": role.arn,
            },
            pulumi.ResourceOptions(depends_on=[rights]),
        )
