"""What independent programs say of the rendered files: TLS, nginx, compose, cloud-init, shell and Dockerfile."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from live import LiveNginx
from specs import DIGEST, full, small

from blueprints.server import BundleSpec, render_bundle, user_data
from blueprints.server.user_data import LIMIT

pytestmark = pytest.mark.real


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> tuple[int, str]:
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )
    return done.returncode, done.stdout + done.stderr


def written(spec: BundleSpec, folder: Path) -> Path:
    render_bundle(spec).write(folder / "written")
    return folder / "written"


def variants(folder: Path) -> dict[str, BundleSpec]:
    return {
        "full": full(folder),
        "small": small(),
        "blue_green": full(folder, release="blue_green"),
        "own_host": full(folder, keycloak={"hostname": "login.example.com", "path": "/"}, static_path="/"),
    }


VARIANTS = ["full", "small", "blue_green", "own_host"]


def test_sslyze_finds_mozillas_intermediate_profile(live: LiveNginx, judges: Path) -> None:
    code, said = run(
        judges / "sslyze",
        "--mozilla_config=intermediate",
        f"--certinfo_ca_file={live.certs / 'ca.pem'}",
        "--sni=shop.example.com",
        f"127.0.0.1:{live.https}",
    )
    assert code == 0, said
    assert f"127.0.0.1:{live.https}: OK - Compliant." in said


@pytest.mark.parametrize("version", ["ssl3", "tls1", "tls1_1"])
def test_old_versions_of_tls_are_refused(live: LiveNginx, version: str) -> None:
    code, said = run(
        "openssl", "s_client", "-connect", f"127.0.0.1:{live.https}", f"-{version}", "-cipher", "ALL:@SECLEVEL=0",
        "-servername", "shop.example.com",
    )  # fmt: skip
    assert code != 0 or "Cipher is (NONE)" in said


def test_the_default_server_has_the_same_tls(live: LiveNginx, judges: Path) -> None:
    _, said = run(
        judges / "sslyze", "--sni=unknown.example.org", "--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2",
        "--elliptic_curves", f"127.0.0.1:{live.https}",
    )  # fmt: skip
    assert "Supported curves:                  X25519, secp256r1, secp384r1\n" in said
    assert re.findall(r"(?m)^     (TLS_\S+)", said) == re.findall(r"(?m)^     (TLS_ECDHE_\S+)", said)


@pytest.mark.parametrize("variant", VARIANTS)
def test_gixy_finds_nothing(judges: Path, tmp_path: Path, variant: str) -> None:
    folder = written(variants(tmp_path)[variant], tmp_path)
    command = [str(judges / "gixy"), "-f", "json", str(folder / "nginx" / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == []
    assert done.returncode == 0


@pytest.mark.parametrize("variant", VARIANTS)
def test_compose_accepts_the_file_and_reads_it_as_meant(compose: Path, tmp_path: Path, variant: str) -> None:
    folder = written(variants(tmp_path)[variant], tmp_path)
    code, said = run(compose, "--profile", "*", "-f", "compose.yaml", "config", "--format", "json", cwd=folder)
    assert code == 0, said
    read: dict[str, Any] = json.loads(said)
    published = {
        (name, str(port["published"]))
        for name, service in read["services"].items()
        for port in service.get("ports", [])
    }
    assert published == {("nginx", "80"), ("nginx", "443")}
    for service in read["services"].values():
        assert service["read_only"] is True
    if variant == "full":
        app = read["services"]["app"]
        # A dollar sign is a dollar sign: `config` writes it the way it would have to be written again.
        assert app["environment"]["GREETING"] == "costs $$5"
        assert app["depends_on"]["database-setup"]["condition"] == "service_completed_successfully"
        assert read["secrets"]["app-db_password"]["file"] == "/srv/memory/secrets/app/db_password"
        assert read["networks"]["database"]["internal"] is True
        assert "edge" not in read["services"]["postgres"]["networks"]


def test_compose_lint_finds_only_what_is_meant_so(judges: Path, tmp_path: Path) -> None:
    folder = written(full(tmp_path), tmp_path)
    _, said = run(judges / "compose-lint", "--format", "json", "compose.yaml", cwd=folder)
    report = json.loads(said)
    findings = report if isinstance(report, list) else report["findings"]
    found = {(finding["rule_id"], finding["service"]) for finding in findings}
    # nginx is what the internet reaches; Keycloak's optimised image is built on the server from a pinned one.
    assert found == {("CL-0005", "nginx"), ("CL-0019", "keycloak")}


def test_cloud_init_accepts_the_user_data(system: None, tmp_path: Path) -> None:
    path = tmp_path / "user-data"
    path.write_text(user_data())
    code, said = run("cloud-init", "schema", "--config-file", path)
    assert code == 0, said
    assert "Valid" in said


def test_user_data_is_constant_small_and_knows_no_server() -> None:
    text = user_data()
    assert text == user_data()
    assert len(text.encode()) <= LIMIT
    for word in ("arn:aws", "vol-", "bundles/", "password", "@{"):
        assert word not in text


def test_shellcheck_passes_every_script(judges: Path, tmp_path: Path) -> None:
    folder = written(full(tmp_path), tmp_path)
    scripts = [path for path in folder.rglob("*") if path.is_file() and path.read_bytes().startswith(b"#!")]
    (tmp_path / "bootstrap.sh").write_text(_embedded("bootstrap.sh"))
    scripts.append(tmp_path / "bootstrap.sh")
    assert len(scripts) == 2
    code, said = run(judges / "shellcheck", "--enable=all", "--exclude=SC2310,SC2312", *scripts)
    assert code == 0, said


def test_the_embedded_fetcher_is_python_that_compiles() -> None:
    compile(_embedded("fetch.py"), "fetch.py", "exec")


def test_hadolint_passes_keycloaks_dockerfile(judges: Path, tmp_path: Path) -> None:
    folder = written(full(tmp_path), tmp_path)
    code, said = run(judges / "hadolint", "--failure-threshold", "style", folder / "keycloak" / "Dockerfile")
    assert code == 0, said


def test_systemd_units_are_well_formed(tmp_path: Path) -> None:
    folder = written(full(tmp_path), tmp_path)
    timers = {path.stem for path in (folder / "host/systemd").glob("*.timer")}
    services = {path.stem for path in (folder / "host/systemd").glob("*.service")}
    assert timers == {f"blueprints-{name}" for name in ("refresh", "certificates", "metrics", "backup")}
    assert timers < services
    calendar = (folder / "host/systemd/blueprints-backup.timer").read_text()
    assert "OnCalendar=*-*-* 03:15:00 UTC" in calendar


def test_images_are_pinned_by_digest_everywhere(tmp_path: Path) -> None:
    folder = written(full(tmp_path), tmp_path)
    images = re.findall(r"(?m)^\s*(?:image:|FROM) (\S+)", (folder / "compose.yaml").read_text())
    images += re.findall(r"(?m)^FROM (\S+)", (folder / "keycloak/Dockerfile").read_text())
    unpinned = {image for image in images if "@sha256:" not in image}
    assert all(re.fullmatch(r"blueprints/keycloak:[0-9a-f]{16}", image) for image in unpinned)
    assert any(DIGEST in image for image in images)


def _embedded(name: str) -> str:
    import yaml

    files = yaml.safe_load(user_data())["write_files"]
    return next(file["content"] for file in files if file["path"].endswith(f"/{name}"))
