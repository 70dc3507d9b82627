"""What infrastructure tells the server, as the JSON of one SSM parameter: ids, names and ARNs, never a secret."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

METRICS_NAMESPACE = "Blueprints/SingleServer"
"""CloudWatch namespace of everything the server publishes."""

PARAMETER_TAG = "blueprints:server-parameter"
"""Instance tag that holds the parameter's name. The instance metadata must offer tags."""


@dataclass(frozen=True)
class BundlePlace:
    """Where a bundle lies: `s3://<bucket>/<prefix>/<version>/`."""

    bucket: str
    version: str
    """Version for a server's first boot; later ones come by deploy."""
    prefix: str = "bundles"


@dataclass(frozen=True)
class BackupPlace:
    """Where backups go: `s3://<bucket>/<prefix>/<server>/<time>/`, encrypted with the key."""

    bucket: str
    kms_key_arn: str
    prefix: str = "backups"


@dataclass(frozen=True)
class HostParameters:
    """The parameter's content. All values may be known only after a deployment; the bundle needs none of them."""

    region: str
    server: str
    """Name of the server, for the folder of its backups."""
    bundle: BundlePlace
    backup: BackupPlace
    data_volume_id: str
    secrets: dict[str, str]
    """ARN of every secret that `Bundle.secrets` names."""
    logs: dict[str, str]
    """Log groups: `containers` and `host`."""
    metrics_namespace: str = METRICS_NAMESPACE

    def to_json(self) -> str:
        """The parameter's value; the same content gives the same text."""
        return json.dumps({"format": 1, **asdict(self)}, sort_keys=True)
