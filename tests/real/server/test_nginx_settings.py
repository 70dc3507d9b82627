"""A live nginx on bundles with other settings: own snippets, proxies before it, no domain, a host for Keycloak."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from answers import assert_headers, flood
from live import LiveNginx
from specs import full, small

pytestmark = pytest.mark.real


def test_own_snippets_take_effect_and_keep_the_headers(system: None, tmp_path: Path) -> None:
    snippets = {
        "http": "map $arg_flavour $flavour { default plain; sweet sugar; }",
        "server": "location = /own { include security-headers.conf; add_header X-Own yes always; return 200 own; }",
        "app": "add_header X-Flavour $flavour always;\ninclude security-headers.conf;",
    }
    with LiveNginx(full(tmp_path, nginx={"snippets": snippets}), tmp_path) as server:
        answer = server.get("/own")
        assert (answer.status, answer.body, answer.one("x-own")) == (200, b"own", "yes")
        assert_headers(answer)
        sweet = server.get("/cake?flavour=sweet")
        assert sweet.one("x-flavour") == "sugar"
        assert_headers(sweet)


def test_a_client_behind_a_trusted_proxy_is_known_by_its_own_address(system: None, tmp_path: Path) -> None:
    with LiveNginx(full(tmp_path, nginx={"trusted_proxies": ["127.0.0.0/8"]}), tmp_path) as server:
        seen = json.loads(server.get("/", headers={"X-Forwarded-For": "203.0.113.9"}).body)["headers"]
        assert seen["x-real-ip"] == "203.0.113.9"


def test_without_a_domain_any_host_is_answered(system: None, tmp_path: Path) -> None:
    with LiveNginx(small(), tmp_path) as server:
        assert server.get("/health", "203.0.113.7").status == 200
        assert server.request("GET", "/x", "203.0.113.7", tls=False).one("location") == "https://203.0.113.7/x"


def test_a_keycloak_with_a_host_of_its_own_is_reached_there_only(system: None, tmp_path: Path) -> None:
    spec = full(tmp_path, keycloak={"hostname": "login.example.com", "path": "/"})
    with LiveNginx(spec, tmp_path) as server:
        answer = server.get("/realms/shop/account", "login.example.com")
        assert json.loads(answer.body)["backend"] == "keycloak"
        assert "form-action 'self' https://shop.example.com https://www.example.com;" in answer.one(
            "content-security-policy"
        )
        assert answer.one("x-frame-options") == "SAMEORIGIN"
        assert server.get("/admin/realms", "login.example.com").status == 403
        assert server.get("/", "login.example.com").status == 403
        assert json.loads(server.get("/realms/shop/account").body)["backend"] == "app"


def test_static_files_at_the_root_leave_the_rest_to_the_application(system: None, tmp_path: Path) -> None:
    spec = full(tmp_path, static_path="/")
    with LiveNginx(spec, tmp_path) as server:
        (server.www / "page.html").write_text("static page")
        assert server.get("/page.html").body == b"static page"
        assert json.loads(server.get("/orders?x=1").body)["path"] == "/orders?x=1"
        assert json.loads(server.get("/auth/realms/shop/account").body)["backend"] == "keycloak"


def test_a_reload_loses_no_request(system: None, tmp_path: Path) -> None:
    limits = {"general": {"per_minute": 60000, "burst": 10000}}
    with LiveNginx(full(tmp_path, nginx={"rate_limits": limits}), tmp_path) as server, ThreadPoolExecutor(1) as pool:
        running = pool.submit(flood, server, "/", 300)
        for _ in range(5):
            server.process.send_signal(1)
            time.sleep(0.1)
        assert running.result() == [200] * 300
