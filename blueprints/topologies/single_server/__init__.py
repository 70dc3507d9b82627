"""One server that runs the whole application: the blueprint, its settings and what it says about itself."""

from blueprints.topologies.single_server.blueprint import SingleServer
from blueprints.topologies.single_server.settings import SingleServerSettings

__all__ = ["SingleServer", "SingleServerSettings"]
