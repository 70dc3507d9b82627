"""A live nginx on the rendered bundle: sizes, times and rates beyond which a client is refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from answers import assert_headers, flood
from live import LiveNginx
from specs import full

pytestmark = pytest.mark.real


def test_a_body_up_to_the_limit_passes_and_a_larger_one_does_not(live: LiveNginx) -> None:
    assert live.request("POST", "/upload", body=b"x" * (10 * 1024 * 1024)).status == 200
    assert live.app.bodies[-1] == 10 * 1024 * 1024
    assert live.request("POST", "/upload", headers={"Content-Length": str(10 * 1024 * 1024 + 1)}).status == 413


def test_a_header_that_is_too_large_is_refused(live: LiveNginx) -> None:
    assert live.get("/", headers={"Cookie": "x" * 17000}).status == 400


def test_a_client_that_sends_its_header_too_slowly_is_dropped(system: None, tmp_path: Path) -> None:
    with LiveNginx(full(tmp_path, nginx={"header_timeout": "1s"}), tmp_path) as server:
        connection = server.connect("shop.example.com")
        assert connection.sock is not None
        connection.sock.sendall(b"GET / HTTP/1.1\r\nHost: shop.example.com\r\nX-Slow: ")
        connection.sock.settimeout(5)
        began = time.monotonic()
        assert connection.sock.recv(100) == b""
        assert time.monotonic() - began < 4
        connection.close()


def test_beyond_the_general_limit_is_429_with_headers(system: None, tmp_path: Path) -> None:
    spec = full(
        tmp_path,
        nginx={"rate_limits": {"general": {"per_minute": 60, "burst": 10}, "admin": {"per_minute": 60, "burst": 1}}},
    )
    with LiveNginx(spec, tmp_path) as server:
        statuses = flood(server, "/", 40)
        assert set(statuses) == {200, 429}
        assert 11 <= statuses.count(200) <= 16
        refused = server.get("/")
        assert refused.status == 429
        assert refused.one("retry-after") == "1"
        assert_headers(refused)


def test_the_default_limits_let_a_page_through(system: None, tmp_path: Path) -> None:
    with LiveNginx(full(tmp_path), tmp_path) as server:
        assert set(flood(server, "/", 60)) == {200}


def test_the_default_limits_stop_a_flood_of_logins(system: None, tmp_path: Path) -> None:
    # A server of its own: logins count against the general limit too, and that of a page's 60 requests is used up.
    with LiveNginx(full(tmp_path), tmp_path) as server:
        statuses = flood(server, "/login", 30)
        assert 11 <= statuses.count(200) <= 14
        assert statuses.count(429) == 30 - statuses.count(200)


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/login/callback",
        "/auth/realms/shop/protocol/openid-connect/token",
        "/auth/realms/shop/login-actions/authenticate",
    ],
)
def test_login_has_a_stricter_limit_than_the_rest(system: None, tmp_path: Path, path: str) -> None:
    limits = {"general": {"per_minute": 6000, "burst": 200}, "login": {"per_minute": 60, "burst": 5}}
    with LiveNginx(full(tmp_path, nginx={"rate_limits": limits}), tmp_path) as server:
        statuses = flood(server, path, 30)
        assert set(statuses) == {200, 429}
        assert 6 <= statuses.count(200) <= 10
        assert set(flood(server, "/loginpage", 30)) == {200}


def test_administration_has_a_stricter_limit_also_while_it_is_closed(system: None, tmp_path: Path) -> None:
    limits = {"general": {"per_minute": 6000, "burst": 200}, "admin": {"per_minute": 60, "burst": 5}}
    with LiveNginx(full(tmp_path, nginx={"rate_limits": limits}), tmp_path) as server:
        statuses = flood(server, "/auth/admin/realms", 30)
        assert set(statuses) == {403, 429}
        assert 6 <= statuses.count(403) <= 10
