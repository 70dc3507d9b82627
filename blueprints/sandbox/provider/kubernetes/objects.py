"""What an API server does with objects: which fields are immutable, which status it reports."""

from __future__ import annotations

import re
from typing import Any

from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import Path, is_map

CLUSTER_SCOPED = frozenset(
    (
        "APIService",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "ClusterRole",
        "ClusterRoleBinding",
        "ComponentStatus",
        "CustomResourceDefinition",
        "FlowSchema",
        "GatewayClass",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
    )
)
# What the API server lets nobody change (Kubernetes API reference), and what pulumi-kubernetes replaces by default.
_IMMUTABLE: dict[str, tuple[str, ...]] = {
    "ConfigMap": ("data", "binaryData", "immutable"),
    "Secret": ("data", "stringData", "type", "immutable"),
    "Deployment": ("spec.selector",),
    "DaemonSet": ("spec.selector",),
    "ReplicaSet": ("spec.selector",),
    "StatefulSet": ("spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"),
    "Job": ("spec.completions", "spec.selector", "spec.template", "spec.completionMode"),
    "Pod": ("spec",),
    "PersistentVolume": ("spec",),
    "PersistentVolumeClaim": ("spec.accessModes", "spec.storageClassName", "spec.volumeName", "spec.selector"),
    "StorageClass": ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"),
    "RoleBinding": ("roleRef",),
    "ClusterRoleBinding": ("roleRef",),
    "Service": ("spec.clusterIP",),
    "IngressClass": ("spec.controller",),
    "PriorityClass": ("value",),
}
_ALWAYS = ("metadata.name", "metadata.namespace", "metadata.generateName", "apiVersion", "kind")
_LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
# Kinds whose names may hold colons and capitals.
_PATH_NAMES = ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")


def valid_name(name: str, kind: str) -> bool:
    """Whether an object of this kind may have the name."""
    if len(name) > 253:
        return False
    return bool(_LABEL.match(name)) or kind in _PATH_NAMES or kind.endswith("List")


def replaces(kind: str, path: Path) -> bool:
    """Whether a change at `path` needs a new object."""
    text = ".".join(str(step) for step in path if isinstance(step, str))
    fixed = (*_ALWAYS, *_IMMUTABLE.get(kind, ()))
    return any(text == field or text.startswith(f"{field}.") or field.startswith(f"{text}.") for field in fixed)


def status(kind: str, subject: Subject) -> dict[str, Any] | None:
    """The status of an object that came up; None for kinds without one."""
    spec = subject.inputs.get("spec")
    wanted: dict[str, Any] = spec if is_map(spec) else {}
    if kind in ("Deployment", "ReplicaSet", "StatefulSet"):
        replicas = wanted.get("replicas", 1)
        return {"replicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas, "observedGeneration": 1}
    if kind == "Service":
        if wanted.get("type") == "LoadBalancer":
            return {"loadBalancer": {"ingress": [{"hostname": f"{subject.mint.letters('host', 12)}.sandbox.invalid"}]}}
        return {"loadBalancer": {}}
    if kind == "Ingress":
        return {"loadBalancer": {"ingress": [{"hostname": f"{subject.mint.letters('host', 12)}.sandbox.invalid"}]}}
    if kind == "Namespace":
        return {"phase": "Active"}
    if kind in ("PersistentVolumeClaim", "PersistentVolume"):
        return {"phase": "Bound"}
    if kind == "Pod":
        return {"phase": "Running"}
    if kind == "Job":
        return {"succeeded": 1}
    return None
