"""The simulated package `docker`: no engine is asked, nothing is built or pulled."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Unknown, is_map

_IGNORED = frozenset((".git", ".blueprints", ".venv", "node_modules", "__pycache__"))
# Containers and networks cannot be changed in most ways; images can.
_REPLACED = ("Container", "Network", "Volume", "Secret", "ServiceConfig", "RemoteImage", "Tag")
_KEPT = ("labels", "restart", "cpuShares", "cpuSet", "memory", "memorySwap", "mustRun", "keepLocally", "forceRemove")


def create(session: Session) -> Simulation:
    """The simulation for one provider process."""
    return DockerSimulation(session)


class DockerSimulation(Simulation):
    """Images, containers, networks and volumes that exist on paper."""

    package = "docker"

    def prepare(self, subject: Subject) -> None:
        """The digest of the build context is an input, so that a changed file is a change of the image."""
        build = subject.inputs.get("build")
        if subject.short_type != "Image" or not is_map(build):
            return
        context = build.get("context", ".")
        if not isinstance(context, Unknown) and Path(str(context)).is_dir():
            subject.inputs["build"] = {**build, "__contextDigest": context_digest(Path(str(context)))}

    def rules(self, subject: Subject, findings: Findings) -> None:
        """Says that nothing is built, and that a context is missing."""
        build = subject.inputs.get("build")
        source = "the sandbox's own limits"
        if subject.short_type == "Image":
            findings.warn("", "the sandbox builds and pushes no image; its digest is that of the build context",
                          "sandbox/docker", source)  # fmt: skip
            context = build.get("context", ".") if is_map(build) else None
            if isinstance(context, str) and "://" not in context and not Path(context).is_dir():
                findings.error("build.context", f"`build.context` is `{context}`, and there is no such folder",
                               f"{subject.type}/build.context/exists", "pulumi-docker documentation")  # fmt: skip

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """A changed context changes the image; most else is replaced."""
        old, new = _digest(subject.olds), _digest(subject.inputs)
        result = [
            replace(change, replaces=subject.short_type in _REPLACED and change.path[0] not in _KEPT, certain=True)
            for change in found
        ]
        if old and new and old != new:
            result.append(Change(("build", "context"), "update", replaces=False))
        return result

    def identity(self, subject: Subject) -> str:
        """The engine's digits."""
        if subject.short_type in ("Volume", "Image", "Plugin"):
            return subject.text("name", "imageName") or subject.name
        return subject.mint.hex("id", 64)

    def computed(self, subject: Subject) -> dict[str, Any]:
        """Digests come from the content, so that they change with it and only with it."""
        if subject.short_type == "Image":
            name = str(subject.inputs.get("imageName"))
            bare = name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name
            digest = _digest(subject.inputs) or hashlib.sha256(name.encode()).hexdigest()
            build = subject.inputs.get("build")
            context = str(build.get("context", ".")) if is_map(build) else "."
            registry = subject.inputs.get("registry")
            return {
                "baseImageName": name,
                "repoDigest": f"{bare}@sha256:{digest}",
                "context": context,
                "dockerfile": str(build.get("dockerfile") or f"{context}/Dockerfile")
                if is_map(build)
                else "Dockerfile",
                "registryServer": str(registry.get("server") or "") if is_map(registry) else "",
            }
        name = subject.text("name", "image")
        digest = hashlib.sha256(name.encode()).hexdigest()
        if subject.short_type == "RemoteImage":
            return {"imageId": f"sha256:{digest}", "repoDigest": f"{name.partition(':')[0]}@sha256:{digest}"}
        if subject.short_type == "RegistryImage":
            return {"sha256Digest": f"sha256:{digest}"}
        if subject.short_type == "Volume":
            return {"mountpoint": f"/var/lib/docker/volumes/{name or subject.name}/_data", "driver": "local"}
        if "name" in (subject.knowledge.declared.outputs if subject.knowledge.declared else {}) and not name:
            return {"name": subject.name}
        return {}

    def invoke(self, token: str, arguments: dict[str, Any], preview: bool) -> dict[str, Any]:
        """Registry lookups get a digest made from the name."""
        if token == "docker:index/getRegistryImage:getRegistryImage":  # noqa: S105 - the name of a function
            digest = f"sha256:{hashlib.sha256(str(arguments.get('name')).encode()).hexdigest()}"
            return {**arguments, "id": digest, "sha256Digest": digest}
        return super().invoke(token, arguments, preview)


def _digest(inputs: dict[str, Any]) -> str:
    build = inputs.get("build")
    return str(build.get("__contextDigest") or "") if is_map(build) else ""


def context_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the files in a build context, without what builds never need."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _IGNORED)
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path
