# ruff: noqa: E501, PLR0917 - a table reads better with one case a line
"""Each documented rule refuses what the service would, names its source, and lets the next best value through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from blueprints.sandbox.provider.aws.rules import RULES
from blueprints.sandbox.provider.values import Archive

from .client import UNKNOWN, Failed, Provider

ALB, TARGETS, LISTENER = (
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
    "aws:lb/listener:Listener",
)
TASK, TABLE, VOLUME = "aws:ecs/taskDefinition:TaskDefinition", "aws:dynamodb/table:Table", "aws:ebs/volume:Volume"
VPC, SUBNET, QUEUE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:sqs/queue:Queue"
FARGATE = {"family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512",
           "containerDefinitions": '[{"name": "a", "image": "b"}]'}  # fmt: skip
ALARM = {"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "metricName": "m", "namespace": "n",
         "statistic": "Average", "threshold": 1}  # fmt: skip
FUNCTION = {
    "role": "arn:aws:iam::000000000000:role/r",
    "code": Archive(path="x", hash="1"),
    "handler": "h",
    "runtime": "python3.12",
}
KEYS = {"hashKey": "a", "attributes": [{"name": "a", "type": "S"}], "billingMode": "PAY_PER_REQUEST"}
TARGET = {"port": 80, "protocol": "HTTP", "vpcId": "vpc-1"}
CDN = {"enabled": True, "origins": [{"domainName": "a.b", "originId": "o"}], "restrictions": {"geoRestriction": {"restrictionType": "none"}},
       "defaultCacheBehavior": {"allowedMethods": ["GET", "HEAD"], "cachedMethods": ["GET", "HEAD"], "targetOriginId": "o", "viewerProtocolPolicy": "https-only"},
       "viewerCertificate": {"cloudfrontDefaultCertificate": True}}  # fmt: skip
ACL = {
    "defaultAction": {"allow": {}},
    "visibilityConfig": {"cloudwatchMetricsEnabled": True, "metricName": "m", "sampledRequestsEnabled": True},
}
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
TRUST = (
    '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}'
)
CERT = "arn:aws:acm:eu-central-1:000000000000:certificate/1"
US_CERT = CERT.replace("eu-central-1", "us-east-1")

# (rule, type, what is refused, part of the message, what passes)
CASES: list[tuple[str, str, dict[str, Any], str, dict[str, Any]]] = [
    ("fargate-size", TASK, {**FARGATE, "memory": "4096"}, "with 256 CPU units it must be one of (512, 1024, 2048)", FARGATE),
    ("fargate-size", TASK, {**FARGATE, "cpu": "300"}, "on Fargate it must be one of 256, 512", {**FARGATE, "cpu": ".25 vCPU"}),
    ("fargate-size", TASK, {**FARGATE, "cpu": "4096", "memory": "9000"}, "from 8192 to 30720 in steps of 1024",
     {**FARGATE, "cpu": "4 vCPU", "memory": "9 GB"}),
    ("fargate-size", TASK, {**FARGATE, "networkMode": "bridge"}, "must be `awsvpc` for Fargate", {**FARGATE, "cpu": UNKNOWN}),
    ("container-definitions", TASK, {"family": "f", "containerDefinitions": '[{"name": "a"}]'}, "containerDefinitions[0].image` is missing",
     {"family": "f", "containerDefinitions": UNKNOWN}),
    ("container-definitions", TASK, {"family": "f", "containerDefinitions": "nonsense"}, "is no JSON", FARGATE),
    ("network-size", VPC, {"cidrBlock": "10.0.0.0/8"}, "a VPC is from /16 to /28", {"cidrBlock": "10.0.0.0/28"}),
    ("network-size", VPC, {"cidrBlock": "10.0.0.300/16"}, "which is no IPv4 block", {"cidrBlock": "10.0.0.0/16"}),
    ("subnet-range", SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/30"}, "a subnet is from /16 to /28",
     {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/28"}),
    ("zone-region", SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "us-east-1a"},
     "which is not in the region eu-central-1", {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-central-1b"}),
    ("port-range", "aws:ec2/securityGroup:SecurityGroup", {"ingress": [{"protocol": "tcp", "fromPort": 443, "toPort": 80}]},
     "`ingress[0].fromPort` 443 is above `toPort` 80", {"ingress": [{"protocol": "icmp", "fromPort": 8, "toPort": 0}]}),
    ("cdn-certificate", "aws:cloudfront/distribution:Distribution", {**CDN, "viewerCertificate": {"acmCertificateArn": CERT, "sslSupportMethod": "sni-only"}},
     "CloudFront needs one in us-east-1", {**CDN, "viewerCertificate": {"acmCertificateArn": US_CERT, "sslSupportMethod": "sni-only"}}),
    ("cdn-firewall", "aws:cloudfront/distribution:Distribution", {**CDN, "webAclId": "arn:aws:wafv2:us-east-1:000000000000:regional/webacl/a/b"},
     "must have the scope CLOUDFRONT", {**CDN, "webAclId": "arn:aws:wafv2:us-east-1:000000000000:global/webacl/a/b"}),
    ("firewall-region", "aws:wafv2/webAcl:WebAcl", {**ACL, "scope": "CLOUDFRONT"}, "it must be us-east-1",
     {**ACL, "scope": "CLOUDFRONT", "region": "us-east-1"}),
    ("fifo-name", QUEUE, {"name": "jobs", "fifoQueue": True}, "a FIFO name must end with `.fifo`", {"name": "jobs.fifo", "fifoQueue": True}),
    ("fifo-name", "aws:sns/topic:Topic", {"name": "news.fifo"}, "only FIFO names may end with `.fifo`", {"name": "news"}),
    ("queue-times", QUEUE, {"visibilityTimeoutSeconds": 50000}, "from 0 to 43200", {"visibilityTimeoutSeconds": 43200}),
    ("load-balancer-zones", ALB, {"subnets": ["subnet-1"]}, "an Application Load Balancer needs two zones",
     {"subnets": ["subnet-1"], "loadBalancerType": "network"}),
    ("listener-certificate", LISTENER, {"loadBalancerArn": "arn:aws:elasticloadbalancing:eu-central-1:0:loadbalancer/app/a/b",
                                        "protocol": "HTTPS", "defaultActions": [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain"}}]},
     "a HTTPS listener needs `certificateArn`",
     {"loadBalancerArn": "arn:aws:elasticloadbalancing:eu-central-1:0:loadbalancer/app/a/b", "protocol": "HTTPS", "certificateArn": CERT,
      "defaultActions": [{"type": "fixed-response", "fixedResponse": {"contentType": "text/plain"}}]}),
    ("health-check-times", TARGETS, {**TARGET, "healthCheck": {"interval": 10, "timeout": 10}}, "must be shorter than the interval of 10",
     {**TARGET, "healthCheck": {"interval": 10, "timeout": 9}}),
    ("volume-performance", VOLUME, {"availabilityZone": "a", "type": "io2", "size": 10}, "`iops` must be set for a io2 volume",
     {"availabilityZone": "a", "type": "io2", "size": 10, "iops": 500}),
    ("volume-performance", VOLUME, {"availabilityZone": "a", "type": "gp2", "size": 10, "iops": 3000}, "cannot be set for a gp2 volume",
     {"availabilityZone": "a", "type": "gp3", "size": 10, "iops": 3000}),
    ("alarm-period", "aws:cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "period": 45}, "10, 20, 30 or a multiple of 60", {**ALARM, "period": 30}),
    ("alarm-period", "aws:cloudwatch/metricAlarm:MetricAlarm", {**ALARM, "period": 300, "evaluationPeriods": 289}, "longer than one day",
     {**ALARM, "period": 300, "evaluationPeriods": 288}),
    ("policy-json", "aws:iam/policy:Policy", {"policy": '{"Statement": [{"Effect": "allow", "Action": "s3:*"}]}'},
     "whose `Effect` is neither Allow nor Deny", {"policy": POLICY}),
    ("policy-json", "aws:iam/role:Role", {"assumeRolePolicy": POLICY}, "with `Resource`, which a trust policy cannot have", {"assumeRolePolicy": TRUST}),
    ("function-package", "aws:lambda/function:Function", {"role": FUNCTION["role"], "handler": "h", "runtime": "python3.12"},
     "one of `code`, `imageUri`, `s3Bucket` must be set", FUNCTION),
    ("function-package", "aws:lambda/function:Function", {**FUNCTION, "timeout": 901}, "from 1 to 900", {**FUNCTION, "timeout": 900}),
    ("table-keys", TABLE, {**KEYS, "rangeKey": "b"}, "the key `b` is not among `attributes`", KEYS),
    ("table-keys", TABLE, {**KEYS, "attributes": [{"name": "a", "type": "S"}, {"name": "z", "type": "N"}]}, "the attribute `z` is no key", KEYS),
    ("table-capacity", TABLE, {"hashKey": "a", "attributes": KEYS["attributes"]}, "`readCapacity` must be at least 1",
     {"hashKey": "a", "attributes": KEYS["attributes"], "readCapacity": 1, "writeCapacity": 1}),
    ("certificate-names", "aws:acm/certificate:Certificate", {"domainName": "not a name", "validationMethod": "DNS"}, "which is no domain name",
     {"domainName": "*.example.com", "validationMethod": "DNS"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "token", "wrong", "message", "right"), CASES)
def test_rule(aws: Provider, rule: str, token: str, wrong: dict[str, Any], message: str, right: dict[str, Any]) -> None:
    with pytest.raises(Failed) as failed:
        aws.check(token, wrong)
    reasons = [reason for _, reason in failed.value.failures]
    assert any(message in reason and f"[aws/{rule}; " in reason for reason in reasons), reasons
    aws.check(token, right)


def test_every_rule_file_is_used_and_says_where_it_comes_from() -> None:
    folder = Path(__import__("blueprints.sandbox.provider.aws.rules", fromlist=["RULES"]).__file__).parent
    written = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert written == {name for names in RULES.values() for name in names}
    for name in written:
        module = __import__(f"blueprints.sandbox.provider.aws.rules.{name}", fromlist=["RULE"])
        assert f"aws/{name.replace('_', '-')}" == module.RULE
        assert module.SOURCE


@pytest.fixture
def network(aws: Provider) -> tuple[str, list[str]]:
    """A VPC with two subnets in zone a and one in zone b."""
    vpc = aws.create(VPC, {"cidrBlock": "10.0.0.0/16"}, "net")
    subnets = [
        aws.create(
            SUBNET, {"vpcId": vpc.id, "cidrBlock": f"10.0.{n}.0/24", "availabilityZone": f"eu-central-1{z}"}, f"s{n}"
        ).id
        for n, z in enumerate("aab")
    ]
    return vpc.id, subnets


def test_a_subnet_lies_inside_its_vpc_and_beside_the_others(aws: Provider, network: tuple[str, list[str]]) -> None:
    vpc, _ = network
    with pytest.raises(Failed, match=r"10\.9\.0\.0/24 lies outside the VPC's 10\.0\.0\.0/16"):
        aws.check(SUBNET, {"vpcId": vpc, "cidrBlock": "10.9.0.0/24"}, "new")
    with pytest.raises(Failed, match=r"10\.0\.1\.128/25 overlaps 10\.0\.1\.0/24 of the subnet `s1`"):
        aws.check(SUBNET, {"vpcId": vpc, "cidrBlock": "10.0.1.128/25"}, "new")
    aws.check(SUBNET, {"vpcId": vpc, "cidrBlock": "10.0.9.0/24"}, "new")


def test_a_load_balancer_needs_two_zones_with_one_subnet_each(aws: Provider, network: tuple[str, list[str]]) -> None:
    _, (first, second, other) = network
    with pytest.raises(Failed, match="are both in eu-central-1a"):
        aws.check(ALB, {"subnets": [first, second]})
    aws.check(ALB, {"subnets": [first, other]})


def test_a_subnet_group_covers_two_zones(aws: Provider, network: tuple[str, list[str]]) -> None:
    _, (first, second, other) = network
    token = "aws:rds/subnetGroup:SubnetGroup"
    with pytest.raises(Failed, match="all subnets are in eu-central-1a"):
        aws.check(token, {"subnetIds": [first, second]})
    aws.check(token, {"subnetIds": [first, other]})


def test_an_instance_stands_in_its_subnets_zone(aws: Provider, network: tuple[str, list[str]]) -> None:
    _, (first, *_rest) = network
    inputs = {"ami": "ami-1", "instanceType": "t3.micro", "subnetId": first}
    with pytest.raises(Failed, match=f"the subnet `{first}` is in eu-central-1a"):
        aws.check("aws:ec2/instance:Instance", {**inputs, "availabilityZone": "eu-central-1b"})
    aws.check("aws:ec2/instance:Instance", {**inputs, "availabilityZone": "eu-central-1a"})


def test_rules_inline_and_beside_are_a_warning(aws: Provider) -> None:
    rule = {"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["10.0.0.0/8"]}
    group = aws.create("aws:ec2/securityGroup:SecurityGroup", {"ingress": [rule]}, "web")
    beside = {
        "securityGroupId": group.id,
        "ipProtocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
        "cidrIpv4": "10.0.0.0/8",
    }
    aws.check("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", beside)
    assert any("has inline `ingress` rules" in warning for warning in aws.warnings)


def test_a_deployment_without_room_is_a_warning(aws: Provider) -> None:
    aws.check("aws:ecs/service:Service", {"deploymentMinimumHealthyPercent": 100, "deploymentMaximumPercent": 100})
    assert any("no task can be replaced" in warning for warning in aws.warnings)
