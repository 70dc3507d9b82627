"""What waits for what when a single server is made; taken down, it goes the other way round."""

from __future__ import annotations

import pytest
from aws_mocks import deploy
from mocks import Recorder
from servers import DEV

from blueprints.topologies.single_server import SingleServer


def before(found: Recorder, name: str) -> set[str]:
    """Everything that exists before a resource does."""
    seen: set[str] = set()
    open_ends = {name}
    while open_ends:
        earlier = set[str]().union(*(found.one(each).after for each in open_ends)) - seen
        seen |= earlier
        open_ends = earlier & found.names()
    return seen


def test_a_server_boots_with_its_rights_its_way_out_and_all_that_it_reads(prod: Recorder) -> None:
    needed = {"shop-role-policy", "shop-role-profile", "shop-network-internet", "shop-network-public-association-0"}
    needed |= {"shop-firewall-egress-https", "shop-firewall-egress-http", "shop-parameter", "shop-bundles-encryption"}
    needed |= {item.name for item in prod.of_type("aws:s3/bucketObjectv2:BucketObjectv2")}
    assert needed <= before(prod, "shop-server-instance")


def test_an_address_waits_for_the_internet_gateway(dev: Recorder) -> None:
    assert "shop-network-gateway" in before(dev, "shop-server-address")
    assert "shop-network-gateway" in before(dev, "shop-server-address-association")


def test_a_server_in_a_network_that_is_there_already_waits_for_no_network() -> None:
    existing = {"vpc": {"vpc_id": "vpc-0123456789abcdef0", "subnet_id": "subnet-0123456789abcdef0"}}
    found = deploy(SingleServer, {**DEV, "existing": existing})
    assert not any(name.startswith("shop-network") for name in before(found, "shop-server-instance"))


def test_a_version_is_deployed_once_it_is_in_the_bucket_and_the_server_can_be_reached(dev: Recorder) -> None:
    needed = {"shop-server-attachment", "shop-server-address-association", "shop-parameter", "shop-role-policy"}
    needed |= {item.name for item in dev.of_type("aws:s3/bucketObjectv2:BucketObjectv2")}
    assert needed <= before(dev, "shop-release-deployment")


def test_the_cloudwatch_agent_is_installed_when_the_first_boot_is_done_with_the_package_manager(dev: Recorder) -> None:
    assert "shop-release-deployment" in before(dev, "shop-release-monitoring")
    # A run that found the package manager busy is made up for.
    assert dev.one("shop-release-monitoring").inputs["scheduleExpression"] == "rate(1 hour)"


@pytest.mark.parametrize("bucket", ["bundles", "backups"])
def test_access_logs_are_switched_on_when_their_bucket_admits_them(prod: Recorder, bucket: str) -> None:
    assert "shop-access-logs-policy" in before(prod, f"shop-{bucket}-logging")


def test_nothing_is_uploaded_before_the_bucket_encrypts_keeps_versions_and_refuses_plain_http(prod: Recorder) -> None:
    settings = {f"shop-bundles-{role}" for role in ("encryption", "ownership", "policy", "public-access", "versioning")}
    for item in prod.of_type("aws:s3/bucketObjectv2:BucketObjectv2"):
        assert settings <= before(prod, item.name)


def test_flow_logs_start_when_they_may_be_written(prod: Recorder) -> None:
    assert "shop-network-flow-policy" in before(prod, "shop-network-flow-log")
