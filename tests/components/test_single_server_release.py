"""How a single server is told what to run and how it is watched: parameter, bundle, deployment, documents, alarms."""

from __future__ import annotations

import json

from aws_mocks import ACCOUNT, REGION, deploy
from mocks import Recorder
from servers import DEV

from blueprints.server import render_bundle, ssm_documents
from blueprints.topologies.single_server import SingleServer, SingleServerSettings


def test_the_server_learns_everything_from_one_parameter_without_secrets(dev: Recorder) -> None:
    parameter = dev.one("shop-parameter").inputs
    assert parameter["type"] == "String"
    bundle = render_bundle(SingleServerSettings.load(DEV).stand_in("shop"))
    assert json.loads(parameter["insecureValue"]) == {
        "format": 1,
        "region": REGION,
        "server": "shop",
        "bundle": {"bucket": "shop-bundles-bucket-1234567", "prefix": "bundles", "version": bundle.version},
        "backup": {
            "bucket": "shop-backups-bucket-1234567",
            "prefix": "backups",
            "kms_key_arn": dev.one("shop-data-volume").inputs["kmsKeyId"],
        },
        "data_volume_id": "shop-data-volume-id",
        "secrets": {
            need.name: f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop-secrets-{need.name.replace('_', '-')}"
            for need in bundle.secrets
        },
        "logs": {"containers": "shop-containers-log-group", "host": "shop-host-log-group"},
        "metrics_namespace": "Blueprints/SingleServer",
    }


def test_every_file_of_the_bundle_is_uploaded_under_its_hash(dev: Recorder) -> None:
    bundle = render_bundle(SingleServerSettings.load(DEV).stand_in("shop"))
    uploaded = {item.inputs["key"]: item for item in dev.of_type("aws:s3/bucketObjectv2:BucketObjectv2")}
    assert set(uploaded) == {f"bundles/{bundle.key(path)}" for path in bundle.files}
    for path, file in bundle.files.items():
        item = uploaded[f"bundles/{bundle.key(path)}"]
        assert item.inputs["content"] == file.text
        assert item.inputs["bucket"] == "shop-bundles-bucket-1234567"


def test_earlier_versions_stay_in_the_bucket_but_a_dev_stack_leaves_nothing(dev: Recorder, prod: Recorder) -> None:
    for found, kept in ((dev, False), (prod, True)):
        assert {item.retain for item in found.of_type("aws:s3/bucketObjectv2:BucketObjectv2")} == {kept}


def test_a_deployment_is_a_new_association_for_each_version_that_must_succeed(dev: Recorder) -> None:
    deployment = dev.one("shop-release-deployment")
    bundle = render_bundle(SingleServerSettings.load(DEV).stand_in("shop"))
    assert deployment.inputs == {
        "name": "shop-release-document-deploy",
        "parameters": {"version": bundle.version},
        "targets": [{"key": "InstanceIds", "values": ["shop-server-instance-id"]}],
        "waitForSuccessTimeoutSeconds": 1800,
    } | ({"tags": deployment.inputs["tags"]} if "tags" in deployment.inputs else {})
    assert deployment.replace_on_changes == ("parameters", "targets")


def test_the_seams_for_deploy_rollback_backup_and_restore_are_documents(dev: Recorder) -> None:
    for action, content in ssm_documents().items():
        document = dev.one(f"shop-release-document-{action}").inputs
        assert document["documentType"] == "Command"
        assert json.loads(document["content"]) == content


def test_alarms_cover_what_the_pattern_names_and_all_reach_the_topic(prod: Recorder) -> None:
    alarms = {
        alarm.name.removeprefix("shop-alarms-alarm-"): alarm.inputs
        for alarm in prod.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    }
    topic = "arn:aws:sns:eu-central-1:123456789012:shop-alarms-topic"
    watched = {
        name: (item["metricName"], item["comparisonOperator"], item["threshold"]) for name, item in alarms.items()
    }
    above, at_least = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold"
    assert watched == {
        "system-status": ("StatusCheckFailed_System", at_least, 1),
        "instance-status": ("StatusCheckFailed_Instance", at_least, 1),
        "cpu": ("CPUUtilization", above, 80),
        "memory": ("mem_used_percent", above, 90),
        "disk-root": ("disk_used_percent", above, 85),
        "disk-data": ("disk_used_percent", above, 85),
        "certificate": ("CertificateDaysRemaining", "LessThanThreshold", 14),
        "health": ("HealthCheckFailed", at_least, 1),
        "backup-age": ("BackupAgeHours", above, 26),
    }
    assert all(topic in item["alarmActions"] and item["okActions"] == [topic] for item in alarms.values())
    assert alarms["system-status"]["alarmActions"][1:] == [f"arn:aws:automate:{REGION}:ec2:recover"]
    assert alarms["instance-status"]["alarmActions"][1:] == [f"arn:aws:automate:{REGION}:ec2:reboot"]
    # A silent server is told, and a silent CloudWatch agent: its other metrics stop together with memory's.
    assert {name for name, item in alarms.items() if item["treatMissingData"] == "breaching"} == {"health", "memory"}
    assert alarms["disk-data"]["dimensions"] == {"InstanceId": "shop-server-instance-id", "path": "/srv/data"}


def test_who_subscribes_is_part_of_the_name_so_that_one_leaves_without_the_others() -> None:
    found = deploy(SingleServer, {**DEV, "alarms": {"emails": ["a@example.com", "b@example.com"]}})
    endpoints = {
        item.name: item.inputs["endpoint"] for item in found.of_type("aws:sns/topicSubscription:TopicSubscription")
    }
    assert endpoints == {
        "shop-alarms-email-a-example-com": "a@example.com",
        "shop-alarms-email-b-example-com": "b@example.com",
    }


def test_a_preview_of_a_first_deployment_knows_what_will_run_and_invents_nothing() -> None:
    found = deploy(SingleServer, DEV, preview=True)
    bundle = render_bundle(SingleServerSettings.load(DEV).stand_in("shop"))
    assert found.one("shop-release-deployment").inputs["parameters"] == {"version": bundle.version}
