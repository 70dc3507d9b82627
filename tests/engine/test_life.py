"""A team's own program through its whole life in the sandbox, as a person types it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from projects import Project

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
import pulumi_aws as aws
import pulumi_random as random

config = pulumi.Config()


class Shop(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("shop:index:Shop", name)
        child = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block=config.get("cidr") or "10.0.0.0/16", opts=child)
        self.subnet = aws.ec2.Subnet(
            f"{name}-subnet", vpc_id=self.vpc.id, cidr_block=self.vpc.cidr_block, opts=child
        )
        self.bucket = aws.s3.Bucket(
            f"{name}-bucket",
            tags={"Owner": config.get("owner") or "team"},
            opts=pulumi.ResourceOptions(parent=self, protect=config.get_bool("protect")),
        )
        self.register_outputs({})


shop = Shop("shop")
password = random.RandomPassword("password", length=20)
pulumi.export("vpc", shop.vpc.id)
pulumi.export("bucket", shop.bucket.bucket)
pulumi.export("password", password.result)
"""


@pytest.fixture
def shop(project: Project) -> Project:
    return project.write(
        {
            "Pulumi.yaml": "name: shop\nruntime: python\n",
            "Pulumi.dev.yaml": "config:\n  aws:region: eu-central-1\n",
            "__main__.py": PROGRAM,
        }
    )


def configure(project: Project, **values: str) -> None:
    lines = "".join(f"  shop:{name}: {value}\n" for name, value in values.items())
    project.write({"Pulumi.dev.yaml": f"config:\n  aws:region: eu-central-1\n{lines}"})


def test_preview_up_update_replace_and_destroy(shop: Project) -> None:
    answer = shop.run("preview", "dev")
    assert answer.status == 0, answer.text
    assert answer.out.splitlines()[-1] == "dev: 4 to create"
    assert answer.err.splitlines()[0] == "SANDBOX: simulated, nothing reaches AWS"

    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    assert "up dev: 4 created\n" in answer.out
    assert "Resources (4)" in answer.out
    assert "  shop  shop.Shop (3)\n" in answer.out
    assert "  ├─ bucket  aws.s3.Bucket\n" in answer.out
    assert "  └─ vpc     aws.ec2.Vpc\n" in answer.out
    assert "  password  [secret]\n" in answer.out
    assert [line.split("  #")[0].strip() for line in answer.out.splitlines()[-3:]] == [
        "blueprints preview dev",
        "blueprints outputs dev --json",
        "blueprints destroy dev",
    ]
    first = shop.run("outputs", "dev", "--json").json()

    answer = shop.run("preview", "dev", "--expect-no-changes")
    assert (answer.status, answer.out) == (0, "dev: no changes, 4 unchanged\n")

    configure(shop, owner="me")
    answer = shop.run("preview", "dev")
    assert answer.out.splitlines()[0].split() == ["~", "shop-bucket", "aws.s3.Bucket", "tags.Owner,", "tagsAll.Owner"]
    assert answer.out.splitlines()[-1] == "dev: 1 to update, 3 unchanged"
    answer = shop.run("preview", "dev", "--expect-no-changes")
    assert answer.status == 1
    assert "no changes were expected: 1 to update, 3 unchanged" in answer.err

    configure(shop, cidr="10.1.0.0/16")
    answer = shop.run("preview", "dev")
    assert answer.out.splitlines()[-1] == "dev: 2 to replace, 2 unchanged"
    assert "cidrBlock (replaces)" in answer.out
    assert "vpcId (replaces)" in answer.out
    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    second = shop.run("outputs", "dev", "--json").json()
    assert second["vpc"] != first["vpc"]
    assert second["bucket"] == first["bucket"]

    assert "up, 4 resources" in shop.run("list").out
    answer = shop.run("destroy", "dev")
    assert answer.status == 0, answer.text
    assert "destroyed dev: 4 deleted\nnothing is kept" in answer.out
    assert shop.resources("dev") == []
    assert "not up" in shop.run("list").out
    assert shop.changed_files() == ""


def test_the_preview_document_is_the_engines_own_and_nothing_else(shop: Project) -> None:
    answer = shop.run("preview", "dev", "--json")
    document = answer.json()
    assert {step["op"] for step in document["steps"]} == {"create"}
    assert document["changeSummary"]["create"] == 6
    assert document["config"] == {"aws:region": "eu-central-1"}


def test_drift_is_seen_and_repaired(shop: Project) -> None:
    assert shop.run("up", "dev").status == 0
    answer = shop.run("sandbox", "drift", "shop-bucket", "tags.Owner=somebody")
    assert answer.status == 0, answer.text
    assert shop.run("preview", "dev", "--expect-no-changes").status == 0
    answer = shop.run("sandbox", "run", "--", "preview", "--refresh", "--expect-no-changes")
    assert answer.status != 0
    assert shop.run("sandbox", "run", "--", "up", "--refresh", "--yes").status == 0
    assert shop.run("sandbox", "run", "--", "preview", "--refresh", "--expect-no-changes").status == 0


def test_what_is_removed_behind_the_engines_back_is_made_again(shop: Project) -> None:
    assert shop.run("up", "dev").status == 0
    answer = shop.run("sandbox", "rm", "shop-bucket", "--stack", "dev")
    assert answer.status == 0, answer.text
    assert shop.run("sandbox", "run", "--", "refresh", "--yes").status == 0
    assert shop.run("preview", "dev").out.splitlines()[-1] == "dev: 1 to create, 3 unchanged"


def test_a_failure_on_purpose_leaves_a_state_that_the_next_run_completes(shop: Project) -> None:
    answer = shop.run("up", "dev", "--fail-on", "aws:ec2/subnet:Subnet:create")
    assert answer.status == 1
    assert "shop-subnet (aws.ec2.Subnet)" in answer.err
    assert "3 created before that; the same command goes on from there" in answer.err
    assert sorted(
        item["type"] for item in shop.resources("dev") if item.get("custom") and "providers" not in item["type"]
    ) == [
        "aws:ec2/vpc:Vpc",
        "aws:s3/bucket:Bucket",
        "random:index/randomPassword:RandomPassword",
    ]
    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    assert "up dev: 1 created, 3 unchanged" in answer.out


def test_protected_resources_of_a_team_are_not_destroyed(shop: Project) -> None:
    configure(shop, protect="true")
    assert shop.run("up", "dev").status == 0
    answer = shop.run("destroy", "dev")
    assert answer.status == 1
    assert "dev is not destroyed: 1 store is protected\n  shop-bucket  aws:s3/bucket:Bucket" in answer.err
    urn = next(item["urn"] for item in shop.resources("dev") if item["type"] == "aws:s3/bucket:Bucket")
    assert f"blueprints sandbox run -- state unprotect --stack dev '{urn}'" in answer.err
    assert len(shop.resources("dev")) > 4
    assert shop.run("sandbox", "run", "--", "state", "unprotect", "--yes", "--stack", "dev", urn).status == 0
    assert shop.run("destroy", "dev").status == 0


def test_existing_resources_are_imported(shop: Project) -> None:
    assert shop.run("up", "dev").status == 0
    vpc = shop.run("outputs", "dev", "--json").json()["vpc"]
    words = ["import", "aws:ec2/vpc:Vpc", "found", vpc, "--yes", "--stack", "other"]
    for arguments in (["config", "set", "aws:region", "eu-central-1", "--stack", "other"], words):
        answer = shop.run("sandbox", "run", "--", *arguments)
        assert answer.status == 0, answer.text
    assert [item["id"] for item in shop.resources("other") if item["type"] == "aws:ec2/vpc:Vpc"] == [vpc]


def test_exit_codes_and_stacks_of_sandbox_run(shop: Project) -> None:
    answer = shop.run("sandbox", "run", "--", "preview", "--stack", "acme/qa")
    assert answer.status == 0, answer.text
    assert shop.run("sandbox", "run", "--", "stack", "output", "nothing", "--stack", "dev").status != 0
    shop.write({"__main__.py": "raise SystemExit(7)\n"})
    assert shop.run("sandbox", "run", "--", "preview").status != 0


def test_after_a_kill_in_the_middle_the_next_run_converges(shop: Project) -> None:
    many = "".join(f"aws.s3.Bucket('many-{index}', bucket='shop-many-{index}')\n" for index in range(60))
    shop.write({"__main__.py": PROGRAM + many})
    process = shop.start("up", "dev")
    state = shop.home / "state" / ".pulumi" / "stacks" / "shop" / "dev.json"
    end = time.monotonic() + 120
    while not (state.exists() and "shop-many" in state.read_text()):
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.01)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the engine was killed by signal 9" in err
    answer = shop.run("up", "dev")
    assert answer.status == 0, answer.text
    assert "cleared the lock that a killed engine left on dev" in answer.err
    assert shop.run("preview", "dev", "--expect-no-changes").status == 0
    assert shop.run("destroy", "dev").out.splitlines()[-1].startswith("nothing is kept")
