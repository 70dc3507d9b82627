"""Renders the server bundle: every file that runs on the server, and the version that proves it whole.

The same settings give the same bytes and so the same version. Nothing here knows an ARN or a secret.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from blueprints.fields import seconds
from blueprints.server import keycloak, static
from blueprints.server.cloudwatch import agent_config_json
from blueprints.server.compose import compose_yaml
from blueprints.server.compose.ours import colours
from blueprints.server.nginx import nginx_files, upstream_server
from blueprints.server.realm import read_realm
from blueprints.server.secret_files import SecretNeed, database_secrets, secret_files, secret_needs
from blueprints.server.spec import BundleSpec
from blueprints.server.spec.types import owner
from blueprints.server.template import read, render

_ECR = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?")
_UNITS = (
    "docker.service.d/blueprints.conf",
    "blueprints-volume.service",
    "blueprints-secrets.service",
    "blueprints-app.service",
    "blueprints-refresh.service",
    "blueprints-refresh.timer",
    "blueprints-certificates.service",
    "blueprints-certificates.timer",
    "blueprints-metrics.service",
    "blueprints-metrics.timer",
)


@dataclass(frozen=True)
class BundleFile:
    """One file of the bundle."""

    content: bytes
    mode: int = 0o644

    @property
    def sha256(self) -> str:
        """Hash of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def text(self) -> str | None:
        """The content as text; `None` for an archive."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class Bundle:
    """What runs on the server, as files by path, with the secrets it needs."""

    files: Mapping[str, BundleFile]
    """Every file by its path in the bundle, `manifest.json` included."""
    secrets: tuple[SecretNeed, ...]
    """Secrets that must exist for it."""
    published_ports: tuple[int, ...] = (80, 443)
    """Ports that face the internet."""

    @cached_property
    def version(self) -> str:
        """SHA-256 of the manifest, which holds the hash of every other file: 64 hexadecimal digits."""
        return self.files["manifest.json"].sha256

    def key(self, path: str) -> str:
        """Key below the bundle prefix under which a file is uploaded. It names the content, so that a new version adds
        only the files that changed; the manifest alone lies under the version."""
        if path == "manifest.json":
            return f"{self.version}/{path}"
        return f"files/{self.files[path].sha256}/{path}"

    def write(self, folder: Path) -> None:
        """Writes the files below a folder, for a look or a local run."""
        for name, file in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            path.chmod(file.mode)


def render_bundle(spec: BundleSpec, root: Path | None = None) -> Bundle:
    """The bundle of a server. `root` is where relative paths in the settings begin (default: the working directory).

    Raises `SettingsError` for a static folder or a realm file that is missing or unusable.
    """
    texts: dict[str, str] = {"compose.yaml": compose_yaml(spec)}
    texts |= {f"nginx/{name}": text for name, text in nginx_files(spec).items()}
    if spec.keycloak:
        texts["keycloak/Dockerfile"] = keycloak.dockerfile(spec.keycloak)
        if spec.keycloak.realm_file:
            texts["keycloak/realm.json"] = read_realm(_resolve(spec.keycloak.realm_file, root))
    if spec.postgres:
        databases = [
            render("postgres/database.sql", name=name, secret=secret) for name, secret in database_secrets(spec).items()
        ]
        texts["postgres/setup.sql"] = render("postgres/setup.sql", databases="".join(databases))
    texts |= _host_texts(spec)
    texts["bundle.json"] = json.dumps(describe(spec), indent=2, sort_keys=True) + "\n"
    found = {name: BundleFile(text.encode()) for name, text in texts.items()}
    found["host/blueprints"] = BundleFile(read("host/blueprints").encode(), 0o755)
    if spec.static is not None:
        found["static.tar.gz"] = BundleFile(static.pack(_resolve(spec.static, root)))
    found["manifest.json"] = _manifest(found)
    return Bundle(files=MappingProxyType(dict(sorted(found.items()))), secrets=secret_needs(spec))


def describe(spec: BundleSpec) -> dict[str, Any]:
    """What the agent needs to know about the bundle (`bundle.json`)."""
    nginx, app = spec.nginx.user_id, spec.app
    folders: list[dict[str, Any]] = [_folder("acme"), _folder("upstream"), _folder("certificates", mode="0700")]
    if spec.postgres:
        user = spec.postgres.user_id
        folders.append(_folder("postgres", user, user, "0700"))
    for service in spec.services:
        if service.data_path is not None:
            folders += [_folder("services"), _folder(f"services/{service.name}", *owner(service.user), "0700")]
    return {
        "format": 1,
        "name": spec.name,
        "environment": spec.environment,
        "release": spec.release,
        "domains": spec.certificate_names,
        "tls": {"mode": spec.tls.mode, "email": spec.tls.email, "directory": spec.tls.directory},
        "nginx_user": nginx,
        "upstreams": {name: upstream_server(spec, name) for name in colours(spec)},
        "migrates": app.migrate_command is not None,
        "databases": list(database_secrets(spec)),
        "secrets": [asdict(need) for need in secret_needs(spec)],
        "secret_files": [asdict(file) for file in secret_files(spec)],
        "folders": folders,
        "backup_alarm_seconds": seconds(spec.backup.alarm_after),
    }


def _folder(path: str, uid: int = 0, gid: int = 0, mode: str = "0755") -> dict[str, Any]:
    return {"path": path, "uid": uid, "gid": gid, "mode": mode}


def _host_texts(spec: BundleSpec) -> dict[str, str]:
    texts = {f"host/systemd/{unit}": read(f"systemd/{unit}") for unit in _UNITS}
    if database_secrets(spec):
        texts["host/systemd/blueprints-backup.service"] = read("systemd/blueprints-backup.service")
        texts["host/systemd/blueprints-backup.timer"] = render("systemd/blueprints-backup.timer", time=spec.backup.time)
    texts["host/cloudwatch-agent.json"] = agent_config_json()
    texts["host/docker-daemon.json"] = read("host/docker-daemon.json")
    registries = sorted({image.split("/")[0] for image in spec.images if _ECR.match(image)})
    helpers = {"credHelpers": dict.fromkeys(registries, "ecr-login")} if registries else {}
    texts["host/docker-client.json"] = json.dumps(helpers, indent=2) + "\n"
    for module in sorted(files("blueprints.server").joinpath("agent").iterdir(), key=lambda found: found.name):
        if module.name.endswith(".py"):
            texts[f"host/agent/{module.name}"] = module.read_text(encoding="utf-8")
    return texts


def _manifest(found: Mapping[str, BundleFile]) -> BundleFile:
    entries = {
        name: {"sha256": file.sha256, "size": len(file.content), "mode": f"{file.mode:04o}"}
        for name, file in sorted(found.items())
    }
    return BundleFile((json.dumps({"format": 1, "files": entries}, indent=1, sort_keys=True) + "\n").encode())


def _resolve(path: str, root: Path | None) -> Path:
    return (root or Path.cwd()) / Path(path).expanduser()
