"""How the provider makes the names that a program leaves out.

The provider gives every resource whose input `name` is a text an automatic name of at most 255 characters; exceptions
are curated. Optional ones are the rule, since an automatic name is what makes them optional.
"""

from __future__ import annotations

from collections.abc import Iterator

from blueprints.sandbox.catalog import Package
from tools.facts.rows import Row
from tools.facts.sources import OVERLAY

RANK = 3


def name_rows(package: Package, token: str) -> Iterator[Row]:
    resource = package.resource(token)
    name = resource.inputs.get("name") if resource else None
    if name is not None and not name.required and name.type.kind == "string":
        yield Row(token, "name", "name", {"max": 255, "separator": "-"}, OVERLAY, True, RANK)


def tag_rows(package: Package, token: str) -> Iterator[Row]:
    """Tags change in place wherever the provider merges default tags into them, which `tagsAll` shows."""
    resource = package.resource(token)
    if resource is not None and "tags" in resource.inputs and "tagsAll" in resource.outputs:
        yield Row(token, "tags", "updates", True, OVERLAY, False, RANK)
