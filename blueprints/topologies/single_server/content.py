"""What is put on the server, ready for upload: the rendered bundle with the image that may not be known yet."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pulumi

from blueprints import paths
from blueprints.server import Bundle, BundleFile, render_bundle
from blueprints.topologies.single_server.settings import SingleServerSettings

PREFIX = "bundles"
"""Beginning of every key in the bundle bucket."""
_NAME_LENGTH = 31
_CERTIFICATE = "tls_certificate"


@dataclass(frozen=True)
class Content:
    """The bundle. Which files and secrets there are is always known; contents and version wait for the image."""

    version: pulumi.Output[str]
    """Hash over all files."""
    objects: list[dict[str, Any]]
    """Every file as `BundleObject` takes it, in the order of the paths."""
    created: dict[str, str]
    """Secrets to create, by name, with what they are for."""
    generated: frozenset[str]
    """Those of them whose value the server makes itself."""
    existing: dict[str, pulumi.Input[str]]
    """ARNs of the secrets that are there already, by name."""
    images: list[pulumi.Input[str]]
    """Every image that the server pulls, the application's first."""


def content_of(settings: SingleServerSettings, name: str, image: pulumi.Input[str]) -> Content:
    """The bundle of a server called `name` that runs this image of the application."""
    # The name of a compose project is shorter than that of a blueprint may be.
    host = name[:_NAME_LENGTH].rstrip("-")
    root = paths.project_root()
    spec = settings.stand_in(host)
    plan = render_bundle(spec, root)
    bundle = pulumi.Output.from_input(image).apply(lambda known: render_bundle(settings.bundle(known, host), root))
    existing: dict[str, pulumi.Input[str]] = {secret.name: secret.arn for secret in settings.secrets}
    if settings.certificate_arn is not None:
        existing[_CERTIFICATE] = settings.certificate_arn
    needed = [need for need in plan.secrets if need.name not in existing]
    return Content(
        version=bundle.apply(lambda rendered: rendered.version),
        objects=[_object(bundle, path, file) for path, file in plan.files.items()],
        created={need.name: need.description for need in needed},
        generated=frozenset(need.name for need in needed if need.generated),
        existing=existing,
        images=[image, *spec.images[1:]],
    )


def _object(bundle: pulumi.Output[Bundle], path: str, planned: BundleFile) -> dict[str, Any]:
    binary = planned.text is None
    return {
        "path": path,
        "key": bundle.apply(lambda rendered: f"{PREFIX}/{rendered.key(path)}"),
        "content": bundle.apply(lambda rendered: _content(rendered.files[path], binary)),
        "binary": binary,
    }


def _content(file: BundleFile, binary: bool) -> str:
    return base64.b64encode(file.content).decode() if binary else file.content.decode()
