"""What is known about resource properties beyond their types: replacement, limits, conflicts, references, names.

`table("aws").resource("aws:rds/instance:Instance").change("storageEncrypted")` tells that a change replaces the
database and which source says so. The table is generated (tools/facts) from published schemas and from `curated/`.
"""

from .model import Fact, FactKind, NameRule, ReferenceForm, ResourceFacts, Source
from .table import Facts, table

__all__ = ["Fact", "FactKind", "Facts", "NameRule", "ReferenceForm", "ResourceFacts", "Source", "table"]
