"""Parts by themselves: what each registers beyond what the single server shows, and what each refuses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from aws_mocks import REGION, deploy, statements

from blueprints.aws.alarms import Alarms
from blueprints.aws.bucket import Bucket
from blueprints.aws.build_context import context_hash, files_of
from blueprints.aws.firewall import Firewall
from blueprints.aws.key import Key
from blueprints.aws.network import Network
from blueprints.aws.secrets import Secrets
from blueprints.aws.server import Server
from blueprints.aws.volume import DataVolume
from blueprints.component import Blueprint, kind_of
from blueprints.errors import SettingsError
from blueprints.topologies.single_server import SingleServer
from blueprints.topologies.single_server.capacity import architecture, memory_for_containers

KEY = f"arn:aws:kms:{REGION}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_every_declared_child_is_of_a_type_that_the_provider_has() -> None:
    for role, token in SingleServer.roles().items():
        assert getattr(kind_of(token), "pulumi_type") == token, role  # noqa: B009  # set on each class by the SDK


def test_public_and_private_subnets_stand_in_zones_of_their_own_without_overlap() -> None:
    found = deploy(Network, {"public_subnets": 2, "private_subnets": 3, "cidr": "10.20.0.0/16"}, "net")
    subnets = {item.name: item.inputs for item in found.of_type("aws:ec2/subnet:Subnet")}
    assert [subnets[f"net-private-subnet-{index}"]["availabilityZone"] for index in range(3)] == [
        f"{REGION}{letter}" for letter in "abc"
    ]
    assert sorted(item["cidrBlock"] for item in subnets.values()) == [f"10.20.{16 * index}.0/20" for index in range(5)]


def test_private_subnets_have_no_way_to_the_internet_but_reach_s3() -> None:
    found = deploy(Network, {"public_subnets": 1, "private_subnets": 1}, "net")
    routes = found.of_type("aws:ec2/route:Route")
    assert [route.inputs["routeTableId"] for route in routes] == ["net-public-routes-id"]
    tables = found.one("net-endpoint-s3").inputs["routeTableIds"]
    assert tables == ["net-public-routes-id", "net-private-routes-id"]


def test_a_private_network_has_no_gateway() -> None:
    found = deploy(Network, {"public_subnets": 0, "private_subnets": 2}, "net")
    assert not found.of_type("aws:ec2/internetGateway:InternetGateway")


def test_flow_logs_write_to_one_group_only() -> None:
    found = deploy(Network, {"flow_logs": True, "key_arn": KEY}, "net")
    rights = statements(found.one("net-flow-policy").inputs["policy"])["0"]
    assert rights["Resource"] == f"arn:aws:logs:{REGION}:123456789012:log-group:net-flow-group:*"


def test_a_key_admits_only_the_services_that_are_named() -> None:
    admitted = statements(deploy(Key, {"users": ["s3"]}, "k").one("k-key").inputs["policy"])
    assert set(admitted) == {"AccountAdministration", "AccountThroughServices"}
    via = admitted["AccountThroughServices"]["Condition"]["StringEquals"]["kms:ViaService"]
    assert via == [f"s3.{REGION}.amazonaws.com"]


def test_a_bucket_keeps_its_objects_unless_told_otherwise() -> None:
    rules = deploy(Bucket, {"key_arn": KEY}, "b").one("b-lifecycle").inputs["rules"]
    assert [rule["id"] for rule in rules] == ["noncurrent-versions"]


ALARM = {"name": "a", "meaning": "x", "namespace": "AWS/EC2", "metric": "CPUUtilization", "threshold": 1.0}


@pytest.mark.parametrize(
    ("kind", "args", "path", "limit"),
    [
        (Network, {"cidr": "10.0.0.0/28", "public_subnets": 2}, "cidr", "room for 2 subnets"),
        (Network, {"public_subnets": 0}, "public_subnets", "at least one subnet"),
        (Network, {"zones": ["eu-central-1a"]}, "zones", "a zone for each of 2 subnets"),
        (Network, {"zones": ["eu-central-1a"] * 2}, "zones[1]", "is listed twice"),
        (Network, {"flow_logs": True}, "key_arn", "is required with flow_logs"),
        (Network, {"environment": "prod", "flow_logs": False}, "flow_logs", "must not be false in prod (EC2.6)"),
        (Key, {"users": []}, "users", "must name a service"),
        (Key, {"users": ["s3", "s3"]}, "users[1]", "is listed twice"),
        (Key, {"users": ["rds"]}, "users[0]", "must be one of"),
        (Bucket, {"receives_access_logs": True, "key_arn": KEY}, "key_arn", "must be left out"),
        (Bucket, {"noncurrent_days": 0}, "noncurrent_days", "must be at least 1"),
        (Secrets, {"secrets": {"SMTP": "mail"}, "key_arn": KEY}, "secrets.SMTP", "must be lower-case letters"),
        (Alarms, {"alarms": [ALARM, ALARM], "key_arn": KEY}, "alarms[1].name", "is used twice"),
        (Alarms, {"alarms": [{**ALARM, "periods": 1441}], "key_arn": KEY}, "alarms[0].periods", "at most 1440"),
        (
            Alarms,
            {"alarms": [{**ALARM, "periods": 25, "period_seconds": 3600}], "key_arn": KEY},
            "alarms[0].periods",
            "must span at most one day",
        ),
        (
            Firewall,
            {"vpc_id": "v", "description": "d", "ingress": [{"name": "a", "port": 443, "reason": "x" * 5}] * 2},
            "ingress[1].name",
            "is used twice",
        ),
        (
            Firewall,
            {"vpc_id": "v", "description": "d", "egress": [{"name": "a", "port": 443, "reason": "käse ins Netz"}]},
            "egress[0].reason",
            "must hold only letters",
        ),
        (DataVolume, {"availability_zone": "z", "key_arn": KEY, "size": "65TB"}, "size", "must be from 1GB to 64TB"),
        (Server, {"user_data": "x" * 16385}, "user_data", "must have at most 16384 bytes"),
    ],
)
def test_what_cannot_work_is_refused_with_its_place(
    kind: type[Blueprint], args: dict[str, Any], path: str, limit: str
) -> None:
    complete = {
        "image_parameter": "/p",
        "subnet_id": "s",
        "security_group_ids": [],
        "profile_name": "p",
        "key_arn": KEY,
        "volume_id": "v",
    }
    given = {**complete, **args} if kind is Server else args
    with pytest.raises(SettingsError) as refused:
        kind.SETTINGS.load(given, at="")
    (problem,) = [problem for problem in refused.value.problems if problem.path == path]
    assert limit in problem.limit


def test_the_whole_internet_reaches_no_other_port() -> None:
    ssh = {"vpc_id": "v", "description": "d", "ingress": [{"name": "ssh", "port": 22, "reason": "administration"}]}
    with pytest.raises(SettingsError, match=r"breaks EC2\.18"):
        deploy(Firewall, ssh, "f")
    office = {**ssh["ingress"][0], "cidr": "198.51.100.0/24"}
    rule = deploy(Firewall, {**ssh, "ingress": [office]}, "f").one("f-ingress-ssh").inputs
    assert rule["cidrIpv4"] == "198.51.100.0/24"


def test_an_ipv6_range_is_given_as_one() -> None:
    rule = {"name": "api", "port": 443, "reason": "partner API", "cidr": "2001:db8::/32"}
    found = deploy(Firewall, {"vpc_id": "v", "description": "d", "egress": [rule]}, "f").one("f-egress-api").inputs
    assert found["cidrIpv6"] == "2001:db8::/32"
    assert "cidrIpv4" not in found


@pytest.mark.parametrize(
    ("instance_type", "processor", "memory"),
    [
        ("t3.medium", "amd64", 3584),
        ("t4g.small", "arm64", 1536),
        ("m7i.large", "amd64", 7680),
        ("m7g.xlarge", "arm64", 15872),
        ("c6gn.medium", "arm64", 1536),
        ("r6i.2xlarge", "amd64", 65024),
        ("g4dn.xlarge", "amd64", None),
        ("g5g.xlarge", "arm64", None),
        ("a1.large", "arm64", None),
        ("u-6tb1.metal", "amd64", None),
    ],
)
def test_an_instance_type_tells_its_processor_and_memory(
    instance_type: str, processor: str, memory: int | None
) -> None:
    assert architecture(instance_type) == processor
    assert memory_for_containers(instance_type) == memory


@pytest.fixture
def context(tmp_path: Path) -> Path:
    for name, text in {"Dockerfile": "FROM scratch\n", "src/app.py": "1\n", "src/deep/x.py": "2\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def tag(context: Path) -> str:
    return context_hash(context, ["Dockerfile", "linux/amd64"])


def test_a_tag_follows_content_names_modes_and_recipe_but_not_times(context: Path) -> None:
    before = tag(context)
    os.utime(context / "Dockerfile", (1, 1))
    assert tag(context) == before
    assert context_hash(context, ["Dockerfile", "linux/arm64"]) != before
    (context / "src/app.py").write_text("3\n")
    changed = tag(context)
    assert changed != before
    (context / "src/app.py").chmod(0o755)
    executable = tag(context)
    assert executable != changed
    (context / "src/app.py").rename(context / "src/main.py")
    assert tag(context) not in {before, changed, executable}


@pytest.mark.parametrize(
    ("ignore", "kept"),
    [
        ("src", {"Dockerfile"}),
        ("src/*.py", {"Dockerfile", "src/deep/x.py"}),
        ("**/*.py", {"Dockerfile"}),
        ("src\n!src/deep/x.py", {"Dockerfile", "src/deep/x.py"}),
        ("# a comment\n\n/src/deep", {"Dockerfile", "src/app.py"}),
        ("src/app.p?", {"Dockerfile", "src/deep/x.py"}),
    ],
)
def test_what_dockerignore_names_does_not_count(context: Path, ignore: str, kept: set[str]) -> None:
    (context / ".dockerignore").write_text(ignore + "\n")
    found = {path.relative_to(context).as_posix() for path in files_of(context)}
    assert found == kept | {".dockerignore"}


def test_a_link_counts_as_where_it_points_and_is_not_followed(context: Path) -> None:
    (context / "loop").symlink_to(context)
    (context / "gone").symlink_to("nowhere")
    first = tag(context)
    (context / "gone").unlink()
    (context / "gone").symlink_to("elsewhere")
    assert tag(context) != first
