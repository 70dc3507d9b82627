"""What runs on the single server: compose file, nginx, Keycloak and PostgreSQL set-up, the host's agent and its units.

bundle = render_bundle(BundleSpec.load({"app": {"image": "registry.example.com/shop:1.4.2"}, "domains": ["shop.example.com"]}))
bundle.version            # 64 hexadecimal digits, the same for the same settings
bundle.files["compose.yaml"].text
"""  # noqa: E501 - the example reads better on one line

from blueprints.server.bundle import Bundle, BundleFile, render_bundle
from blueprints.server.documents import ssm_documents
from blueprints.server.parameters import (
    METRICS_NAMESPACE,
    PARAMETER_TAG,
    BackupPlace,
    BundlePlace,
    HostParameters,
)
from blueprints.server.secret_files import SecretNeed
from blueprints.server.spec import BundleSpec
from blueprints.server.user_data import user_data

__all__ = [
    "METRICS_NAMESPACE",
    "PARAMETER_TAG",
    "BackupPlace",
    "Bundle",
    "BundleFile",
    "BundlePlace",
    "BundleSpec",
    "HostParameters",
    "SecretNeed",
    "render_bundle",
    "ssm_documents",
    "user_data",
]
