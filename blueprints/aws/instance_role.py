"""The role of an EC2 instance: Session Manager, and exactly the rights that are listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from blueprints.aws.location import Location, location_of
from blueprints.aws.policy_document import Statement, policy, trust
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint


class InstanceRoleSettings(BlueprintSettings):
    """Settings of an instance's role."""

    statements: list[dict[str, Any]] = []
    """Statements of the role's policy in IAM's words. Default none beyond what Systems Manager needs."""


class InstanceRole(Blueprint):
    """A role with one policy of its own and the instance profile that carries it; no managed policy is attached."""

    SETTINGS = InstanceRoleSettings
    ROLES = {
        "role": "aws:iam/role:Role",
        "policy": "aws:iam/rolePolicy:RolePolicy",
        "profile": "aws:iam/instanceProfile:InstanceProfile",
    }

    profile_name: pulumi.Output[str]
    """Name of the instance profile."""
    role_arn: pulumi.Output[str]
    """ARN of the role."""

    def __init__(
        self, name: str, args: InstanceRoleSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = InstanceRoleSettings.load(args)
        super().__init__(name, settings, opts)
        here = location_of(self)
        self.role = self.create(
            aws.iam.Role,
            "role",
            # EC2 sends no source account when an instance assumes its role.
            {"description": "What the server itself may do", "assume_role_policy": trust("ec2.amazonaws.com")},
        )
        self.policy = self.create(
            aws.iam.RolePolicy,
            "policy",
            {"role": self.role.id, "policy": policy([*_systems_manager(here), *settings.statements])},
        )
        self.instance_profile = self.create(aws.iam.InstanceProfile, "profile", {"role": self.role.name})
        self.publish(profile_name=self.instance_profile.name, role_arn=self.role.arn)


def _systems_manager(here: Location) -> Iterator[Statement]:
    """What the SSM agent needs, with the resources that each action can be narrowed to.

    Source: service authorization reference of Systems Manager, and the managed policy AmazonSSMManagedInstanceCore
    without what reads parameters of the whole account, inventory and patches. The agent reports each association as a
    compliance item.
    """
    yield {
        "Sid": "SessionManager",
        "Effect": "Allow",
        "Action": [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
            "ec2messages:AcknowledgeMessage",
            "ec2messages:DeleteMessage",
            "ec2messages:FailMessage",
            "ec2messages:GetEndpoint",
            "ec2messages:GetMessages",
            "ec2messages:SendReply",
            "ssm:GetManifest",
            "ssm:ListAssociations",
            "ssm:PutConfigurePackageResult",
        ],
        "Resource": "*",
    }
    instances = pulumi.Output.concat("arn:", here.partition, ":ec2:", here.region, ":", here.account, ":instance/*")
    yield {
        "Sid": "ManagedInstance",
        "Effect": "Allow",
        "Action": ["ssm:ListInstanceAssociations", "ssm:PutComplianceItems", "ssm:UpdateInstanceInformation"],
        "Resource": instances,
    }
    yield {
        "Sid": "Associations",
        "Effect": "Allow",
        "Action": [
            "ssm:DescribeAssociation",
            "ssm:DescribeDocument",
            "ssm:GetDocument",
            "ssm:UpdateAssociationStatus",
            "ssm:UpdateInstanceAssociationStatus",
        ],
        "Resource": [
            instances,
            here.arn("ssm", "association/*"),
            here.arn("ssm", "document/*"),
            here.arn("ssm", "document/AWS-ConfigureAWSPackage", account=False),
        ],
    }
