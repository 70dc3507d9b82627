"""The compose file of the bundle."""

from blueprints.server.compose.document import compose_document, compose_yaml

__all__ = ["compose_document", "compose_yaml"]
