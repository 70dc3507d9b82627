"""What `SingleServer` registers: every child by name and type, and the exact inputs that make the pattern."""

from __future__ import annotations

import json

import pytest
from aws_mocks import IMAGE, REGION, deploy
from mocks import Recorder
from servers import DEV, PROD

from blueprints.server import ssm_documents, user_data
from blueprints.topologies.single_server import SingleServer


def test_the_infrastructure_is_these_resources_and_no_other(dev: Recorder) -> None:
    bucket = ["bucket", "ownership", "public-access", "versioning", "encryption", "lifecycle", "policy"]
    network = ["vpc", "default-group", "gateway", "public-routes", "internet", "public-subnet-0"]
    network += ["public-association-0", "endpoint-s3", "endpoint-dynamodb"]
    alarms = ["system-status", "instance-status", "cpu", "memory", "disk-root", "disk-data", "certificate", "health"]
    expected = {
        "shop-parameter",
        *(f"shop-key-{role}" for role in ("key", "alias")),
        *(f"shop-network-{role}" for role in network),
        *(f"shop-{log}-group" for log in ("containers-log", "host-log")),
        *(f"shop-access-logs-{role}" for role in bucket),
        *(f"shop-{place}-{role}" for place in ("bundles", "backups") for role in [*bucket, "logging"]),
        *(f"shop-secrets-{name}" for name in ("db-password", "postgres-password")),
        *(f"shop-data-{role}" for role in ("volume", "snapshot-role", "snapshot-policy", "snapshots")),
        *(
            f"shop-firewall-{role}"
            for role in ("group", "ingress-https", "ingress-http", "egress-https", "egress-http")
        ),
        *(f"shop-role-{role}" for role in ("role", "policy", "profile")),
        *(
            f"shop-server-{role}"
            for role in ("image-amd64-1", "instance", "address", "address-association", "attachment")
        ),
        *(f"shop-release-document-{action}" for action in ssm_documents()),
        *(f"shop-release-{role}" for role in ("monitoring", "deployment")),
        *(f"shop-alarms-{role}" for role in ("topic", "topic-policy")),
        *(f"shop-alarms-alarm-{name}" for name in [*alarms, "backup-age"]),
    }
    custom = {item.name for item in dev.registered if not item.type.startswith("blueprints:")}
    assert {name for name in custom if not name.startswith("shop-bundle-file-")} == expected


def test_there_is_no_nat_gateway_no_interface_endpoint_and_no_ssh(prod: Recorder) -> None:
    assert not prod.of_type("aws:ec2/natGateway:NatGateway")
    endpoints = prod.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    assert [endpoint.inputs["vpcEndpointType"] for endpoint in endpoints] == ["Gateway", "Gateway"]
    ports = {
        rule.inputs["fromPort"] for rule in prod.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    }
    assert ports == {80, 443}
    assert "keyName" not in prod.one("shop-server-instance").inputs


def test_the_instance_is_exactly_this(prod: Recorder) -> None:
    key = prod.one("shop-data-volume").inputs["kmsKeyId"]
    assert prod.one("shop-server-instance").inputs == {
        "ami": IMAGE,
        "instanceType": "t3.medium",
        "subnetId": "shop-network-public-subnet-0-id",
        "vpcSecurityGroupIds": ["shop-firewall-group-id"],
        "iamInstanceProfile": "shop-role-profile",
        "userData": user_data(),
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
            "instanceMetadataTags": "enabled",
        },
        "rootBlockDevice": {
            "encrypted": True,
            "kmsKeyId": key,
            "volumeType": "gp3",
            "volumeSize": 20,
            "deleteOnTermination": True,
        },
        "ebsOptimized": True,
        "monitoring": True,
        "maintenanceOptions": {"autoRecovery": "default"},
        "disableApiTermination": True,
        "forceDestroy": True,
        "tags": {
            "Name": "shop-server-instance",
            "environment": "prod",
            "blueprints:server-parameter": "shop-parameter",
        },
    }


def test_a_new_bootstrap_or_a_newer_image_never_touches_a_server_that_runs(dev: Recorder) -> None:
    assert dev.one("shop-server-instance").ignore_changes == ("userData",)
    kept = dev.one("shop-server-image-amd64-1")
    assert kept.inputs["insecureValue"] == IMAGE
    assert kept.ignore_changes == ("insecureValue",)


def test_the_image_is_looked_up_once_in_canonicals_parameter(dev: Recorder) -> None:
    asked = [args["name"] for token, args in dev.calls if token == "aws:ssm/getParameter:getParameter"]
    assert asked == ["/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"]


def test_a_new_generation_is_a_new_parameter_and_another_architecture_too() -> None:
    renewed = deploy(SingleServer, {**DEV, "image": {"generation": "2026-11"}})
    assert "shop-server-image-amd64-2026-11" in renewed.names()
    arm = deploy(SingleServer, {**DEV, "instance_type": "t4g.medium"})
    assert "shop-server-image-arm64-1" in arm.names()
    assert any("/arm64/" in args.get("name", "") for _, args in arm.calls)


def test_an_own_image_is_taken_without_a_lookup() -> None:
    found = deploy(SingleServer, {**DEV, "image": {"id": "ami-0aaaaaaaaaaaaaaaa"}})
    assert found.one("shop-server-instance").inputs["ami"] == "ami-0aaaaaaaaaaaaaaaa"
    assert not [token for token, _ in found.calls if token == "aws:ssm/getParameter:getParameter"]
    assert not [name for name in found.names() if name.startswith("shop-server-image")]


def test_the_data_volume_is_apart_protected_and_in_the_servers_zone(prod: Recorder) -> None:
    volume = prod.one("shop-data-volume")
    assert volume.protect
    assert not volume.retain
    assert volume.inputs == {
        "availabilityZone": f"{REGION}a",
        "size": 30,
        "type": "gp3",
        "iops": 3000,
        "throughput": 125,
        "encrypted": True,
        "kmsKeyId": prod.one("shop-secrets-db-password").inputs["kmsKeyId"],
        "finalSnapshot": True,
        "tags": {"Name": "shop-data-volume", "environment": "prod", "blueprints:snapshots": "shop-data-snapshot-role"},
    }


def test_the_zone_is_kept_when_aws_adds_one_unless_it_was_named(dev: Recorder) -> None:
    assert dev.one("shop-network-public-subnet-0").ignore_changes == ("availabilityZone",)
    named = deploy(SingleServer, {**DEV, "network": {"zones": ["eu-central-1c"]}}).one("shop-network-public-subnet-0")
    assert named.inputs["availabilityZone"] == "eu-central-1c"
    assert named.ignore_changes == ()


def test_the_attachment_is_stopped_detached_and_attached_never_forced(dev: Recorder) -> None:
    attachment = dev.one("shop-server-attachment")
    assert attachment.inputs == {
        "deviceName": "/dev/sdf",
        "instanceId": "shop-server-instance-id",
        "volumeId": "shop-data-volume-id",
        "stopInstanceBeforeDetaching": True,
    }
    assert attachment.delete_before_replace


def test_the_address_stays_when_the_server_goes(dev: Recorder) -> None:
    assert dev.one("shop-server-address").inputs["domain"] == "vpc"
    assert "instance" not in dev.one("shop-server-address").inputs
    association = dev.one("shop-server-address-association")
    assert association.inputs["instanceId"] == "shop-server-instance-id"
    assert association.delete_before_replace


def test_snapshots_are_daily_of_this_volume_only_and_kept_as_long_as_backups(prod: Recorder) -> None:
    details = prod.one("shop-data-snapshots").inputs["policyDetails"]
    assert details["targetTags"] == {"blueprints:snapshots": "shop-data-snapshot-role"}
    (schedule,) = details["schedules"]
    assert schedule["createRule"] == {"interval": 24, "intervalUnit": "HOURS", "times": "02:15"}
    assert schedule["retainRule"] == {"count": 35}
    assert schedule["copyTags"] is True
    rules = prod.one("shop-backups-lifecycle").inputs["rules"]
    assert [rule["expiration"]["days"] for rule in rules if "expiration" in rule] == [35]


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_every_store_is_protected_and_outside_dev_retained(environment: str) -> None:
    found = deploy(SingleServer, {**PROD, "environment": environment})
    stores = {item.name for item in found.registered if item.protect}
    assert stores == {
        "shop-key-key",
        "shop-access-logs-bucket",
        "shop-bundles-bucket",
        "shop-backups-bucket",
        "shop-data-volume",
        *(item.name for item in found.of_type("aws:secretsmanager/secret:Secret")),
    }
    retained = {item.name for item in found.registered if item.retain and "-file-" not in item.name}
    assert bool(retained) is (environment != "dev")
    if environment != "dev":
        assert stores - {"shop-data-volume"} <= retained
        assert {"shop-backups-policy", "shop-backups-public-access", "shop-backups-encryption"} <= retained


def test_dev_can_be_destroyed_to_the_last_resource(dev: Recorder) -> None:
    assert all(item.inputs["forceDestroy"] is True for item in dev.of_type("aws:s3/bucket:Bucket"))
    assert all(item.inputs["recoveryWindowInDays"] == 0 for item in dev.of_type("aws:secretsmanager/secret:Secret"))
    assert dev.one("shop-data-volume").inputs["finalSnapshot"] is False
    assert dev.one("shop-server-instance").inputs["disableApiTermination"] is False
    assert dev.one("shop-key-key").inputs["deletionWindowInDays"] == 7


def test_a_name_of_40_characters_works() -> None:
    name = "a" * 40
    found = deploy(SingleServer, PROD, name)
    roles = found.of_type("aws:iam/role:Role")
    assert all(len(role.inputs.get("namePrefix", "")) <= 38 for role in roles)
    assert f"{name}-server-instance" in found.names()
    server = json.loads(found.one(f"{name}-parameter").inputs["insecureValue"])["server"]
    assert server == name
