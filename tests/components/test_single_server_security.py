"""Security of the single server at its defaults: every control of the checklist that applies, named by its id."""

from __future__ import annotations

import json
from typing import Any

from aws_mocks import ACCOUNT, REGION, statements
from mocks import Recorder

ENVIRONMENTS = ("dev", "staging", "prod")


def _key(found: Recorder) -> str:
    return found.one("shop-data-volume").inputs["kmsKeyId"]


def _policy(found: Recorder, name: str) -> dict[str, dict[str, Any]]:
    return statements(found.one(name).inputs["policy"])


def test_ec2_2_default_group_has_no_rules(found: Recorder) -> None:
    group = found.one("shop-network-default-group").inputs
    assert group["vpcId"] == "shop-network-vpc-id"
    assert not group.get("ingress")
    assert not group.get("egress")


def test_ec2_3_and_ec2_7_every_volume_is_encrypted_with_the_key(found: Recorder) -> None:
    volume = found.one("shop-data-volume").inputs
    assert (volume["encrypted"], volume["kmsKeyId"]) == (True, _key(found))
    root = found.one("shop-server-instance").inputs["rootBlockDevice"]
    assert (root["encrypted"], root["kmsKeyId"]) == (True, _key(found))


def test_ec2_6_flow_logs_of_all_traffic_in_prod(found: Recorder) -> None:
    logs = found.of_type("aws:ec2/flowLog:FlowLog")
    if found.one("shop-server-instance").inputs["tags"]["environment"] != "prod":
        assert not logs
        return
    (log,) = logs
    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["vpcId"] == "shop-network-vpc-id"
    group = found.one("shop-network-flow-group").inputs
    assert (group["retentionInDays"], group["kmsKeyId"]) == (365, _key(found))


def test_ec2_8_and_ckv_aws_341_metadata_needs_a_token_and_ends_at_the_host(found: Recorder) -> None:
    options = found.one("shop-server-instance").inputs["metadataOptions"]
    assert (options["httpTokens"], options["httpPutResponseHopLimit"]) == ("required", 1)


def test_ec2_10_s3_is_reached_inside_aws(found: Recorder) -> None:
    endpoint = found.one("shop-network-endpoint-s3").inputs
    assert endpoint["serviceName"] == f"com.amazonaws.{REGION}.s3"
    assert endpoint["routeTableIds"] == ["shop-network-public-routes-id"]


def test_ec2_15_subnets_give_no_public_addresses(found: Recorder) -> None:
    subnets = found.of_type("aws:ec2/subnet:Subnet")
    assert [subnet.inputs["mapPublicIpOnLaunch"] for subnet in subnets] == [False]


def test_ec2_18_and_ec2_19_the_internet_reaches_80_and_443_only(found: Recorder) -> None:
    rules = found.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert {(rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) for rule in rules} == {
        (80, 80, "tcp"),
        (443, 443, "tcp"),
    }
    group = found.one("shop-firewall-group").inputs
    assert "ingress" not in group
    assert "egress" not in group


def test_nag_ec27_and_ckv_aws_23_every_group_and_rule_says_why(found: Recorder) -> None:
    kinds = ("Ingress", "Egress")
    rules = [
        rule for kind in kinds for rule in found.of_type(f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule")
    ]
    assert len(rules) == 4
    assert all(len(rule.inputs["description"]) > 10 for rule in rules)
    assert found.one("shop-firewall-group").inputs["description"] == "The web, and what the server calls"


def test_ckv_aws_382_what_goes_out_is_named(found: Recorder) -> None:
    rules = found.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
    assert {rule.inputs["fromPort"] for rule in rules} == {80, 443}
    assert all(rule.inputs["ipProtocol"] == "tcp" for rule in rules)


def test_ssm_1_and_nag_ec28_ec29_the_instance_is_managed_watched_and_kept(found: Recorder) -> None:
    instance = found.one("shop-server-instance").inputs
    assert instance["iamInstanceProfile"] == "shop-role-profile"
    assert "keyName" not in instance
    assert instance["monitoring"] is True
    assert instance["ebsOptimized"] is True
    assert instance["disableApiTermination"] is (instance["tags"]["environment"] != "dev")


def test_ckv_aws_46_no_secret_in_user_data(found: Recorder) -> None:
    data = found.one("shop-server-instance").inputs["userData"].lower()
    assert not [word for word in ("password=", "secret=", "aws_access_key", "begin private key") if word in data]


def test_iam_1_no_statement_allows_every_action_or_a_whole_service(found: Recorder) -> None:
    for role in found.of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in statements(role.inputs["policy"]).values():
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not [action for action in actions if action == "*" or action.endswith(":*")]


def test_iam_21_and_nag_iam5_whole_account_resources_only_where_aws_has_no_finer_ones(found: Recorder) -> None:
    # Service authorization reference: these actions have no resource types.
    unscoped = {
        *(f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")),
        *(
            f"ec2messages:{verb}"
            for verb in (
                "AcknowledgeMessage",
                "DeleteMessage",
                "FailMessage",
                "GetEndpoint",
                "GetMessages",
                "SendReply",
            )
        ),
        *("ssm:GetManifest", "ssm:ListAssociations", "ssm:PutConfigurePackageResult"),
        *("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken"),
        *("ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"),
    }
    for role in found.of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in statements(role.inputs["policy"]).values():
            if statement["Resource"] == "*":
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert set(actions) <= unscoped


def test_iam_role_of_the_server_is_exactly_this(found: Recorder) -> None:
    allowed = _policy(found, "shop-role-policy")
    secrets = {
        name: f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop-secrets-{name}"
        for name in ("db-password", "keycloak-admin-password", "keycloak-client-secret", "keycloak-db-password")
    } | {"postgres-password": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop-secrets-postgres-password"}
    logs = [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:shop-{log}-group:*" for log in ("containers-log", "host-log")]
    bundles, backups = (f"arn:aws:s3:::shop-{name}-bucket-1234567" for name in ("bundles", "backups"))
    assert allowed["ReadBundles"]["Resource"] == f"{bundles}/bundles/*"
    assert allowed["ReadBundles"]["Action"] == "s3:GetObject"
    assert allowed["Backups"]["Resource"] == f"{backups}/backups/*"
    assert set(allowed["Backups"]["Action"]) == {"s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"}
    assert allowed["ListBackups"]["Resource"] == backups
    assert set(allowed["ReadSecrets"]["Resource"]) == set(secrets.values())
    assert set(allowed["GenerateSecrets"]["Resource"]) == set(secrets.values())
    assert allowed["GenerateSecrets"]["Action"] == "secretsmanager:PutSecretValue"
    assert allowed["Logs"]["Resource"] == logs
    assert allowed["Metrics"]["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Blueprints/SingleServer"}}
    assert "iam:PassRole" not in json.dumps(allowed)


def test_kms_1_decryption_names_the_key_and_the_services(found: Recorder) -> None:
    statement = _policy(found, "shop-role-policy")["Key"]
    assert statement["Resource"] == _key(found)
    via = statement["Condition"]["StringEquals"]["kms:ViaService"]
    assert via == [f"s3.{REGION}.amazonaws.com", f"secretsmanager.{REGION}.amazonaws.com"]


def test_kms_4_the_key_is_rotated_and_its_deletion_waits(found: Recorder) -> None:
    key = found.one("shop-key-key").inputs
    assert key["enableKeyRotation"] is True
    dev = found.one("shop-server-instance").inputs["tags"]["environment"] == "dev"
    assert key["deletionWindowInDays"] == (7 if dev else 30)


def test_kms_5_the_key_admits_each_service_that_uses_it_and_nobody_else(found: Recorder) -> None:
    admitted = statements(found.one("shop-key-key").inputs["policy"])
    account = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    assert {name: item["Principal"] for name, item in admitted.items()} == {
        "AccountAdministration": account,
        "CloudWatchLogs": {"Service": f"logs.{REGION}.amazonaws.com"},
        "CloudWatchAlarms": {"Service": "cloudwatch.amazonaws.com"},
        "AccountThroughServices": account,
        "GrantsForServices": account,
    }
    via = admitted["AccountThroughServices"]["Condition"]["StringEquals"]["kms:ViaService"]
    assert via == [f"{name}.{REGION}.amazonaws.com" for name in ("ec2", "ecr", "s3", "secretsmanager", "sns")]
    assert admitted["CloudWatchAlarms"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    context = admitted["CloudWatchLogs"]["Condition"]["ArnLike"]
    assert context == {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"}
    assert admitted["GrantsForServices"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_ckv_aws_60_roles_are_assumed_by_one_service_each(found: Recorder) -> None:
    trusted = {
        role.name: statements(role.inputs["assumeRolePolicy"])["0"] for role in found.of_type("aws:iam/role:Role")
    }
    services = {name: item["Principal"] for name, item in trusted.items()}
    assert services["shop-role-role"] == {"Service": "ec2.amazonaws.com"}
    assert services["shop-data-snapshot-role"] == {"Service": "dlm.amazonaws.com"}
    for name, item in trusted.items():
        if name != "shop-role-role":
            assert item["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert all("managedPolicyArns" not in role.inputs for role in found.of_type("aws:iam/role:Role"))


def test_secretsmanager_secrets_are_created_empty_with_the_key(found: Recorder) -> None:
    secrets = found.of_type("aws:secretsmanager/secret:Secret")
    assert len(secrets) == 5
    assert {secret.inputs["kmsKeyId"] for secret in secrets} == {_key(found)}
    assert not found.of_type("aws:secretsmanager/secretVersion:SecretVersion")
    days = {"dev": 0, "staging": 7, "prod": 30}[secrets[0].inputs["tags"]["environment"]]
    assert {secret.inputs["recoveryWindowInDays"] for secret in secrets} == {days}


def test_cloudwatch_16_and_ckv_aws_158_logs_end_and_are_encrypted(found: Recorder) -> None:
    groups = found.of_type("aws:cloudwatch/logGroup:LogGroup")
    days = {"dev": 30, "staging": 90, "prod": 365}[groups[0].inputs["tags"]["environment"]]
    assert {(group.inputs["retentionInDays"], group.inputs["kmsKeyId"]) for group in groups} == {(days, _key(found))}


def test_sns_1_and_sns_4_the_topic_is_encrypted_and_only_alarms_publish(found: Recorder) -> None:
    assert found.one("shop-alarms-topic").inputs["kmsMasterKeyId"] == _key(found)
    policy = _policy(found, "shop-alarms-topic-policy")
    assert policy["Alarms"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert policy["Alarms"]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert policy["DenyWithoutTls"]["Effect"] == "Deny"
    assert policy["DenyWithoutTls"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_ecr_1_2_3_images_are_scanned_fixed_encrypted_and_end(found: Recorder) -> None:
    repository = found.one("shop-registry-repository")
    assert repository.protect
    assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
    assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": _key(found)}]
    (rule,) = json.loads(found.one("shop-registry-lifecycle").inputs["policy"])["rules"]
    assert rule["selection"] == {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20}


def test_ec2_28_the_data_volume_is_backed_up(found: Recorder) -> None:
    assert found.one("shop-data-snapshots").inputs["state"] == "ENABLED"


def test_tags_reach_every_resource_that_can_have_them(found: Recorder) -> None:
    for item in found.registered:
        if "tags" in item.inputs and not item.type.startswith("blueprints:"):
            assert item.inputs["tags"]["Name"] == item.name
            assert item.inputs["tags"]["environment"] in ENVIRONMENTS
