"""What the sandbox covers where the system lets it: files that hold credentials, sockets that lead to engines."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

# Below a home folder. Not all of `.pulumi`: the user's own engine may be installed there.
_IN_HOME = (
    *(".aws", ".azure", ".config/gcloud", ".config/gh", ".docker", ".gnupg", ".kube", ".netrc", ".oci", ".ssh"),
    *(".git-credentials", ".pulumi/credentials.json", ".pulumi/plugins", ".terraform.d"),
)
_SOCKETS = (
    *("/run/docker.sock", "/var/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock"),
    "/run/crio/crio.sock",
)
# Variables that name such files or sockets elsewhere.
_VARIABLES = (
    *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "DOCKER_CONFIG", "DOCKER_HOST"),
    *("GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG", "SSH_AUTH_SOCK", "PULUMI_CONFIG_PASSPHRASE_FILE"),
)


def paths(needed: Sequence[Path]) -> list[str]:
    """The paths to cover that exist here, links resolved. What lies above one of `needed` stays open."""
    kept = [Path(os.path.realpath(path)) for path in needed]
    found = {Path(os.path.realpath(path)) for path in _named() if path.exists()}
    return sorted(str(path) for path in found if not any(path == one or path in one.parents for one in kept))


def _named() -> Iterator[Path]:
    for home in _homes():
        yield from (home / name for name in _IN_HOME)
    yield from map(Path, _SOCKETS)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        yield from (Path(runtime) / name for name in ("docker.sock", "podman/podman.sock"))
    for name in _VARIABLES:
        for value in os.environ.get(name, "").split(os.pathsep):
            path = value.removeprefix("unix://")
            if path.startswith("/"):
                yield Path(path)


def _homes() -> Iterator[Path]:
    """The home that variables name, and the one that the system knows: a program may ask either."""
    yield Path.home()
    try:
        import pwd

        yield Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):
        return
