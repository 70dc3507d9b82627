"""The shipped table fits the pinned SDK, holds every curated row, and raises no alarm on the SDK's own examples."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from blueprints.sandbox import catalog, facts
from blueprints.sandbox.catalog import Package
from tools.facts.curated import curated_rows
from tools.facts.examples import sdk_examples
from tools.facts.sources import SDK
from tools.facts.tokens import Twins, resource_tokens
from tools.facts.violations import violations
from tools.facts.wire import object_of, walk

PACKAGES = ["aws", "command", "docker", "kubernetes", "random", "tls"]
PRESENCE = ("exactly_one_of", "at_least_one_of", "required_with")


def installed(name: str) -> Package:
    package = catalog.package(name)
    assert package is not None
    return package


@pytest.mark.parametrize("name", PACKAGES)
def test_table_was_generated_for_the_installed_sdk(name: str) -> None:
    assert facts.table(name).sdk_version == installed(name).version


def test_generator_is_pinned_to_the_installed_sdk() -> None:
    assert installed("aws").version == SDK


@pytest.mark.parametrize("name", PACKAGES)
def test_curated_rows_are_in_the_table(name: str) -> None:
    package, table = installed(name), facts.table(name)
    count = 0
    for row in curated_rows(package, Twins(resource_tokens(package) if name != "aws" else package.tokens())):
        count += 1
        kept = [fact for fact in table.resource(row.token).at(row.path) if fact.kind == row.kind]
        if row.value is None:
            assert kept == [], f"{row.token} {row.path} {row.kind} should be withdrawn"
        else:
            wanted = (row.value, str(row.source), row.closed)
            assert wanted in [(fact.value, str(fact.source), fact.closed) for fact in kept], row
    assert count >= 4


def test_every_path_of_the_table_exists_in_the_sdk() -> None:
    aws, table = installed("aws"), facts.table("aws")
    services = ("ec2", "vpc", "ebs", "kms", "s3", "rds", "ecs", "lambda", "lb", "iam", "cloudwatch", "sqs", "sns")
    tokens = [token for token in table.tokens() if token.split(":")[1].partition("/")[0] in services]
    assert len(tokens) > 250
    for token in tokens:
        resource = aws.resource(token)
        assert resource is not None, token
        known = {""}
        for path, prop in walk(aws, resource.inputs, deep=7):
            known |= {path, path + object_of(prop.type)[0]}
        unknown = {row.path for row in table.resource(token).rows} - known
        assert not unknown, token


def test_examples_of_the_documentation_raise_no_alarm() -> None:
    """Examples leave out what they do not show, so facts about presence are not held against them."""
    aws, table = installed("aws"), facts.table("aws")
    count = 0
    for example in sdk_examples(aws):
        count += 1
        found = [
            f"{fact.rule_id}: {value!r}"
            for fact, value in violations(table.resource(example.token), example.inputs)
            if fact.kind not in PRESENCE
        ]
        assert not found, f"{example.where}: {found}"
    assert count > 4500


def test_wrong_values_are_found() -> None:
    """The checks above would pass on an empty table: these values must not."""
    table = facts.table("aws")
    wrong = {
        "aws:ebs/volume:Volume": ({"availabilityZone": "a", "type": "gp9", "kmsKeyId": "key"}, 3),
        "aws:lambda/function:Function": (
            {"role": "arn:aws:iam::000000000000:role/r", "timeout": 0, "code": "a", "imageUri": "b"},
            3,
        ),
        "aws:sqs/queue:Queue": ({"name": "a.b", "visibilityTimeoutSeconds": 43201}, 2),
        "aws:s3/bucket:Bucket": ({"bucket": "Upper_Case"}, 1),
    }
    for token, (inputs, count) in wrong.items():
        closed = [fact for fact, _ in violations(table.resource(token), inputs) if fact.closed]
        assert len(closed) == count, (token, [fact.rule_id for fact in closed])


def test_page_gives_the_counts_of_the_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "facts.md").read_text(encoding="utf-8")
    table = facts.table("aws")
    rows = [row for token in table.tokens() for row in table.resource(token).rows]
    assert f"holds {len(rows):,} rows about {len(table.tokens()):,} resource types" in page
    assert f"`pulumi-aws` {table.sdk_version}" in page
    for kind in sorted({row.kind for row in rows}):
        of_kind = [row for row in rows if row.kind == kind]
        closed = sum(row.closed for row in of_kind)
        assert re.search(rf"^\| `{kind}` \| .+ \| {len(of_kind):,} \| {closed:,} \|$", page, re.MULTILINE), kind
    for source, count in Counter(row.source.name for row in rows).items():
        assert f"| {source} | {count:,} |" in page
