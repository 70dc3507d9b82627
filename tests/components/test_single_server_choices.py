"""What a person can change about a single server: existing parts, own image or build, secrets, hatches, advice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from aws_mocks import ACCOUNT, ANSWERS, REGION, deploy, outputs, statements
from mocks import Recorder, build

from blueprints.errors import SettingsError
from blueprints.topologies.single_server import SingleServer, SingleServerSettings

DEV: dict[str, Any] = {"app": {"image": "registry.example.com/team/app:1.4.2"}, "tls": {"mode": "self_signed"}}
VPC = {"vpc_id": "vpc-0123456789abcdef0", "subnet_id": "subnet-0123456789abcdef0"}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:smtp-AbCdEf"


def build_with(program: Callable[[], Any]) -> Recorder:
    return build(program, outputs=outputs, answers=ANSWERS)


def test_an_existing_vpc_is_used_and_no_network_is_made() -> None:
    found = deploy(SingleServer, {**DEV, "existing": {"vpc": VPC}})
    assert not [name for name in found.names() if name.startswith("shop-network")]
    assert found.one("shop-server-instance").inputs["subnetId"] == VPC["subnet_id"]
    assert found.one("shop-firewall-group").inputs["vpcId"] == VPC["vpc_id"]
    assert found.one("shop-data-volume").inputs["availabilityZone"] == f"{REGION}b"


def test_a_vpc_of_the_same_program_is_passed_as_outputs() -> None:
    def program() -> None:
        given = {name: pulumi.Output.from_input(value) for name, value in VPC.items()}
        SingleServer("shop", {**DEV, "existing": {"vpc": given}})

    found = build_with(program)
    assert found.one("shop-server-instance").inputs["subnetId"] == VPC["subnet_id"]


def test_an_existing_key_encrypts_everything_and_no_key_is_made() -> None:
    found = deploy(SingleServer, {**DEV, "existing": {"key_arn": KEY}})
    assert not found.of_type("aws:kms/key:Key")
    assert found.one("shop-data-volume").inputs["kmsKeyId"] == KEY
    assert found.one("shop-secrets-db-password").inputs["kmsKeyId"] == KEY


def test_a_zone_gets_an_address_record_for_every_name_that_is_served() -> None:
    settings = {
        **DEV,
        "domains": ["shop.example.com", "www.shop.example.com"],
        "keycloak": {"hostname": "auth.example.com", "path": "/"},
        "existing": {"zone_id": "Z0123456789ABC"},
    }
    records = deploy(SingleServer, settings).of_type("aws:route53/record:Record")
    assert {record.inputs["name"]: record.inputs["records"] for record in records} == {
        name: ["203.0.113.7"] for name in ("shop.example.com", "www.shop.example.com", "auth.example.com")
    }
    assert {(record.inputs["type"], record.inputs["ttl"], record.inputs["zoneId"]) for record in records} == {
        ("A", 300, "Z0123456789ABC")
    }


def test_without_a_zone_no_record_is_made() -> None:
    assert not deploy(SingleServer, {**DEV, "domains": ["shop.example.com"]}).of_type("aws:route53/record:Record")


def test_a_secret_that_is_there_already_is_decrypted_whatever_its_key_and_no_other_is() -> None:
    app = {**DEV["app"], "secrets": ["smtp_password"]}
    found = deploy(SingleServer, {**DEV, "app": app, "secrets": [{"name": "smtp_password", "arn": SECRET}]})
    allowed = statements(found.one("shop-role-policy").inputs["policy"])
    assert allowed["KeysOfExistingSecrets"] == {
        "Sid": "KeysOfExistingSecrets",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": f"arn:aws:kms:{REGION}:*:key/*",
        "Condition": {
            "StringEquals": {
                "kms:EncryptionContext:SecretARN": [SECRET],
                "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com",
            }
        },
    }
    assert "KeysOfExistingSecrets" not in statements(deploy(SingleServer, DEV).one("shop-role-policy").inputs["policy"])


def pulled(found: Recorder) -> tuple[str, Any] | None:
    allowed = statements(found.one("shop-role-policy").inputs["policy"])
    assert ("PullImages" in allowed) == ("RegistryLogin" in allowed)
    return (allowed["PullImages"]["Effect"], allowed["PullImages"]["Resource"]) if "PullImages" in allowed else None


def test_images_of_repositories_that_are_there_already_may_be_pulled_and_no_others() -> None:
    app = "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/shop:1.4.2"
    mirror = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/docker-hub/library/postgres:17.10"
    given = {**DEV, "app": {"image": app}, "postgres": {"image": mirror}}
    found = deploy(SingleServer, given)
    assert pulled(found) == (
        "Allow",
        [
            f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/docker-hub/library/postgres",
            "arn:aws:ecr:us-east-1:111122223333:repository/team/shop",
        ],
    )
    client = found.one("shop-bundle-file-host-docker-client.json").inputs["content"]
    assert sorted(json.loads(client)["credHelpers"]) == [
        "111122223333.dkr.ecr.us-east-1.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com",
    ]
    assert pulled(deploy(SingleServer, DEV)) is None


@pytest.mark.parametrize(
    ("image", "rights"),
    [
        (
            f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop@sha256:{'0' * 64}",
            ("Allow", [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop"]),
        ),
        ("registry.example.com/shop:1.4.2", ("Deny", ["*"])),
    ],
)
def test_an_image_that_is_an_output_may_be_pulled_where_it_turns_out_to_come_from_ecr(
    image: str, rights: tuple[str, list[str]]
) -> None:
    found = build_with(lambda: SingleServer("shop", {**DEV, "app": {"image": pulumi.Output.from_input(image)}}))
    assert pulled(found) == rights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (tmp_path / "app.py").write_text("print('hello')\n")
    return tmp_path


def build_settings(folder: Path, **more: Any) -> dict[str, Any]:
    return {**DEV, "app": {"build": {"context": str(folder)}}, **more}


def test_a_folder_is_built_and_deployed_by_digest(folder: Path) -> None:
    found = deploy(SingleServer, build_settings(folder))
    image = found.one("shop-build-image").inputs
    registry = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
    assert image["imageName"].startswith(f"{registry}/shop-registry-repository:")
    assert image["buildOnPreview"] is False
    assert image["build"]["platform"] == "linux/amd64"
    assert not Path(image["build"]["context"]).is_absolute()
    compose = found.one("shop-bundle-file-compose.yaml").inputs["content"]
    assert f"{registry}/app@sha256:" in compose
    assert "registry.invalid" not in compose
    version = json.loads(found.one("shop-parameter").inputs["insecureValue"])["bundle"]["version"]
    assert found.one("shop-release-deployment").inputs["parameters"] == {"version": version}


def test_only_a_server_that_builds_may_pull_from_the_registry(folder: Path) -> None:
    allowed = statements(deploy(SingleServer, build_settings(folder)).one("shop-role-policy").inputs["policy"])
    assert allowed["PullImages"]["Resource"] == [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop-registry-repository"]
    plain = deploy(SingleServer, DEV)
    assert "PullImages" not in statements(plain.one("shop-role-policy").inputs["policy"])
    assert not plain.of_type("aws:ecr/repository:Repository")


def test_the_registrys_password_is_a_secret(folder: Path) -> None:
    found = deploy(SingleServer, build_settings(folder))
    assert found.one("shop-build-image").inputs["registry"]["password"] == "registry-login"
    assert "registry-login" not in json.dumps([item.inputs for item in found.registered if item.name == "shop-build"])


def test_graviton_builds_for_arm(folder: Path) -> None:
    found = deploy(SingleServer, build_settings(folder, instance_type="t4g.medium"))
    assert found.one("shop-build-image").inputs["build"]["platform"] == "linux/arm64"


def test_an_image_from_an_output_is_what_runs() -> None:
    image = "registry.example.com/team/app:2.0.0"
    found = build_with(lambda: SingleServer("shop", {**DEV, "app": {"image": pulumi.Output.from_input(image)}}))
    assert image in found.one("shop-bundle-file-compose.yaml").inputs["content"]


def test_own_secrets_are_created_or_taken_by_arn() -> None:
    app = {**DEV["app"], "secrets": ["smtp", "session_key"]}
    found = deploy(SingleServer, {**DEV, "app": app, "secrets": [{"name": "smtp", "arn": SECRET}]})
    assert "shop-secrets-session-key" in found.names()
    assert "shop-secrets-smtp" not in found.names()
    known = json.loads(found.one("shop-parameter").inputs["insecureValue"])["secrets"]
    assert known["smtp"] == SECRET
    allowed = statements(found.one("shop-role-policy").inputs["policy"])
    assert SECRET in allowed["ReadSecrets"]["Resource"]
    assert SECRET not in allowed["GenerateSecrets"]["Resource"]


def test_a_brought_certificate_is_read_and_never_generated() -> None:
    settings = {**DEV, "domains": ["a.example.com"], "tls": {"mode": "provided"}, "certificate_arn": SECRET}
    found = deploy(SingleServer, settings)
    assert json.loads(found.one("shop-parameter").inputs["insecureValue"])["secrets"]["tls_certificate"] == SECRET
    assert SECRET not in statements(found.one("shop-role-policy").inputs["policy"])["GenerateSecrets"]["Resource"]


def test_own_services_and_snippets_reach_the_server(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    settings = {
        **DEV,
        "services": [{"name": "worker", "image": "registry.example.com/team/worker:3.1.0"}],
        "nginx": {"snippets": {"server": "add_header X-Team shop always;"}},
        "static": str(tmp_path),
    }
    found = deploy(SingleServer, settings)
    assert "registry.example.com/team/worker:3.1.0" in found.one("shop-bundle-file-compose.yaml").inputs["content"]
    uploaded = [item.inputs for item in found.of_type("aws:s3/bucketObjectv2:BucketObjectv2")]
    assert any("X-Team shop" in item.get("content", "") for item in uploaded)
    assert "contentBase64" in found.one("shop-bundle-file-static.tar.gz").inputs


def test_further_calls_are_let_out_by_name() -> None:
    smtp = {"name": "smtp", "port": 587, "cidr": "198.51.100.0/24", "reason": "Mail relay of the company"}
    rule = deploy(SingleServer, {**DEV, "egress": [smtp]}).one("shop-firewall-egress-smtp").inputs
    assert (rule["fromPort"], rule["toPort"], rule["cidrIpv4"]) == (587, 587, "198.51.100.0/24")
    assert rule["description"] == "Mail relay of the company"


def test_a_server_without_a_database_needs_no_database_secret_and_no_backup_alarm() -> None:
    found = deploy(SingleServer, {**DEV, "app": {**DEV["app"], "database": False}, "postgres": None})
    assert not found.of_type("aws:secretsmanager/secret:Secret")
    assert "shop-alarms-alarm-backup-age" not in found.names()


def test_an_override_changes_one_child_and_keeps_its_neighbours() -> None:
    found = deploy(SingleServer, {**DEV, "overrides": {"server-instance": {"root_block_device": {"iops": 4000}}}})
    root = found.one("shop-server-instance").inputs["rootBlockDevice"]
    assert (root["iops"], root["encrypted"], root["volumeSize"]) == (4000, True, 20)


def test_a_waived_rule_reaches_the_part_that_it_concerns() -> None:
    settings = {
        **DEV,
        "overrides": {"server-instance": {"metadata_options": {"http_put_response_hop_limit": 2}}},
        "waivers": [{"rule": "CKV_AWS_341", "reason": "a container signs its own requests"}],
    }
    options = deploy(SingleServer, settings).one("shop-server-instance").inputs["metadataOptions"]
    assert (options["httpPutResponseHopLimit"], options["httpTokens"]) == (2, "required")


def test_waivers_of_the_blueprints_own_rules_do_not_disturb_its_parts() -> None:
    settings = {
        **DEV,
        "environment": "prod",
        "domains": ["intranet.example.com"],
        "network": {"flow_logs": False},
        "waivers": [
            {"rule": "BP.1", "reason": "reached only from managed laptops that trust it"},
            {"rule": "EC2.6", "reason": "the subnet's traffic is recorded by the gateway"},
        ],
    }
    assert not deploy(SingleServer, settings).of_type("aws:ec2/flowLog:FlowLog")


def test_a_weakened_override_is_refused_before_the_first_resource() -> None:
    settings = {**DEV, "overrides": {"data-volume": {"encrypted": False}}}
    with pytest.raises(SettingsError, match=r"overrides\.data-volume: breaks EC2\.3"):
        deploy(SingleServer, settings)


def test_a_store_is_let_go_by_its_name_only() -> None:
    found = deploy(SingleServer, {**DEV, "unprotect": ["data-volume"]})
    assert not found.one("shop-data-volume").protect
    assert found.one("shop-backups-bucket").protect


def test_nothing_is_advised_while_one_server_is_enough() -> None:
    settings = SingleServerSettings.load({**DEV, "expects": {"users": 80, "uptime": "98.5%", "team_size": 4}})
    assert list(SingleServer.advice(settings)) == []


@pytest.mark.parametrize(
    ("expected", "sign"),
    [
        ({"uptime": "99%"}, "contracts promise 99% or more"),
        ({"users": 101}, "more than 100 users"),
        ({"deployments_per_week": 5}, "deployments are daily"),
        ({"continents": 2}, "users on several continents"),
        ({"team_size": 6}, "more than 5 engineers"),
    ],
)
def test_each_evolution_trigger_is_told_when_it_applies(expected: dict[str, Any], sign: str) -> None:
    (advice,) = SingleServer.advice(SingleServerSettings.load({**DEV, "expects": expected}))
    assert sign in advice


def test_blue_green_answers_the_trigger_of_daily_deployments() -> None:
    settings = {**DEV, "expects": {"deployments_per_week": 7}, "release": {"strategy": "blue_green"}}
    assert list(SingleServer.advice(SingleServerSettings.load(settings))) == []
