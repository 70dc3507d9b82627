# ruff: noqa: ARG002 - every simulation answers the same questions
"""The simulated package `kubernetes`: objects are stored as an API server would store them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Findings, OperationError
from blueprints.sandbox.provider.kubernetes.objects import CLUSTER_SCOPED, replaces, status, valid_name
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Unknown, is_map

_AUTONAMED = "pulumi.com/autonamed"
_RELEASE = "kubernetes:helm.sh/v3:Release"


def create(session: Session) -> Simulation:
    """The simulation for one provider process."""
    return KubernetesSimulation(session)


class KubernetesSimulation(Simulation):
    """A cluster that stores objects and runs none."""

    package = "kubernetes"
    bridged = False
    open_types = True

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._namespace = "default"

    def configure(self, inputs: dict[str, Any]) -> None:
        """Takes over the default namespace; no cluster is contacted, whatever the kubeconfig says."""
        self._namespace = str(inputs.get("namespace") or "default")

    def prepare(self, subject: Subject) -> None:
        """Namespace and name, as the provider fills them in; a list or release has none of these."""
        inputs = subject.inputs
        metadata = inputs.get("metadata")
        if subject.type == _RELEASE or isinstance(metadata, Unknown) or subject.short_type.endswith("List"):
            return
        made = dict(metadata) if is_map(metadata) else {}
        kind = str(inputs.get("kind") or subject.short_type)
        if kind not in CLUSTER_SCOPED and "namespace" not in made:
            made["namespace"] = self._namespace
        if "name" not in made and "generateName" not in made:
            olds = subject.olds.get("metadata")
            old_name = olds.get("name") if is_map(olds) and _autonamed(olds) else None
            made["name"] = old_name or f"{subject.name}-{subject.mint.digest('name')[:8]}"
            annotations = made.get("annotations")
            made["annotations"] = {**(annotations if is_map(annotations) else {}), _AUTONAMED: "true"}
        inputs["metadata"] = made

    def rules(self, subject: Subject, findings: Findings) -> None:
        """Names have to be DNS names."""
        metadata = subject.inputs.get("metadata")
        name = metadata.get("name") if is_map(metadata) else None
        if isinstance(name, str) and not valid_name(name, str(subject.inputs.get("kind") or subject.short_type)):
            findings.error(
                "metadata.name",
                f"`metadata.name` is `{name}`; it must be of lower-case letters, digits, `-` and `.`, at most 253",
                f"{subject.type}/metadata.name/pattern",
                "Kubernetes documentation, object names",
            )

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """Name, namespace and what the API server lets nobody change replace the object."""
        kind = str(subject.inputs.get("kind") or subject.short_type)
        return [replace(change, replaces=replaces(kind, change.path), certain=True) for change in found]

    def holds_name(self, subject: Subject) -> bool:
        """Two objects cannot share a name, so an object whose name the program chose is deleted first."""
        old, new = subject.olds.get("metadata"), subject.inputs.get("metadata")
        if not is_map(old) or not is_map(new):
            return False
        same = all(old.get(key) == new.get(key) for key in ("name", "namespace"))
        return same and not _autonamed(new)

    def identity(self, subject: Subject) -> str:
        """Namespace and name."""
        if subject.type == _RELEASE:
            namespace = subject.inputs.get("namespace") or self._namespace
            return f"{namespace}/{subject.inputs.get('name') or subject.name}"
        metadata = subject.inputs.get("metadata")
        if not is_map(metadata):
            return subject.mint.uuid("uid")
        name = metadata.get("name") or f"{metadata.get('generateName', '')}{subject.mint.letters('generated', 5)}"
        namespace = metadata.get("namespace")
        return f"{namespace}/{name}" if namespace else str(name)

    def known_in_preview(self, subject: Subject) -> dict[str, Any]:
        """Everything that was set is known; the server's own parts are not."""
        return {}

    def computed(self, subject: Subject) -> dict[str, Any]:
        """The server's part: metadata, cluster addresses, a status that says that nothing is wrong."""
        if subject.type == _RELEASE:
            name, namespace = subject.id.rpartition("/")[2], subject.id.partition("/")[0]
            state = {"name": name, "namespace": namespace, "status": "deployed", "revision": 1}
            return {"name": name, "namespace": namespace, "status": state, "manifest": {}, "resourceNames": {}}
        result: dict[str, Any] = {}
        metadata = subject.inputs.get("metadata")
        if is_map(metadata):
            result["metadata"] = {
                **metadata,
                "name": subject.id.rpartition("/")[2],
                "uid": subject.mint.uuid("uid"),
                "creationTimestamp": "2024-01-01T00:00:00Z",
                "generation": 1,
                "resourceVersion": subject.mint.digits("version", 6),
            }
        kind = str(subject.inputs.get("kind") or subject.short_type)
        spec = subject.inputs.get("spec")
        if kind == "Service" and is_map(spec):
            address = f"10.96.{subject.mint.number('a', 255)}.{subject.mint.number('b', 254) + 1}"
            result["spec"] = {"clusterIP": address, "type": "ClusterIP", **spec}
        state = status(kind, subject)
        if state is not None:
            result["status"] = state
        if kind == "Secret" and is_map(subject.inputs.get("stringData")):
            result["data"] = _encoded(subject)
        return result

    def names(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        """One object of a kind, name and namespace."""
        if subject.type == _RELEASE:
            return ((f"{subject.type}", subject.id),)
        kind = str(subject.inputs.get("kind") or subject.short_type)
        group = str(subject.inputs.get("apiVersion") or "").rpartition("/")[0]
        return ((f"{group}/{kind} {self.session.run.stack}", subject.id),)

    def name_taken(self, subject: Subject, scope: str, name: str, holder: str, held: str) -> OperationError:
        """The API server's words."""
        kind = str(subject.inputs.get("kind") or subject.short_type)
        return OperationError("AlreadyExists", f"{kind} `{name}` already exists ({holder})")

    def invoke(self, token: str, arguments: dict[str, Any], preview: bool) -> dict[str, Any]:
        """Manifests are decoded here; charts and overlays would have to be rendered by programs that are not run."""
        if token == "kubernetes:yaml:decode":  # noqa: S105 - the name of a function
            from blueprints.sandbox.provider.kubernetes.manifests import decode

            return {"result": decode(str(arguments.get("text") or ""), str(arguments.get("defaultNamespace") or ""))}
        return super().invoke(token, arguments, preview)


def _autonamed(metadata: dict[str, Any]) -> bool:
    annotations = metadata.get("annotations")
    return is_map(annotations) and annotations.get(_AUTONAMED) == "true"


def _encoded(subject: Subject) -> dict[str, Any]:
    """`stringData` as the server stores it."""
    import base64

    given = subject.inputs.get("data")
    data: dict[str, Any] = dict(given) if is_map(given) else {}
    for key, value in subject.inputs["stringData"].items():
        data[key] = value if isinstance(value, Unknown) else base64.b64encode(str(value).encode()).decode()
    return data
