"""The generator says no more than its sources: merging widens; doubtful names and unreadable patterns are dropped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blueprints.sandbox import catalog, facts
from blueprints.sandbox.catalog import Package
from blueprints.sandbox.facts import FactKind, Source
from tools.facts.curated import CuratedError, curated_rows
from tools.facts.docstrings import documentation_rows
from tools.facts.rows import Row, merge, usable_pattern
from tools.facts.tokens import Twins
from tools.facts.trial import slow_patterns
from tools.facts.wire import match_name

GOOD, WEAK = Source("good", "1"), Source("weak", "1")


def row(kind: FactKind, value: object, rank: int, *, closed: bool = False, path: str = "p") -> Row:
    return Row("t", path, kind, value, GOOD if rank < 3 else WEAK, closed, rank)


def merged(*rows: Row) -> list[tuple[str, object, bool]]:
    return [(kept.kind, kept.value, kept.closed) for kept in merge(rows)]


def test_where_sources_differ_the_wider_limit_holds() -> None:
    assert merged(row("max_length", 64, 2, closed=True), row("max_length", 128, 6)) == [("max_length", 128, True)]
    assert merged(row("minimum", 1, 2), row("minimum", 0, 6)) == [("minimum", 0, False)]
    assert merged(row("enum", ["a"], 2, closed=True), row("enum", ["b", "a"], 6)) == [("enum", ["a", "b"], True)]


def test_curated_rows_stand_alone() -> None:
    assert merged(row("max_length", 32, 0, closed=True), row("max_length", 128, 2)) == [("max_length", 32, True)]
    assert merged(row("enum", ["a"], 0, closed=True), row("enum", ["b"], 2)) == [("enum", ["a"], True)]


def test_curated_row_withdraws_what_others_say() -> None:
    assert merged(row("pattern", None, 0), row("pattern", "a+", 2, closed=True)) == []
    assert merged(row("replaces", None, 0), row("updates", True, 3)) == []


def test_one_answer_about_a_change() -> None:
    assert merged(row("updates", True, 0), row("replaces", True, 4)) == [("updates", True, False)]
    assert merged(row("may_replace", "sometimes", 3), row("replaces", True, 4)) == [("may_replace", "sometimes", False)]


def test_long_enumerations_are_never_closed() -> None:
    values = [str(number) for number in range(41)]
    assert merged(row("enum", values, 2, closed=True)) == [("enum", values, False)]
    assert merged(row("enum", values, 0, closed=True)) == [("enum", values, True)]


def test_groups_stand_side_by_side() -> None:
    groups = [row("exactly_one_of", ["a", "b"], 0, path=""), row("exactly_one_of", ["c", "d"], 0, path="")]
    assert len(merged(*groups)) == 2


@pytest.mark.parametrize(
    ("pattern", "anywhere", "fits", "not_fits"),
    [
        ("[a-z]+", False, "abc", "abc1"),
        ("^[a-z]+$", False, "abc", "abc1"),
        ("^arn:", False, "arn:aws:s3:::b", "aws:arn:"),
        (r"\S", True, "a b", "  "),
        (r"\w+", True, "example-app", "--"),
        ("a|b", True, "xbx", "xcx"),
        ("^a$|^b$", False, "b", "c"),
    ],
)
def test_patterns_match_whole_values(pattern: str, anywhere: bool, fits: str, not_fits: str) -> None:
    usable = usable_pattern(pattern, anywhere=anywhere)
    assert usable is not None
    assert re.fullmatch(usable, fits)
    assert not re.fullmatch(usable, not_fits)


@pytest.mark.parametrize("pattern", ["", ".*", "^[\\s\\S]*$", "\\p{L}+", "[[:alpha:]]", "(", "a{2,1}", "a" * 401])
def test_patterns_that_python_reads_otherwise_are_dropped(pattern: str) -> None:
    assert usable_pattern(pattern) is None


def test_patterns_that_backtrack_for_ever_are_found_and_not_shipped() -> None:
    endless = "[a-zA-Z](?:-?[a-zA-Z0-9]+)*"
    assert slow_patterns([endless, "[a-z0-9]([a-z0-9-]*[a-z0-9])?"]) == {endless}
    table = facts.table("aws")
    shipped = {row.value for token in table.tokens() for row in table.resource(token).of("pattern")}
    assert endless not in shipped
    assert len(shipped) > 500


@pytest.mark.parametrize(
    ("foreign", "names", "found"),
    [
        ("VpcSecurityGroupIds", ["vpcSecurityGroupIds", "vpcId"], "vpcSecurityGroupIds"),
        ("subnet_id", ["subnetId", "subnetIds"], "subnetId"),
        ("security_group", ["securityGroups"], "securityGroups"),
        ("capacity_provider_strategy", ["capacityProviderStrategies"], "capacityProviderStrategies"),
        ("DBName", ["dbName", "DbName"], None),
        ("Nothing", ["vpcId"], None),
    ],
)
def test_names_are_matched_only_without_doubt(foreign: str, names: list[str], found: str | None) -> None:
    assert match_name(foreign, names) == found


def aws() -> Package:
    package = catalog.package("aws")
    assert package is not None
    return package


def test_documentation_counts_only_for_the_property_it_stands_at() -> None:
    rows = list(documentation_rows(aws(), "aws:ec2/instance:Instance"))
    volume_type = [item.kind for item in rows if item.path == "rootBlockDevice.volumeType"]
    assert "replaces" not in volume_type  # its text speaks of `encrypted` and `kms_key_id`
    primary = [(item.kind, item.value) for item in rows if item.path == "enablePrimaryIpv6"]
    assert primary == []  # "Disabling ... forces recreation": a condition in words that the phrases do not cover
    endpoint = [
        item for item in documentation_rows(aws(), "aws:ec2/vpcEndpoint:VpcEndpoint") if item.kind == "may_replace"
    ]
    assert [item.path for item in endpoint] == ["privateDnsEnabled"]
    assert endpoint[0].value.startswith("If `vpc_endpoint_type` is anything other than `Interface`")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("aws:no/such:Type: {replaces: [a]}", "declares no aws:no/such:Type"),
        ("aws:sqs/queue:Queue: {replaces: [colour]}", "has no property 'colour' (named by replaces)"),
        ("aws:sqs/queue:Queue: {conflicts: {name: [colour]}}", "has no property 'colour' (named by conflicts)"),
        ("aws:sqs/queue:Queue: {colours: [name]}", "unknown kind 'colours'"),
        ("aws:sqs/queue:Queue: {source: other, replaces: [name]}", "names the source 'other'"),
    ],
)
def test_curated_mistakes_are_refused(tmp_path: Path, body: str, message: str) -> None:
    (tmp_path / "aws").mkdir()
    (tmp_path / "aws" / "x.yaml").write_text(f"sources: {{s: [a, '1']}}\nsource: s\n{body}\n")
    with pytest.raises(CuratedError, match=re.escape(message)):
        list(curated_rows(aws(), Twins([]), tmp_path))


def test_twins_take_rows_whose_properties_they_have() -> None:
    tokens = aws().tokens()
    rows = [item for item in curated_rows(aws(), Twins(tokens)) if item.kind in ("replaces", "updates")]
    alb = {item.path for item in rows if item.token == "aws:alb/loadBalancer:LoadBalancer"}
    lb = {item.path for item in rows if item.token == "aws:lb/loadBalancer:LoadBalancer"}
    assert alb == lb
    old = {item.path for item in rows if item.token == "aws:s3/bucketV2:BucketV2"}
    assert "bucket" in old
    assert "versioning" not in old  # `versionings` there


@pytest.mark.parametrize(
    ("token", "path", "kind", "value"),
    [
        ("aws:kinesis/stream:Stream", "shardLevelMetrics", "enum", None),  # a list, and its text names no fixed values
        ("aws:ecs/service:Service", "availabilityZoneRebalancing", "enum", ["ENABLED", "DISABLED"]),
        ("aws:lb/loadBalancer:LoadBalancer", "xffHeaderProcessingMode", "enum", ["append", "preserve", "remove"]),
        ("aws:sqs/queue:Queue", "delaySeconds", "maximum", 900),
        ("aws:lb/targetGroup:TargetGroup", "healthCheck.interval", "maximum", 300),
        (
            "aws:lb/listener:Listener",
            "defaultActions[].fixedResponse.statusCode",
            "enum",
            None,
        ),  # `2XX` stands for more
        ("aws:ecs/service:Service", "forceDelete", "default", None),  # no default in its text
        ("aws:rds/instance:Instance", "deletionProtection", "default", False),
    ],
)
def test_what_is_read_from_the_documentation(token: str, path: str, kind: str, value: object) -> None:
    rows = [item for item in documentation_rows(aws(), token) if (item.path, item.kind) == (path, kind)]
    assert [item.value for item in rows] == ([] if value is None else [value])
    assert not any(item.closed for item in rows)
