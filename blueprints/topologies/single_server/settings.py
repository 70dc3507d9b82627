"""Settings of `SingleServer`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from blueprints.aws.firewall import Access
from blueprints.aws.identifiers import InstanceType
from blueprints.aws.network import NetworkSpec
from blueprints.aws.server import ImageSpec
from blueprints.aws.volume import VolumeSpec
from blueprints.common import BlueprintSettings
from blueprints.errors import Problem
from blueprints.fields import Arn, Cidr, DomainName, Size, between_sizes
from blueprints.inputs import In
from blueprints.server.spec import BundleSpec, ExtraService, KeycloakSpec, NginxSpec, PostgresSpec, TlsSpec
from blueprints.server.spec.types import UrlPath
from blueprints.topologies.single_server import rules
from blueprints.topologies.single_server.choices import (
    AlarmSettings,
    AppSettings,
    BackupSettings,
    ExistingSettings,
    Expectations,
    LogSettings,
    ReleaseSettings,
    SecretSettings,
)

_STAND_IN = f"registry.invalid/app@sha256:{'0' * 64}"


class SingleServerSettings(BlueprintSettings):
    """Settings of `SingleServer`: one server with nginx, an application and, by choice, Keycloak and PostgreSQL."""

    domains: list[DomainName] = []
    """Host names; the first is canonical and the others redirect to it. Default none: any name is answered (dev)."""
    tls: TlsSpec = TlsSpec()
    """The certificate. Mode `provided` reads the secret named by `certificate_arn`."""
    certificate_arn: In[Arn] | None = None
    """Secret with the certificate for tls.mode provided: JSON with `certificate` (PEM chain) and `private_key`."""
    app: AppSettings = AppSettings()
    """The application: its image, or a folder to build one from, is the one required setting."""
    release: ReleaseSettings = ReleaseSettings()
    """How a new version takes over."""
    keycloak: KeycloakSpec | None = None
    """The identity provider. Default none."""
    postgres: PostgresSpec | None = PostgresSpec()
    """The database; empty for none."""
    backup: BackupSettings = BackupSettings()
    """Backups."""
    nginx: NginxSpec = NginxSpec()
    """The web server in front: rate limits, headers, snippets."""
    static: str | None = None
    """Folder whose files nginx serves itself, relative to Pulumi.yaml's folder. Default none."""
    static_path: UrlPath = "/static/"
    """Path of the static files. Default /static/."""
    services: list[ExtraService] = []
    """Compose services of your own beside ours. Default none."""
    container_subnet: Cidr = "172.30.0.0/22"
    """Private range of the containers' networks; must not overlap the VPC. Default 172.30.0.0/22."""
    secrets: list[SecretSettings] = []
    """Existing secrets by the names that containers ask for. Default none: what is asked for is created."""

    instance_type: InstanceType = "t3.medium"
    """EC2 instance type on Nitro; x86 or Graviton (t4g.medium), for which images must exist. Changing the size stops
    the server, resizes it and starts it again; changing the architecture replaces it. Default t3.medium."""
    image: ImageSpec = ImageSpec()
    """Machine image: resolved once and kept until `generation` changes."""
    root_size: Annotated[Size, between_sizes("20GB", "64TB")] = "20GB"
    """Size of the root volume (system, images, releases), 20 GB to 64 TB. Default 20GB."""
    volume: VolumeSpec = VolumeSpec()
    """The data volume: databases, certificates and state."""
    network: NetworkSpec = NetworkSpec()
    """The network that is made; not used with existing.vpc."""
    egress: list[Access] = []
    """What the server may call beside HTTPS and HTTP, for example SMTP on port 587. Default none."""
    alarms: AlarmSettings = AlarmSettings()
    """Alarms."""
    logs: LogSettings = LogSettings()
    """Logs."""
    existing: ExistingSettings = ExistingSettings()
    """What is already there."""
    expects: Expectations = Expectations()
    """What is expected of the service; changes no resource."""

    @property
    def backup_days(self) -> int:
        """How many days of backups and snapshots are kept."""
        return self.backup.retention_days or self.profile.backup_retention_days

    def bundle(self, app_image: str, name: str = "server") -> BundleSpec:
        """What runs on the server, with this image of the application. Raises `SettingsError`."""
        own = {"release", "app", "backup", "name"}
        fields: dict[str, Any] = {field: getattr(self, field) for field in set(BundleSpec.model_fields) - own}
        app = {**self.app.shown(), "image": app_image}
        app.pop("build", None)
        backup = self.backup.shown()
        backup.pop("retention_days", None)
        release = "blue_green" if self.release.strategy == "blue_green" else "recreate"
        return BundleSpec.load({**fields, "name": name, "app": app, "backup": backup, "release": release}, at="")

    def stand_in(self, name: str = "server") -> BundleSpec:
        """What runs on the server while the application's image is not known yet: the same files, another image."""
        image = self.app.image
        return self.bundle(image if isinstance(image, str) else _STAND_IN, name)

    def rules(self) -> Iterator[Problem]:
        """What fits together."""
        yield from super().rules()
        yield from rules.problems(self)
