"""What installed Pulumi packages declare: names, nesting, requiredness and secrecy of properties.

Read from the source of the SDKs, which is never imported: `package("aws").resource("aws:sqs/queue:Queue")`.
"""

from .model import EnumType, FunctionType, Kind, ObjectType, Property, ResourceType, Type
from .package import Package, package

__all__ = [
    "EnumType",
    "FunctionType",
    "Kind",
    "ObjectType",
    "Package",
    "Property",
    "ResourceType",
    "Type",
    "package",
]
