"""The single server's whole life on a real engine: up, unchanged, in place, replaced, drifted, refused, taken down."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from projects import Answer, Project

pytestmark = pytest.mark.engine

DEV, STAGING, PROD = (f"single-server-{environment}" for environment in ("dev", "staging", "prod"))
UBUNTU = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
OLD_IMAGE, NEW_IMAGE = "ami-0aaaaaaaaaaaaaaaa", "ami-0bbbbbbbbbbbbbbbb"
STORES = {"key-key", "access-logs-bucket", "bundles-bucket", "backups-bucket", "data-volume"} | {
    f"secrets-{name}"
    for name in (
        "db-password",
        "postgres-password",
        "keycloak-db-password",
        "keycloak-admin-password",
        "keycloak-client-secret",
    )
}


def edit(project: Project, stack: str, **settings: Any) -> None:
    """Changes settings in a stack's file, as a person would."""
    file = project.folder / "stacks" / f"Pulumi.{stack}.yaml"
    document = yaml.safe_load(file.read_text())
    document["config"]["blueprints:settings"] |= settings
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    project.commit()


def newest_image(project: Project, image: str) -> None:
    """What the public parameter holds today."""
    images = [{"id": known, "name": known, "owner": "amazon"} for known in (OLD_IMAGE, NEW_IMAGE)]
    described = {"images": images, "parameters": [{"name": UBUNTU, "value": image}]}
    project.write({"sandbox.yaml": yaml.safe_dump(described)})


def done(answer: Answer) -> Answer:
    assert answer.status == 0, answer.text
    return answer


def planned(project: Project, stack: str) -> dict[str, str]:
    """What an update would do: name of each changed resource -> the last word about it."""
    steps = done(project.run("preview", stack, "--json")).json()["steps"]
    changes = {step["urn"].rsplit("::", 1)[-1]: step["op"] for step in steps if step["op"] not in ("same", "read")}
    return {name: op for name, op in changes.items() if name.startswith("shop-")}


def state(project: Project, stack: str, name: str) -> dict[str, Any]:
    (found,) = (item for item in project.resources(stack) if item["urn"].endswith(f"::{name}"))
    return found


@pytest.fixture(scope="module", params=[DEV, STAGING, PROD])
def up(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str, Answer]:
    """Each stack of the repository, brought up."""
    project = Project(tmp_path_factory.mktemp(request.param) / "project").copy_stacks()
    return project, request.param, done(project.run("up", request.param))


class TestEachStack:
    """In this order: the last test takes the stack down."""

    def test_a_second_preview_is_empty_and_no_file_of_the_project_changed(
        self, up: tuple[Project, str, Answer]
    ) -> None:
        project, stack, _ = up
        done(project.run("preview", stack, "--expect-no-changes"))
        assert project.changed_files() == ""

    def test_it_says_where_the_service_is_and_how_to_reach_the_server(self, up: tuple[Project, str, Answer]) -> None:
        project, stack, _ = up
        outputs = done(project.run("outputs", stack, "--json")).json()
        domain = {DEV: "shop.dev.example.com", STAGING: "shop.staging.example.com", PROD: "shop.example.com"}[stack]
        assert outputs["url"] == f"https://{domain}"
        assert re.fullmatch(r"i-[0-9a-f]{17}", outputs["instance_id"])
        assert outputs["connect_command"] == (
            f"aws ssm start-session --region eu-central-1 --target {outputs['instance_id']}"
        )
        assert re.fullmatch(r"[0-9a-f]{64}", outputs["bundle_version"])
        assert set(outputs["secret_arns"]) == {
            name.removeprefix("secrets-").replace("-", "_") for name in STORES if name.startswith("secrets-")
        }

    def test_no_secret_has_a_value_in_the_state(self, up: tuple[Project, str, Answer]) -> None:
        project, stack, _ = up
        resources = project.resources(stack)
        assert not [item for item in resources if item["type"] == "aws:secretsmanager/secretVersion:SecretVersion"]
        instance = state(project, stack, "shop-server-instance")
        assert "password" not in instance["inputs"]["userData"]

    def test_it_is_taken_down_as_its_environment_allows(self, up: tuple[Project, str, Answer]) -> None:
        project, stack, _ = up
        refused = project.run("destroy", stack)
        if stack == DEV:
            assert "nothing is kept" in done(refused).text
            assert project.resources(stack) == []
            return
        assert refused.status == 1
        assert all(f"  {store} " in refused.text for store in STORES)
        assert "Traceback" not in refused.text
        unprotect = [word for store in sorted(STORES) for word in ("--unprotect", store)]
        done(project.run("up", stack, *unprotect))
        ended = done(project.run("destroy", stack))
        assert project.resources(stack) == []
        kept = {line.split("  ")[0].strip() for line in ended.out.splitlines() if line.startswith("  ")}
        assert kept, ended.text
        assert "snap-" in ended.text, ended.text
        for store in STORES - {"data-volume"}:
            assert f"shop-{store}" in ended.text or "key" in store, ended.text


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The dev stack in an account whose newest image is known."""
    project = Project(tmp_path_factory.mktemp("dev") / "project").copy_stacks()
    newest_image(project, OLD_IMAGE)
    done(project.run("up", DEV))
    return project


class TestChanges:
    """One stack, changed step by step."""

    def test_a_newer_image_does_not_replace_the_server(self, dev: Project) -> None:
        newest_image(dev, NEW_IMAGE)
        done(dev.run("preview", DEV, "--expect-no-changes"))
        assert state(dev, DEV, "shop-server-instance")["inputs"]["ami"] == OLD_IMAGE

    def test_a_larger_volume_and_another_threshold_change_in_place(self, dev: Project) -> None:
        edit(dev, DEV, volume={"size": "40GB"}, alarms={"cpu": "70%"})
        assert {name: op for name, op in planned(dev, DEV).items() if name != "shop"} == {
            "shop-data": "update",
            "shop-data-volume": "update",
            "shop-alarms": "update",
            "shop-alarms-alarm-cpu": "update",
        }
        done(dev.run("up", DEV))
        assert state(dev, DEV, "shop-data-volume")["outputs"]["size"] == 40

    def test_a_new_application_image_is_a_new_deployment_and_leaves_the_server_alone(self, dev: Project) -> None:
        app = {"image": "ghcr.io/stefanprodan/podinfo:6.9.4", "port": 9898, "health_path": "/healthz"}
        edit(dev, DEV, app=app)
        changes = planned(dev, DEV)
        assert changes["shop-release-deployment"] in ("replace", "create-replacement", "delete-replaced")
        assert changes["shop-bundle-file-compose.yaml"] in ("replace", "create-replacement", "delete-replaced")
        assert not [name for name in changes if name.startswith(("shop-server-", "shop-data-", "shop-firewall-"))]
        done(dev.run("up", DEV))

    def test_a_new_generation_replaces_the_server_and_takes_the_volume_along(self, dev: Project) -> None:
        volume = state(dev, DEV, "shop-data-volume")["id"]
        address = state(dev, DEV, "shop-server-address")["id"]
        instance = state(dev, DEV, "shop-server-instance")["id"]
        edit(dev, DEV, image={"generation": "2026-11"})
        changes = planned(dev, DEV)
        replaced = {name for name, op in changes.items() if "replace" in op}
        # The deployment as well: only a new association is waited for, and the new server must become healthy.
        assert {"shop-server-instance", "shop-server-attachment", "shop-release-deployment"} <= replaced
        assert not {"shop-data-volume", "shop-server-address", "shop-key-key"} & set(changes)
        done(dev.run("up", DEV))
        now = state(dev, DEV, "shop-server-instance")
        assert now["id"] != instance
        assert now["inputs"]["ami"] == NEW_IMAGE
        assert state(dev, DEV, "shop-server-attachment")["inputs"]["instanceId"] == now["id"]
        assert state(dev, DEV, "shop-data-volume")["id"] == volume
        assert state(dev, DEV, "shop-server-address")["id"] == address
        done(dev.run("preview", DEV, "--expect-no-changes"))

    def test_replacing_the_data_volume_is_refused_until_it_is_named(self, dev: Project) -> None:
        volume = state(dev, DEV, "shop-data-volume")["id"]
        edit(dev, DEV, volume={"size": "40GB", "snapshot_id": "snap-0123456789abcdef0"})
        refused = dev.run("up", DEV)
        assert refused.status == 1
        assert "would replace the store `data-volume` by a new and empty one, because snapshotId cannot" in refused.text
        assert f"blueprints up {DEV} --unprotect data-volume" in refused.text
        assert "Traceback" not in refused.text
        assert state(dev, DEV, "shop-data-volume")["id"] == volume
        edit(dev, DEV, volume={"size": "40GB"})
        done(dev.run("preview", DEV, "--expect-no-changes"))

    def test_drift_is_seen_and_repaired(self, dev: Project) -> None:
        done(dev.run("sandbox", "drift", "shop-server-instance", "monitoring=false"))
        seen = done(dev.run("preview", DEV, "--refresh"))
        assert re.search(r"~ shop-server-instance +aws\.ec2\.Instance  monitoring\n", seen.out), seen.text
        assert "1 to update" in seen.out
        done(dev.run("up", DEV, "--refresh"))
        assert state(dev, DEV, "shop-server-instance")["outputs"]["monitoring"] is True
        done(dev.run("preview", DEV, "--expect-no-changes"))

    def test_a_failed_server_leaves_a_state_from_which_the_next_update_goes_on(self, dev: Project) -> None:
        newest_image(dev, OLD_IMAGE)
        edit(dev, DEV, image={"generation": "2026-12"})
        failed = dev.run("up", DEV, "--fail-on", "shop-server-attachment:create")
        assert failed.status == 1
        done(dev.run("up", DEV))
        done(dev.run("preview", DEV, "--expect-no-changes"))


def test_bad_settings_name_their_place_in_the_stack_file_and_create_nothing(stacks: Project) -> None:
    edit(stacks, DEV, release={"strategy": "canary"}, instance_type="t3.nano")
    refused = stacks.run("up", DEV)
    assert refused.status == 2
    assert "blueprints:settings.release.strategy: is not possible on a single server" in refused.text
    assert "blueprints:settings.instance_type: must leave" in refused.text
    assert "Traceback" not in refused.text
    assert not (Path(stacks.home) / "state" / ".pulumi" / "stacks").exists() or stacks.resources(DEV) == []
