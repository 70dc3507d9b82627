"""The rendered bundle: the same bytes for the same settings, a version that proves every file, closed-in containers."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprints.errors import SettingsError
from blueprints.server import BackupPlace, Bundle, BundlePlace, BundleSpec, HostParameters, render_bundle, ssm_documents

DIGEST = "sha256:" + "a1" * 32
IMAGE = f"registry.example.com/shop/app:1.4.2@{DIGEST}"


def bundle(root: Path | None = None, **changes: Any) -> Bundle:
    settings: dict[str, Any] = {
        "name": "shop",
        "app": {"image": IMAGE},
        "domains": ["shop.example.com"],
        "keycloak": {},
    }
    return render_bundle(BundleSpec.load({**settings, **changes}), root)


def compose(found: Bundle) -> dict[str, Any]:
    text = found.files["compose.yaml"].text
    assert text is not None
    return yaml.safe_load(text)


def test_the_same_settings_give_the_same_bytes() -> None:
    first, second = bundle(), bundle()
    assert first.version == second.version
    assert dict(first.files) == dict(second.files)


def test_another_setting_gives_another_version_and_changes_only_its_files() -> None:
    first, second = bundle(), bundle(nginx={"max_body": "20MB"})
    changed = {name for name in first.files if first.files[name] != second.files[name]}
    assert changed == {"nginx/limits.conf", "manifest.json"}
    assert first.version != second.version
    kept = [name for name in first.files if name not in changed]
    assert [first.key(name) for name in kept] == [second.key(name) for name in kept]


def test_the_version_is_the_hash_of_a_manifest_that_holds_every_other_file() -> None:
    found = bundle()
    manifest = found.files["manifest.json"].content
    assert hashlib.sha256(manifest).hexdigest() == found.version
    entries = json.loads(manifest)["files"]
    assert set(entries) == set(found.files) - {"manifest.json"}
    for name, entry in entries.items():
        content = found.files[name].content
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["size"] == len(content)
    assert entries["host/blueprints"]["mode"] == "0755"
    assert found.key("manifest.json") == f"{found.version}/manifest.json"
    assert found.key("compose.yaml") == f"files/{found.files['compose.yaml'].sha256}/compose.yaml"


@pytest.mark.parametrize("release", ["recreate", "blue_green"])
def test_every_container_is_closed_in(release: str) -> None:
    extra = {"name": "worker", "image": IMAGE, "published_port": 9000, "data_path": "/data"}
    migrating = {"image": IMAGE, "migrate_command": ["true"]}
    document = compose(bundle(release=release, services=[extra], app=migrating))
    colours = {"app"} if release == "recreate" else {"app-blue", "app-green"}
    ours = {"nginx", "keycloak", "postgres", "database-setup", "migrate", "worker"}
    assert set(document["services"]) == colours | ours
    for name, service in document["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert re.fullmatch(r"[1-9]\d*:\d+", service["user"]), name
        assert re.fullmatch(r"\d+m", service["mem_limit"]), name
        assert service["memswap_limit"] == service["mem_limit"], name
        assert 0 < service["cpus"] <= 4, name
        assert 0 < service["pids_limit"] <= 4096, name
        assert service["logging"]["driver"] == "json-file", name
        assert service["logging"]["options"]["max-size"] == "10m", name
        assert service["logging"]["options"]["max-file"] == "5", name
        assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & set(service), name
        assert "docker.sock" not in json.dumps(service), name
        if name not in ("database-setup", "migrate", "worker"):
            assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_only_nginx_faces_the_internet_and_only_the_edge_has_a_way_out() -> None:
    extra = {"name": "worker", "image": IMAGE, "published_port": 9000}
    found = bundle(services=[extra])
    document = compose(found)
    ports = {name: service["ports"] for name, service in document["services"].items() if "ports" in service}
    assert ports == {"nginx": ["80:8080", "443:8443"], "worker": ["127.0.0.1:9000:9000"]}
    assert found.published_ports == (80, 443)
    assert document["networks"]["database"]["internal"] is True
    assert set(document["services"]["postgres"]["networks"]) == {"database"}
    assert set(document["services"]["nginx"]["networks"]) == {"edge"}
    assert set(document["services"]["worker"]["networks"]) == {"edge"}
    assert document["services"]["database-setup"]["network_mode"] == "none"


def test_containers_start_in_order_of_health() -> None:
    services = compose(bundle())["services"]
    waits = {
        name: {key: value["condition"] for key, value in service.get("depends_on", {}).items()}
        for name, service in services.items()
    }
    assert waits == {
        "nginx": {"app": "service_healthy"},
        "app": {"database-setup": "service_completed_successfully", "keycloak": "service_healthy"},
        "keycloak": {"database-setup": "service_completed_successfully"},
        "postgres": {},
        "database-setup": {"postgres": "service_healthy"},
    }


def test_secrets_reach_containers_as_files_and_no_other_way() -> None:
    document = compose(bundle(app={"image": IMAGE, "secrets": ["smtp_password"]}))
    given = {
        name: [entry["target"] for entry in service.get("secrets", [])]
        for name, service in document["services"].items()
    }
    assert given == {
        "nginx": [],
        "app": ["db_password", "keycloak_client_secret", "smtp_password"],
        "keycloak": ["keycloak.conf"],
        "postgres": ["postgres_password"],
        "database-setup": ["db_password", "keycloak_db_password", "postgres_password"],
    }
    assert all(
        entry["file"].startswith("${BLUEPRINTS_MEMORY:-/srv/memory}/secrets/") for entry in document["secrets"].values()
    )
    for name, service in document["services"].items():
        for key, value in service.get("environment", {}).items():
            assert "PASSWORD" not in key or key.endswith("_FILE"), (name, key, value)
    assert document["services"]["app"]["environment"]["DATABASE_URL"] == "postgresql://app@postgres:5432/app"


def test_the_bundle_names_every_secret_that_it_needs() -> None:
    needs = {need.name: need.generated for need in bundle(app={"image": IMAGE, "secrets": ["smtp_password"]}).secrets}
    assert needs == {
        "db_password": True,
        "keycloak_admin_password": True,
        "keycloak_client_secret": True,
        "keycloak_db_password": True,
        "postgres_password": True,
        "smtp_password": False,
    }
    provided = bundle(tls={"mode": "provided"}).secrets
    assert [need.name for need in provided if not need.generated] == ["tls_certificate"]


def test_no_file_knows_an_account_or_an_arn() -> None:
    for name, file in bundle().files.items():
        assert b"arn:aws" not in file.content, name
        assert b"000000000000" not in file.content, name


def test_a_private_registry_gets_its_login_helper() -> None:
    registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
    found = bundle(app={"image": f"{registry}/shop@{DIGEST}"})
    assert json.loads(found.files["host/docker-client.json"].content) == {"credHelpers": {registry: "ecr-login"}}
    assert json.loads(bundle().files["host/docker-client.json"].content) == {}


def test_static_files_are_packed_the_same_whenever_they_were_written(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    first = bundle(tmp_path, static="public").version
    (folder / "a.txt").touch()
    (folder / ".hidden").write_text("secret")
    assert bundle(tmp_path, static="public").version == first
    (folder / "b.txt").write_text("b")
    assert bundle(tmp_path, static="public").version != first


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (None, "must be a file that exists"),
        ("{", "must be a realm export in JSON"),
        ("[]", 'must be one realm, with "realm" as its name'),
        ('{"realm": "master"}', "must not be the master realm"),
        (
            '{"realm": "shop", "clients": [{"clientId": "app", "secret": "x"}]}',
            "must not hold a client secret in plain text",
        ),
    ],
)
def test_an_unusable_realm_is_refused(tmp_path: Path, content: str | None, limit: str) -> None:
    if content is not None:
        (tmp_path / "realm.json").write_text(content)
    with pytest.raises(SettingsError) as caught:
        bundle(tmp_path, keycloak={"realm_file": "realm.json"})
    assert caught.value.problems[0].path == "keycloak.realm_file"
    assert limit in caught.value.problems[0].limit


@pytest.mark.parametrize("kind", ["missing", "link"])
def test_an_unusable_static_folder_is_refused(tmp_path: Path, kind: str) -> None:
    if kind == "link":
        (tmp_path / "public").mkdir()
        (tmp_path / "public" / "out").symlink_to("/etc/hostname")
    with pytest.raises(SettingsError) as caught:
        bundle(tmp_path, static="public")
    assert caught.value.problems[0].path == "static"


def test_documents_take_words_only() -> None:
    documents = ssm_documents()
    assert set(documents) == {"deploy", "rollback", "backup", "restore"}
    for document in documents.values():
        assert document["schemaVersion"] == "2.2"
        for parameter in document["parameters"].values():
            pattern = re.compile(parameter["allowedPattern"])
            assert not any(pattern.match(bad) for bad in ("a b", "$(id)", "a;b", "`id`", "a'b", "", "a\nb"))
        used = set(re.findall(r"{{ (\w+) }}", json.dumps(document["mainSteps"])))
        assert used == set(document["parameters"])


def test_parameters_are_stable_json_with_every_place() -> None:
    parameters = HostParameters(
        region="eu-west-1",
        server="shop",
        bundle=BundlePlace("bundles-bucket", "a" * 64),
        backup=BackupPlace("backups-bucket", "arn:aws:kms:eu-west-1:000000000000:key/1"),
        data_volume_id="vol-1",
        secrets={"db_password": "arn:1"},
        logs={"containers": "c", "host": "h"},
    )
    read = json.loads(parameters.to_json())
    assert parameters.to_json() == parameters.to_json()
    assert read["format"] == 1
    assert read["bundle"] == {"bucket": "bundles-bucket", "prefix": "bundles", "version": "a" * 64}
    assert read["metrics_namespace"] == "Blueprints/SingleServer"
