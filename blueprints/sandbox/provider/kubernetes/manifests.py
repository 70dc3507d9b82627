"""YAML manifests as objects."""

from __future__ import annotations

from typing import Any

import yaml

from blueprints.sandbox.provider.errors import OperationError
from blueprints.sandbox.provider.kubernetes.objects import CLUSTER_SCOPED
from blueprints.sandbox.provider.values import is_list, is_map


def decode(text: str, namespace: str = "") -> list[dict[str, Any]]:
    """The objects in a manifest, lists opened; `namespace` is for those that need one and name none."""
    try:
        documents: list[Any] = list(yaml.safe_load_all(text))
    except yaml.YAMLError as error:
        raise OperationError("", f"the manifest cannot be read: {' '.join(str(error).split())}") from None
    found: list[dict[str, Any]] = []
    for document in documents:
        if not is_map(document):
            continue
        items = document.get("items")
        if str(document.get("kind", "")).endswith("List") and is_list(items):
            found += [item for item in items if is_map(item)]
        else:
            found.append(document)
    if namespace:
        for item in found:
            metadata = item.setdefault("metadata", {})
            if item.get("kind") not in CLUSTER_SCOPED and is_map(metadata):
                metadata.setdefault("namespace", namespace)
    return found
