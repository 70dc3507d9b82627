"""A new cache for each run: what an older version of the reader left behind must not answer for this one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from blueprints.sandbox.catalog.package import _package  # pyright: ignore[reportPrivateUsage]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        _package.cache_clear()
        yield
    _package.cache_clear()
