"""Documented rules of the services that no table can hold. One rule a file; each names its source."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

# Which rules judge which types: a rule is loaded only for a program that uses one of its types.
RULES: dict[str, tuple[str, ...]] = {
    "acm/certificate:Certificate": ("certificate_names",),
    "cloudformation/stack:Stack": ("template_not_run",),
    "cloudfront/distribution:Distribution": ("cdn_certificate", "cdn_firewall"),
    "cloudwatch/metricAlarm:MetricAlarm": ("alarm_period",),
    "dynamodb/table:Table": ("table_keys", "table_capacity"),
    "ebs/volume:Volume": ("volume_performance",),
    "ec2/instance:Instance": ("instance_placement",),
    "ec2/securityGroup:SecurityGroup": ("port_range",),
    "ec2/securityGroupRule:SecurityGroupRule": ("port_range", "mixed_rules"),
    "ec2/subnet:Subnet": ("subnet_range", "zone_region"),
    "ec2/vpc:Vpc": ("network_size",),
    "ecs/service:Service": ("service_percentages",),
    "ecs/taskDefinition:TaskDefinition": ("fargate_size", "container_definitions"),
    "iam/policy:Policy": ("policy_json",),
    "iam/role:Role": ("policy_json",),
    "iam/rolePolicy:RolePolicy": ("policy_json",),
    "kms/key:Key": ("policy_json",),
    "lambda/function:Function": ("function_package",),
    "lb/listener:Listener": ("listener_certificate",),
    "lb/loadBalancer:LoadBalancer": ("load_balancer_zones",),
    "lb/targetGroup:TargetGroup": ("health_check_times",),
    "rds/subnetGroup:SubnetGroup": ("subnet_group_zones",),
    "s3/bucketPolicy:BucketPolicy": ("policy_json",),
    "sns/topic:Topic": ("fifo_name",),
    "sqs/queue:Queue": ("fifo_name", "queue_times"),
    "sqs/queuePolicy:QueuePolicy": ("policy_json",),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("port_range", "mixed_rules"),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("port_range", "mixed_rules"),
    "wafv2/ipSet:IpSet": ("firewall_region",),
    "wafv2/webAcl:WebAcl": ("firewall_region",),
}
for _name in ("listener:Listener", "loadBalancer:LoadBalancer", "targetGroup:TargetGroup"):
    RULES[f"alb/{_name}"] = RULES[f"lb/{_name}"]


def check_rules(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds what breaks a rule of the resource's service."""
    for name in RULES.get(subject.type.partition(":")[2], ()):
        module = importlib.import_module(f"blueprints.sandbox.provider.aws.rules.{name}")
        module.check(session, subject, findings)
