"""Rules between the settings of a single server. Each is a function from the settings to the problems it finds."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from blueprints import paths
from blueprints.aws.image_build import build_problems
from blueprints.aws.network import NO_FLOW_LOGS
from blueprints.errors import Problem, SettingsError
from blueprints.fields import megabytes
from blueprints.inputs import is_known
from blueprints.server import render_bundle
from blueprints.topologies.single_server.capacity import memory_for_containers, on_nitro

if TYPE_CHECKING:
    from blueprints.topologies.single_server.settings import SingleServerSettings

SELF_SIGNED = "BP.1"
"""Outside dev a certificate is one that browsers trust."""
SHORT_BACKUPS = "BP.2"
"""In prod backups go back at least seven days."""

_NGINX_MEMORY = 128
# EC2 user guide, "Instance tags in instance metadata": what a key may hold where the instance reads its own tags.
_METADATA_KEY = re.compile(r"[A-Za-z0-9+\-=._:@,]+")
_MOST_SNAPSHOTS = 1000


def problems(settings: SingleServerSettings) -> Iterator[Problem]:
    """Every broken rule."""
    waived = {waiver.rule for waiver in settings.waivers}
    found = [
        *_app(settings),
        *_bundle(settings),
        *_certificate(settings, waived),
        *_secrets(settings),
        *_network(settings, waived),
        *_backups(settings, waived),
        *_instance(settings),
        *_tags(settings),
    ]
    yield from found or _files(settings)


def _app(settings: SingleServerSettings) -> Iterator[Problem]:
    app = settings.app
    if app.image is None and app.build is None:
        yield Problem("app.image", "is required, or app.build", "name an image, or a folder: build: {context: ./app}")
    if app.image is not None and app.build is not None:
        yield Problem("app.build", "must not stand beside app.image", "keep one of the two")
    if app.build is not None:
        yield from (problem.under("app.build") for problem in build_problems(app.build))


def _bundle(settings: SingleServerSettings) -> Iterator[Problem]:
    # What runs on the server has rules of its own, under the names that the same fields have here.
    try:
        settings.stand_in()
    except SettingsError as error:
        yield from error.problems


def _files(settings: SingleServerSettings) -> Iterator[Problem]:
    # Rendering is what finds a missing folder or an unusable realm, and must not happen after the first resource.
    try:
        render_bundle(settings.stand_in(), paths.project_root())
    except SettingsError as error:
        yield from error.problems


def _certificate(settings: SingleServerSettings, waived: set[str]) -> Iterator[Problem]:
    mode = settings.tls.mode
    if mode == "self_signed" and settings.environment != "dev" and SELF_SIGNED not in waived:
        yield Problem(
            "tls.mode",
            f"must not be self_signed in {settings.environment}: browsers refuse it ({SELF_SIGNED})",
            f"use acme or provided, or waive {SELF_SIGNED} with a reason",
            mode,
        )
    if mode == "provided" and settings.certificate_arn is None:
        yield Problem(
            "certificate_arn",
            "is required with tls.mode provided",
            "store certificate and private key as JSON in Secrets Manager and give the secret's ARN",
        )
    if mode != "provided" and settings.certificate_arn is not None:
        yield Problem(
            "certificate_arn",
            f"is only used with tls.mode provided, and the mode is {mode}",
            "remove it, or set tls.mode: provided",
            _plain(settings.certificate_arn),
        )
    if settings.existing.zone_id is not None and not settings.domains:
        yield Problem(
            "existing.zone_id",
            "needs a domain to make a record for",
            "add domains, or remove it",
            _plain(settings.existing.zone_id),
        )


def _secrets(settings: SingleServerSettings) -> Iterator[Problem]:
    asked = {name for user in (settings.app, *settings.services) for name in user.secrets}
    seen: set[str] = set()
    for index, secret in enumerate(settings.secrets):
        at = f"secrets[{index}].name"
        if secret.name in seen:
            yield Problem(at, "is listed twice", "keep one of the two", secret.name)
        elif secret.name not in asked:
            yield Problem(
                at, "is asked for by no container", f"add {secret.name} to app.secrets, or remove it", secret.name
            )
        seen.add(secret.name)


def _network(settings: SingleServerSettings, waived: set[str]) -> Iterator[Problem]:
    existing = settings.existing.vpc
    if existing is not None and settings.network.model_fields_set:
        yield Problem(
            "network", "must be left out with existing.vpc: no network is made", "remove network, or existing.vpc"
        )
    cidr = existing.cidr if existing is not None else settings.network.cidr
    containers = ipaddress.ip_network(settings.container_subnet)
    if cidr is not None:
        network = ipaddress.ip_network(cidr)
        if network.version == containers.version and network.overlaps(containers):
            yield Problem(
                "container_subnet",
                f"must not overlap the VPC's range {cidr}: containers could not reach it",
                "use another private range, for example 172.30.0.0/22 or 192.168.252.0/22",
                settings.container_subnet,
            )
    if settings.environment == "prod" and settings.network.flow_logs is False and NO_FLOW_LOGS not in waived:
        yield Problem(
            "network.flow_logs",
            f"must not be false in prod ({NO_FLOW_LOGS})",
            f"remove it, or waive {NO_FLOW_LOGS} with a reason",
            False,
        )
    if len(settings.network.zones) > 1:
        yield Problem(
            "network.zones", "must name at most one zone: there is one server", "keep the first", settings.network.zones
        )
    for index, access in enumerate(settings.egress):
        if access.name in ("https", "http"):
            yield Problem(f"egress[{index}].name", "is the name of a rule that exists", "rename it", access.name)


def _backups(settings: SingleServerSettings, waived: set[str]) -> Iterator[Problem]:
    days = settings.backup.retention_days
    at = "backup.retention_days"
    if days is not None and days > _MOST_SNAPSHOTS:
        yield Problem(at, f"must be at most {_MOST_SNAPSHOTS}, as many as AWS keeps daily snapshots", "lower it", days)
    if days is not None and days < 7 and settings.environment == "prod" and SHORT_BACKUPS not in waived:
        yield Problem(
            at,
            f"must be at least 7 in prod ({SHORT_BACKUPS})",
            f"use 7 or more, or waive {SHORT_BACKUPS} with a reason",
            days,
        )


def _instance(settings: SingleServerSettings) -> Iterator[Problem]:
    if not on_nitro(settings.instance_type):
        yield Problem(
            "instance_type",
            "must be a type on Nitro: only there can the server find its data volume by the volume's id",
            "use a newer generation, for example t3.medium or m7i.large",
            settings.instance_type,
        )
        return
    available = memory_for_containers(settings.instance_type)
    if available is None:
        return
    app = megabytes(settings.app.memory) * (2 if settings.release.strategy == "blue_green" else 1)
    others = [megabytes(service.memory) for service in settings.services]
    ours = [megabytes(part.memory) for part in (settings.keycloak, settings.postgres) if part is not None]
    needed = _NGINX_MEMORY + app + sum(others) + sum(ours)
    if needed > available:
        yield Problem(
            "instance_type",
            f"must leave {needed} MB for the containers that run on it; it leaves {max(available, 0)} MB",
            "use a larger type, for example t3.large, or lower the memory of app, keycloak, postgres or services",
            settings.instance_type,
        )


def _tags(settings: SingleServerSettings) -> Iterator[Problem]:
    for key in settings.tags:
        if not _METADATA_KEY.fullmatch(key):
            yield Problem(
                f"tags.{key}",
                "must have a key of letters, digits and +-=._:@, only: the server reads its tags as metadata",
                "rename it, for example cost-center",
                key,
            )
        elif key.startswith("blueprints:"):
            yield Problem(
                f"tags.{key}", "must not begin with blueprints:, which we keep for ourselves", "rename it", key
            )


def _plain(value: object) -> object:
    """What an error may show of a value: nothing of an output."""
    return value if is_known(value) else None
