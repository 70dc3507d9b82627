"""A single server at its defaults, deployed once for all tests that look at it."""

from __future__ import annotations

import pytest
from aws_mocks import deploy
from mocks import Recorder
from servers import DEV, PROD

from blueprints.topologies.single_server import SingleServer


@pytest.fixture(scope="session")
def dev() -> Recorder:
    """The smallest dev server."""
    return deploy(SingleServer, DEV)


@pytest.fixture(scope="session")
def prod() -> Recorder:
    """A production server with Keycloak."""
    return deploy(SingleServer, PROD)


@pytest.fixture(scope="session", params=["dev", "staging", "prod"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    """The server with every part that it can have, an image build included, in each environment."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "Dockerfile").write_text("FROM scratch\n")
    app = {"build": {"context": str(folder)}}
    return deploy(SingleServer, {**PROD, "app": app, "environment": request.param})
