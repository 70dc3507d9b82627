# ruff: noqa: E501 - programs of tests read better unbroken
"""A stack's whole life on the real engine: up, nothing to do, update, replace, drift, faults, destroy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from blueprints.sandbox.account import manage

from .harness import Project

pytestmark = pytest.mark.engine

Make = Callable[..., Project]
NETWORK = """
import pulumi, pulumi_aws as aws
config = pulumi.Config()
vpc = aws.ec2.Vpc("net", cidr_block=config.get("block") or "10.0.0.0/16", tags={"Name": config.get("name") or "net"})
subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
group = aws.ec2.SecurityGroup("web", vpc_id=vpc.id)
role = aws.iam.Role("role", assume_role_policy=aws.iam.get_policy_document(statements=[{
    "actions": ["sts:AssumeRole"], "principals": [{"type": "Service", "identifiers": ["ec2.amazonaws.com"]}]}]).json)
pulumi.export("vpc", vpc.id)
pulumi.export("role", role.arn)
"""


def test_up_nothing_update_replace_destroy(project: Make) -> None:
    stack = project(NETWORK)
    assert set(stack.steps().values()) == {"create"}
    assert stack.up().code == 0
    first = stack.outputs()
    assert first["role"].startswith("arn:aws:iam::000000000000:role/role-")
    nothing = stack.preview("--expect-no-changes")
    assert nothing.code == 0, nothing.text

    stack.pulumi("config", "set", "name", "renamed")
    assert {name: op for name, op in stack.steps().items() if op != "same"} == {"net": "update"}
    assert stack.up().code == 0
    assert stack.outputs() == first

    stack.pulumi("config", "set", "block", "10.0.0.0/15")
    refused = stack.up()
    assert refused.code != 0
    assert "a VPC is from /16 to /28 [aws/network-size; Amazon VPC User Guide, VPC CIDR blocks]" in refused.text

    stack.pulumi("config", "set", "block", "10.0.0.0/17")
    steps = {
        name: op for name, op in stack.steps().items() if op not in ("same", "create-replacement", "delete-replaced")
    }
    assert steps == {"net": "replace", "a": "replace", "web": "replace"}
    assert stack.up().code == 0, stack.up().text
    assert stack.outputs()["vpc"] != first["vpc"]
    assert stack.preview("--expect-no-changes").code == 0

    gone = stack.pulumi("destroy", "--yes", "--skip-preview")
    assert gone.code == 0, gone.text
    assert stack.resources() == {}
    assert sqlite3.connect(stack.home / "account.sqlite").execute("SELECT count(*) FROM resource").fetchone() == (0,)


def test_drift_is_seen_and_repaired_and_removed_resources_come_back(project: Make) -> None:
    stack = project(NETWORK)
    assert stack.up().code == 0
    manage.drift(stack.home, stack.urn("net"), "tags.Name", "somebody else's")
    assert stack.preview("--expect-no-changes").code == 0
    seen = stack.preview("--refresh", "--expect-no-changes")
    assert seen.code != 0
    assert stack.pulumi("refresh", "--yes", "--skip-preview").code == 0
    assert stack.resources()["net"]["outputs"]["tags"] == {"Name": "somebody else's"}
    assert stack.steps()["net"] == "update"
    assert stack.up().code == 0
    assert stack.resources()["net"]["outputs"]["tags"] == {"Name": "net"}

    manage.remove(stack.home, stack.urn("web"))
    assert stack.pulumi("refresh", "--yes", "--skip-preview").code == 0
    assert "web" not in stack.resources()
    assert {name: op for name, op in stack.steps().items() if op != "same"} == {"web": "create"}
    assert stack.up().code == 0


@pytest.mark.parametrize("fault", ["a:create", "aws:ec2/subnet:Subnet:create", "ec2.Subnet"])
def test_a_fault_leaves_a_state_from_which_the_next_run_converges(project: Make, fault: str) -> None:
    stack = project(NETWORK, variables={"BLUEPRINTS_SANDBOX_FAIL_ON": fault})
    failed = stack.up()
    assert failed.code != 0
    assert "SimulatedFault: create of aws:ec2/subnet:Subnet `a` failed on purpose" in failed.text
    assert "a" not in stack.resources()
    stack.variables.clear()
    assert stack.up().code == 0
    assert stack.preview("--refresh", "--expect-no-changes").code == 0


def test_faults_of_updates_and_deletions(project: Make) -> None:
    stack = project(NETWORK)
    assert stack.up().code == 0
    stack.pulumi("config", "set", "name", "renamed")
    stack.variables["BLUEPRINTS_SANDBOX_FAIL_ON"] = "net:update,net:delete"
    assert stack.up().code != 0
    assert stack.resources()["net"]["outputs"]["tags"] == {"Name": "net"}
    assert stack.pulumi("destroy", "--yes", "--skip-preview").code != 0
    assert set(stack.resources()) >= {"net"}
    stack.variables.clear()
    assert stack.up().code == 0
    assert stack.pulumi("destroy", "--yes", "--skip-preview").code == 0


SECRETS = """
import pulumi, pulumi_aws as aws, pulumi_random as random
password = random.RandomPassword("password", length=24)
key = pulumi.Config().require_secret("key")
secret = aws.secretsmanager.Secret("secret", recovery_window_in_days=0)
version = aws.secretsmanager.SecretVersion("version", secret_id=secret.id, secret_string=password.result)
parameter = aws.ssm.Parameter("parameter", type="SecureString", value=key)
server = aws.ec2.Instance("server", ami="ami-1", instance_type="t3.micro", user_data=key.apply(lambda k: f"export KEY={k}"))
pulumi.export("password", password.result)
"""


def test_no_secret_is_in_any_file(project: Make) -> None:
    stack = project(SECRETS)
    planted = "planted-" + "7f3a9c" * 3
    assert stack.pulumi("config", "set", "--secret", "key", planted).code == 0
    run = stack.up()
    assert run.code == 0, run.text
    password = stack.outputs()["password"]
    texts = [run.text, stack.preview("--diff").text, stack.preview("--json").out, stack.pulumi("stack", "export").out]
    for text in texts:
        assert planted not in text
        assert password not in text
    for path in stack.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert planted.encode() not in content, path
            assert password.encode() not in content, path
    assert stack.preview("--expect-no-changes", "--refresh").code == 0
