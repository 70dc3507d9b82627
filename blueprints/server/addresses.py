"""Fixed addresses of the containers: nginx then needs no name server, and starts before what it leads to is up."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

_HOSTS = {"nginx": 5, "app": 10, "app-blue": 11, "app-green": 12, "keycloak": 20, "postgres": 30}


@dataclass(frozen=True)
class Addresses:
    """Networks of the containers, cut out of one private range."""

    subnet: str

    @property
    def edge(self) -> str:
        """Network of nginx and what it leads to; the way out to the internet."""
        return self._network(0)

    @property
    def database(self) -> str:
        """Internal network of the database and its clients; no way out."""
        return self._network(1)

    @property
    def edge_range(self) -> str:
        """Part of the edge network for services without a fixed address."""
        return str(list(ipaddress.ip_network(self.edge).subnets(1))[1])

    @property
    def database_range(self) -> str:
        """Part of the database network for services without a fixed address."""
        return str(list(ipaddress.ip_network(self.database).subnets(1))[1])

    def on_edge(self, service: str) -> str:
        """Fixed address of one of our services on the edge network."""
        return str(ipaddress.ip_network(self.edge)[_HOSTS[service]])

    def _network(self, index: int) -> str:
        first = int(ipaddress.ip_network(self.subnet).network_address)
        return str(ipaddress.ip_network((first + 256 * index, 24)))
