"""What is put on the server, ready for upload: the rendered bundle with the image that may not be known yet."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import pulumi

from blueprints.server import Bundle, render_bundle
from blueprints.topologies.single_server.settings import SingleServerSettings

_NAME_LENGTH = 31
_CERTIFICATE = "tls_certificate"


@dataclass(frozen=True)
class Content:
    """The bundle. Which files and secrets there are is always known; contents and version wait for the image."""

    version: pulumi.Output[str]
    """Hash over all files."""
    texts: dict[str, pulumi.Output[str]]
    """Path of each text file -> its content."""
    binaries: dict[str, pulumi.Output[str]]
    """Path of each other file -> its content in base64."""
    created: dict[str, str]
    """Secrets to create, by name, with what they are for."""
    generated: frozenset[str]
    """Those of them whose value the server makes itself."""
    existing: dict[str, pulumi.Input[str]]
    """ARNs of the secrets that are there already, by name."""


def content_of(settings: SingleServerSettings, name: str, image: pulumi.Input[str]) -> Content:
    """The bundle of a server called `name` that runs this image of the application."""
    # The name of a compose project is shorter than that of a blueprint may be.
    host = name[:_NAME_LENGTH].rstrip("-")
    plan = render_bundle(settings.stand_in(host))
    bundle = pulumi.Output.from_input(image).apply(lambda known: render_bundle(settings.bundle(known, host)))
    existing: dict[str, pulumi.Input[str]] = {secret.name: secret.arn for secret in settings.secrets}
    if settings.certificate_arn is not None:
        existing[_CERTIFICATE] = settings.certificate_arn
    needed = [need for need in plan.secrets if need.name not in existing]
    return Content(
        version=bundle.apply(lambda rendered: rendered.version),
        texts={path: _text(bundle, path) for path, file in plan.files.items() if file.text is not None},
        binaries={path: _base64(bundle, path) for path, file in plan.files.items() if file.text is None},
        created={need.name: need.description for need in needed},
        generated=frozenset(need.name for need in needed if need.generated),
        existing=existing,
    )


def _text(bundle: pulumi.Output[Bundle], path: str) -> pulumi.Output[str]:
    return bundle.apply(lambda rendered: rendered.files[path].text or "")


def _base64(bundle: pulumi.Output[Bundle], path: str) -> pulumi.Output[str]:
    return bundle.apply(lambda rendered: base64.b64encode(rendered.files[path].content).decode())
