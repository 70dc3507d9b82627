"""The application behind nginx."""

from __future__ import annotations

from collections.abc import Iterator

from blueprints.errors import Problem
from blueprints.fields import Port
from blueprints.server.spec.container import ContainerSpec
from blueprints.server.spec.images import Image
from blueprints.server.spec.types import UrlPath


class AppSpec(ContainerSpec):
    """The team's application: one image that answers HTTP on one port."""

    image: Image
    """Image, pinned by tag or, better, by digest."""
    port: Port = 8000
    """Port the application listens on inside its container, above 1023 (it is not root). Default 8000."""
    health_path: UrlPath = "/health"
    """Path that answers 200 only while the application can work. Default /health."""
    health_command: list[str] | None = None
    """Command run inside the container that exits 0 while it is healthy. Default: a request to health_path with
    whichever of wget, curl, python3 or node the image has; an image without a shell must set it."""
    login_paths: list[UrlPath] = ["/login"]
    """Paths (and what lies under them) that fall under the stricter login rate limit. Default /login."""
    database: bool = True
    """Whether the application gets a database of its own, DATABASE_URL and DATABASE_PASSWORD_FILE. Default true."""
    migrate_command: list[str] | None = None
    """Command run once in the new image before it takes traffic, for database migrations. Default none."""

    def rules(self) -> Iterator[Problem]:
        """What a process that is not root can do."""
        yield from super().rules()
        if self.port < 1024:
            yield Problem(
                "port", "must be above 1023: the container does not run as root", "listen on 8000 instead", self.port
            )
