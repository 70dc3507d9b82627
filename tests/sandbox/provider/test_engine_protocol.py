# ruff: noqa: E501 - programs of tests read better unbroken
"""What programs and the engine ask of a provider beyond create and delete, on the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .harness import Project

pytestmark = pytest.mark.engine

Make = Callable[..., Project]


def test_explicit_providers_have_regions_and_tags_of_their_own(project: Make) -> None:
    stack = project(
        """
import pulumi, pulumi_aws as aws
virginia = aws.Provider("virginia", region="us-east-1", default_tags={"tags": {"team": "web"}},
                        allowed_account_ids=["123456789012"])
there = aws.sqs.Queue("there", tags={"own": "1"}, opts=pulumi.ResourceOptions(provider=virginia))
here = aws.sqs.Queue("here")
moved = aws.sqs.Queue("moved", region="eu-west-1")
pulumi.export("arns", [there.arn, here.arn, moved.arn])
pulumi.export("tags", there.tags_all)
pulumi.export("region", aws.get_region_output(opts=pulumi.InvokeOptions(provider=virginia)).region)
"""
    )
    planned = {step["urn"].rpartition("::")[2]: step.get("newState", {}) for step in stack.plan()["steps"]}
    assert planned["there"]["inputs"]["tagsAll"] == {"own": "1", "team": "web"}
    assert stack.up().code == 0
    outputs = stack.outputs()
    assert [arn.split(":")[3] for arn in outputs["arns"]] == ["us-east-1", "eu-central-1", "eu-west-1"]
    assert outputs["tags"] == {"own": "1", "team": "web"}
    assert outputs["region"] == "us-east-1"
    assert stack.preview("--expect-no-changes").code == 0


def test_a_provider_that_forbids_the_simulated_account_is_refused(project: Make) -> None:
    stack = project(
        'import pulumi, pulumi_aws as aws\np = aws.Provider("p", region="us-east-1", forbidden_account_ids=["000000000000"])\n'
        'aws.sqs.Queue("q", opts=pulumi.ResourceOptions(provider=p))\n'
    )
    done = stack.preview()
    assert done.code != 0
    assert "forbiddenAccountIds contains it" in done.text


OPTIONS = """
import pulumi, pulumi_aws as aws
from pulumi import ResourceOptions as O
changed = bool(pulumi.Config().get("changed"))
value = 10 if changed else 5
ignored = aws.sqs.Queue("ignored", delay_seconds=value, opts=O(ignore_changes=["delaySeconds"]))
forced = aws.sqs.Queue("forced", delay_seconds=value, opts=O(replace_on_changes=["delaySeconds"]))
first = aws.ec2.Vpc("first", cidr_block=f"10.{value}.0.0/16", opts=O(delete_before_replace=True))
slow = aws.sqs.Queue("slow", opts=O(custom_timeouts=pulumi.CustomTimeouts(create="30m")))
renamed = aws.sqs.Queue("new" if changed else "old", delay_seconds=value,
                        opts=O(aliases=[pulumi.Alias(name="old")]) if changed else None)
pulumi.export("renamed", renamed.url)
"""


def test_resource_options(project: Make) -> None:
    stack = project(OPTIONS)
    assert stack.up().code == 0
    before = stack.outputs()
    stack.pulumi("config", "set", "changed", "yes")
    steps = {name: op for name, op in stack.steps().items() if op != "same"}
    assert steps == {"forced": "replace", "first": "replace", "new": "update"}
    done = stack.up()
    assert done.code == 0, done.text
    assert done.out.index("first deleted original") < done.out.index("first created replacement")
    assert done.out.index("forced created replacement") < done.out.index("forced deleted original")
    assert stack.outputs() == before
    assert stack.preview("--expect-no-changes").code == 0
    assert stack.pulumi("destroy", "--yes", "--skip-preview").code == 0


def test_a_targeted_up_touches_its_target_only(project: Make) -> None:
    stack = project('import pulumi_aws as aws\naws.sqs.Queue("one")\naws.sqs.Queue("two")\n')
    target = "urn:pulumi:dev::scratch::aws:sqs/queue:Queue::one"
    assert stack.up("--target", target).code == 0
    assert "one" in stack.resources()
    assert "two" not in stack.resources()


GET = """
import pulumi, pulumi_aws as aws
found = aws.s3.Bucket.get("found", "company-logs")
pulumi.export("arn", found.arn)
pulumi.export("tags", found.tags)
"""
ADOPT = """
import pulumi, pulumi_aws as aws
bucket = aws.s3.Bucket("adopted", bucket="company-logs", tags={"a": "%s"}, opts=pulumi.ResourceOptions(import_="company-logs"))
pulumi.export("arn", bucket.arn)
"""
DESCRIBED = (
    'resources: [{type: "aws:s3/bucket:Bucket", id: company-logs, properties: {bucket: company-logs, tags: {a: b}}}]\n'
)


def test_existing_resources_are_read(project: Make) -> None:
    stack = project(GET)
    (stack.root / "sandbox.yaml").write_text(DESCRIBED)
    assert stack.up().code == 0
    assert stack.outputs() == {"arn": "arn:aws:s3:::company-logs", "tags": {"a": "b"}}
    assert stack.preview("--expect-no-changes").code == 0


def test_reading_what_does_not_exist_names_it(project: Make) -> None:
    done = project(GET).up()
    assert done.code != 0
    assert "the simulated account has no aws:s3/bucket:Bucket with the id `company-logs`" in done.text


def test_existing_resources_are_imported_by_option(project: Make) -> None:
    stack = project(ADOPT % "b")
    (stack.root / "sandbox.yaml").write_text(DESCRIBED)
    done = stack.up()
    assert done.code == 0, done.text
    assert stack.outputs() == {"arn": "arn:aws:s3:::company-logs"}
    assert stack.preview("--expect-no-changes").code == 0


def test_an_import_that_differs_from_the_program_is_brought_into_line(project: Make) -> None:
    stack = project(ADOPT % "other")
    (stack.root / "sandbox.yaml").write_text(DESCRIBED)
    done = stack.up()
    assert done.code == 0, done.text
    assert "adopted updated" in done.out
    assert stack.resources()["adopted"]["outputs"]["tags"] == {"a": "other"}
    assert stack.preview("--refresh", "--expect-no-changes").code == 0
    assert stack.pulumi("destroy", "--yes", "--skip-preview").code == 0
    stack.program(GET)
    assert "has no aws:s3/bucket:Bucket with the id `company-logs`" in stack.preview().text


def test_existing_resources_are_imported_by_command(project: Make) -> None:
    stack = project("import pulumi\n")
    (stack.root / "sandbox.yaml").write_text(DESCRIBED)
    options = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
    done = stack.pulumi("import", "aws:s3/bucket:Bucket", "logs", "company-logs", *options)
    assert done.code == 0, done.text
    assert stack.resources()["logs"]["id"] == "company-logs"
    missing = stack.pulumi("import", "aws:s3/bucket:Bucket", "other", "nobody", *options)
    assert missing.code != 0
    assert "nobody" in missing.text


FILES = """
import pulumi, pulumi_aws as aws
bucket = aws.s3.Bucket("site")
page = aws.s3.BucketObjectv2("page", bucket=bucket.id, key="index.html", source=pulumi.FileAsset("index.html"))
code = aws.lambda_.Function("code", role="arn:aws:iam::000000000000:role/r", handler="main.handler", runtime="python3.12",
                            code=pulumi.AssetArchive({".": pulumi.FileArchive("app")}))
pulumi.export("etag", page.etag)
"""


def test_assets_and_archives_change_with_their_content_only(project: Make) -> None:
    stack = project(FILES)
    (stack.root / "app").mkdir()
    (stack.root / "app" / "main.py").write_text("def handler(event, context): pass\n")
    (stack.root / "index.html").write_text("<h1>one</h1>")
    done = stack.up()
    assert done.code == 0, done.text
    assert stack.preview("--expect-no-changes").code == 0
    before = stack.outputs()["etag"]
    (stack.root / "index.html").write_text("<h1>two</h1>")
    assert {name: op for name, op in stack.steps().items() if op != "same"} == {"page": "update"}
    (stack.root / "app" / "main.py").write_text("def handler(event, context): return 1\n")
    assert {name: op for name, op in stack.steps().items() if op != "same"} == {"page": "update", "code": "update"}
    assert stack.up().code == 0
    assert stack.outputs()["etag"] != before


def test_the_stacks_naming_configuration_is_followed(project: Make) -> None:
    stack = project('import pulumi, pulumi_aws as aws\nq = aws.sqs.Queue("jobs")\npulumi.export("name", q.name)\n')
    stack.pulumi("config", "set", "--path", "pulumi:autonaming.pattern", "${stack}-${name}")
    done = stack.up()
    assert done.code == 0, done.text
    assert stack.outputs() == {"name": "dev-jobs"}


def test_plans_are_kept(project: Make) -> None:
    stack = project('import pulumi_aws as aws\naws.s3.Bucket("store")\n')
    plan = stack.root / "plan.json"
    assert stack.preview("--save-plan", str(plan)).code == 0

    done = stack.up("--plan", str(plan))
    assert done.code == 0, done.text


def test_a_name_that_is_taken_fails_as_in_aws(project: Make) -> None:
    stack = project(
        'import pulumi_aws as aws\naws.s3.Bucket("one", bucket="the-only-one")\naws.s3.Bucket("two", bucket="the-only-one")\n'
    )
    done = stack.up()
    assert done.code != 0
    assert "BucketAlreadyOwnedByYou: Bucket `the-only-one` already exists" in done.text
