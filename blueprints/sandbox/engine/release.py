"""The release that is pinned: version, archives and their checksums.

Checksums: pulumi/homebrew-tap, Formula/pulumi.rb at commit 51fb494 (2026-08-20, "Brew formula update for Pulumi
version 3.259.0"), the project's own published list. get.pulumi.com and the GitHub release serve the same archives.
A platform without a row here has no published checksum that we know of: it is compiled, never downloaded unchecked.
"""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from semver import Version

PINNED = Version(3, 259, 0)
"""The version that is downloaded or compiled: the one that the pinned SDK and `tools/engine/go.mod` name."""

MINIMUM = Version(3, 250, 0)
"""The oldest engine taken from PATH. Since 3.238 a failing hook after a resource fails the deployment, which release
health gates need; 3.250 is the oldest that this project's engine tests have run on."""

TOO_NEW = Version(4, 0, 0)
"""A new major version may change the provider protocol and the state format: it is reported, not used."""

RELEASES = "https://get.pulumi.com/releases/sdk"
"""Where archives are downloaded from."""


@dataclass(frozen=True)
class Archive:
    """One release archive and the SHA-256 that it must have."""

    name: str
    sha256: str


_SHA256 = {
    ("linux", "x64"): "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    ("linux", "arm64"): "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    ("darwin", "x64"): "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    ("darwin", "arm64"): "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
}

_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def this_platform() -> tuple[str, str]:
    """Operating system and processor of this machine, in the words of release archives: `("linux", "x64")`."""
    machine = platform.machine().lower()
    return sys.platform, _ARCHITECTURES.get(machine, machine)


def archive_for(system: str, architecture: str) -> Archive | None:
    """The pinned archive of a platform, or None where no checksum is published."""
    sha256 = _SHA256.get((system, architecture))
    if sha256 is None:
        return None
    return Archive(f"pulumi-v{PINNED}-{system}-{architecture}.tar.gz", sha256)
