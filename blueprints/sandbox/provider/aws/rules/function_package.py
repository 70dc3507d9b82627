"""A function has code in one form, and a zip has a handler and a runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

RULE = "aws/function-package"
SOURCE = "AWS Lambda API Reference, CreateFunction"


_SOURCES = ("code", "imageUri", "s3Bucket")


def check(_session: Session, subject: Subject, findings: Findings) -> None:
    """Adds functions that could not be created."""
    inputs = subject.inputs
    given = [name for name in _SOURCES if inputs.get(name) is not None]
    if len(given) != 1:
        said = ", ".join(f"`{name}`" for name in given) or "none"
        findings.error("code", f"one of `code`, `imageUri`, `s3Bucket` must be set, and {said} is", RULE, SOURCE)
    package = inputs.get("packageType", "Zip")
    if package == "Zip" and "imageUri" not in given:
        for name in ("handler", "runtime"):
            if inputs.get(name) is None:
                findings.error(name, f"`{name}` must be set for a function from a zip", RULE, SOURCE)
    if package == "Image" and given and "imageUri" not in given:
        findings.error("imageUri", "`imageUri` must be set with the package type Image", RULE, SOURCE)
    for name, (least, most) in {"timeout": (1, 900), "memorySize": (128, 32768)}.items():
        value = inputs.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and not least <= value <= most:
            findings.error(name, f"`{name}` is {value}; it must be from {least} to {most}", RULE, SOURCE)
