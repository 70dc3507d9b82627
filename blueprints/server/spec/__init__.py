"""What the server bundle is made of, as settings: plain values only, each validated before anything is rendered."""

from blueprints.server.spec.app import AppSpec
from blueprints.server.spec.bundle import RESERVED_SECRETS, BundleSpec
from blueprints.server.spec.container import ContainerSpec, ExtraService
from blueprints.server.spec.images import KEYCLOAK, NGINX, POSTGRES, Image
from blueprints.server.spec.keycloak import KeycloakSpec
from blueprints.server.spec.nginx import CONTENT_SECURITY_POLICY, NginxSpec, RateLimit, RateLimits, Snippets
from blueprints.server.spec.postgres import BackupSpec, PostgresSpec, Release
from blueprints.server.spec.tls import LETS_ENCRYPT, TlsSpec

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "KEYCLOAK",
    "LETS_ENCRYPT",
    "NGINX",
    "POSTGRES",
    "RESERVED_SECRETS",
    "AppSpec",
    "BackupSpec",
    "BundleSpec",
    "ContainerSpec",
    "ExtraService",
    "Image",
    "KeycloakSpec",
    "NginxSpec",
    "PostgresSpec",
    "RateLimit",
    "RateLimits",
    "Release",
    "Snippets",
    "TlsSpec",
]
