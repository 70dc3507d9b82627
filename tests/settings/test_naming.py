"""Physical names stay within every service's limit, whatever the blueprint is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.naming import AUTONAMING_SUFFIX, LIMITS, MAX_BLUEPRINT_NAME, misnamed, physical

names = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,9}){0,3}", fullmatch=True).filter(lambda n: len(n) <= 40)


@given(names, st.sampled_from(sorted(LIMITS)))
def test_a_name_is_left_to_auto_naming_or_given_a_prefix_that_fits(name: str, token: str) -> None:
    logical = f"{name}-role"
    limit = LIMITS[token]
    if not limit.prefix and len(logical) + AUTONAMING_SUFFIX > limit.longest:
        assert misnamed(name, [("role", token)])[0].path == "name"
        return
    given_names = physical(token, logical)
    if len(logical) + AUTONAMING_SUFFIX <= limit.longest:
        assert given_names == {}
    else:
        (prefix,) = given_names.values()
        assert 0 < len(prefix) <= limit.prefix
        assert logical.startswith(prefix.rstrip("-"))


@pytest.mark.parametrize(
    ("token", "logical", "expected"),
    [
        ("aws:lb/loadBalancer:LoadBalancer", "a" * 24, {}),
        ("aws:lb/loadBalancer:LoadBalancer", "a" * 25, {"name_prefix": "a" * 6}),
        ("aws:lb/targetGroup:TargetGroup", "shop--api-blue-target-group", {"name_prefix": "shop--".rstrip("-")}),
        ("aws:iam/role:Role", "a" * 56, {}),
        ("aws:iam/role:Role", "a" * 57, {"name_prefix": "a" * 37 + "-"}),
        ("aws:s3/bucket:Bucket", "b" * 60, {"bucket_prefix": "b" * 36 + "-"}),
        ("aws:rds/instance:Instance", "d" * 60, {"identifier_prefix": "d" * 36 + "-"}),
        ("aws:rds/cluster:Cluster", "d" * 60, {"cluster_identifier_prefix": "d" * 36 + "-"}),
        ("aws:ec2/vpc:Vpc", "v" * 200, {}),
    ],
)
def test_where_auto_naming_ends(token: str, logical: str, expected: dict[str, str]) -> None:
    assert physical(token, logical) == expected


def test_a_child_that_can_never_fit_is_a_problem_before_anything_is_created() -> None:
    (problem,) = misnamed("a" * 40, [("replication-group", "aws:elasticache/replicationGroup:ReplicationGroup")])
    assert problem.path == "name"
    assert "40 characters" in problem.limit
    assert problem.fix == "use a shorter name"


@pytest.mark.parametrize("name", ["shop", "a", "shop-api-2", "a" * MAX_BLUEPRINT_NAME])
def test_good_names(name: str) -> None:
    assert misnamed(name, []) == []


@pytest.mark.parametrize(
    "name", ["", "Shop", "2shop", "-shop", "shop-", "shop--api", "shop_api", "a" * 41, "shöp", "a b"]
)
def test_bad_names(name: str) -> None:
    (problem,) = misnamed(name, [])
    assert problem.path == "name"
    assert problem.fix


@pytest.mark.parametrize(
    ("name", "token", "beginnings"),
    [
        ("aws-shop", "aws:ssm/parameter:Parameter", "aws"),
        ("ssmproxy", "aws:ssm/parameter:Parameter", "ssm"),
        ("amazon-shop", "aws:ssm/document:Document", "amazon"),
        ("sthree-shop", "aws:s3/bucket:Bucket", "sthree-"),
        ("sg-shop", "aws:ec2/securityGroup:SecurityGroup", "sg-"),
    ],
)
def test_a_beginning_that_a_service_keeps_for_itself_is_refused(name: str, token: str, beginnings: str) -> None:
    (problem,) = misnamed(name, [("role", token)])
    assert problem.path == "name"
    assert problem.value == name
    assert problem.limit == f"must not begin with {beginnings}, which AWS keeps for names of its own"
    assert misnamed(name, [("role", "aws:ec2/vpc:Vpc")]) == []
