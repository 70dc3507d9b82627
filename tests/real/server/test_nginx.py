"""A live nginx on the rendered bundle: redirects, every header on every kind of answer, limits and closed paths."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import pytest
from answers import HEADERS, assert_headers
from live import LiveNginx
from specs import full

pytestmark = pytest.mark.real


def test_the_configuration_is_valid_and_says_so_without_a_warning(live: LiveNginx) -> None:
    done = subprocess.run(
        [live.program(), "-t", "-c", str(live.conf / "nginx.conf")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
    assert "[emerg]" not in done.stderr


def test_http_is_sent_to_https_and_nothing_else(live: LiveNginx) -> None:
    answer = live.request("GET", "/a%20b?c=1", tls=False)
    assert answer.status == 301
    assert answer.one("location") == "https://shop.example.com/a%20b?c=1"
    assert live.request("GET", "/x", "www.example.com", tls=False).one("location") == "https://shop.example.com/x"


def test_http_serves_the_challenges_of_the_certificate_authority(live: LiveNginx) -> None:
    challenge = live.acme / ".well-known" / "acme-challenge"
    challenge.mkdir(parents=True)
    (challenge / "token").write_text("proof")
    found = live.request("GET", "/.well-known/acme-challenge/token", tls=False)
    assert (found.status, found.body) == (200, b"proof")
    assert live.request("GET", "/.well-known/acme-challenge/other", tls=False).status == 404
    assert live.request("GET", "/.well-known/acme-challenge/../../secret", tls=False).status in (301, 400)


@pytest.mark.parametrize("tls", [True, False])
def test_an_unknown_host_gets_no_answer_at_all(live: LiveNginx, tls: bool) -> None:
    with pytest.raises(ConnectionError):
        live.request("GET", "/", "attacker.example.org", tls=tls)


def test_the_second_domain_leads_to_the_first_with_headers(live: LiveNginx) -> None:
    answer = live.get("/x?y=1", "www.example.com")
    assert answer.status == 301
    assert answer.one("location") == "https://shop.example.com/x?y=1"
    assert answer.one("strict-transport-security") == HEADERS["strict-transport-security"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/health", 200),
        ("/broken", 500),
        ("/missing", 404),
        ("/static/app.css", 200),
        ("/static/none.css", 404),
        ("/static/", 404),
    ],
)
def test_every_header_is_on_every_kind_of_answer(live: LiveNginx, path: str, status: int) -> None:
    answer = live.get(path)
    assert answer.status == status
    assert_headers(answer)


def test_headers_are_on_answers_of_nginx_itself(live: LiveNginx) -> None:
    too_large = live.request("POST", "/upload", headers={"Content-Length": str(11 * 1024 * 1024)})
    assert too_large.status == 413
    assert_headers(too_large)
    closed = live.get("/auth/admin/")
    assert closed.status == 403
    assert_headers(closed, x_frame_options="SAMEORIGIN", content_security_policy=closed.one("content-security-policy"))


def test_headers_are_on_a_bad_gateway(system: None, tmp_path: Path) -> None:
    with LiveNginx(full(tmp_path), tmp_path) as server:
        server.app.shutdown()
        server.app.server_close()
        answer = server.get("/")
        assert answer.status == 502
        assert_headers(answer)


def test_keycloak_pages_get_a_policy_that_they_work_with(live: LiveNginx) -> None:
    answer = live.get("/auth/realms/shop/protocol/openid-connect/certs")
    assert answer.status == 200
    policy = answer.one("content-security-policy")
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'self';" in policy
    assert answer.one("x-frame-options") == "SAMEORIGIN"


@pytest.mark.parametrize(
    "path",
    [
        "/auth/admin",
        "/auth/admin/",
        "/auth/admin/master/console/",
        "/auth/realms/master",
        "/auth/realms/master/protocol/openid-connect/token",
        "/auth//admin/realms",
        "/auth/./admin/realms",
        "/auth/%61dmin/realms",
        "/auth/realms/shop/../../admin/realms",
        "/auth/realms/shop/..%2f..%2fadmin/realms",
        "/auth/admin;x=1/realms",
        "/auth/realms/master;x=1/protocol/openid-connect/token",
        "/auth/realms/shop;x/..;/..;/admin/realms",
        "/auth/realms/shop/..;/master/account",
        "/auth/metrics",
        "/auth/health",
        "/auth/",
    ],
)
def test_keycloak_administration_and_management_are_closed(live: LiveNginx, path: str) -> None:
    answer = live.get(path)
    assert answer.status == 403
    assert b"keycloak" not in answer.body


@pytest.mark.parametrize(
    "path", ["/auth/realms/shop/account", "/auth/resources/abc/login/x.css", "/auth/realms/masters/x"]
)
def test_what_keycloaks_users_need_is_open(live: LiveNginx, path: str) -> None:
    answer = live.get(path)
    assert answer.status == 200
    assert json.loads(answer.body)["backend"] == "keycloak"


def test_an_admin_list_opens_the_admin_console_to_it_alone(system: None, tmp_path: Path) -> None:
    spec = full(tmp_path, keycloak={"admin_allow": ["127.0.0.0/8"]})
    with LiveNginx(spec, tmp_path) as server:
        assert json.loads(server.get("/auth/admin/realms").body)["backend"] == "keycloak"
        assert server.get("/auth/admin;x=1/realms").status == 403
        assert server.get("/auth/metrics").status == 403


def test_the_application_hears_who_the_client_is_from_nginx_alone(live: LiveNginx) -> None:
    claims = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Real-IP": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
        "X-Forwarded-Proto": "http",
    }
    answer = live.get("/", headers={**claims, "Proxy": "http://evil", "X-Request-ID": "mine"})
    seen = json.loads(answer.body)["headers"]
    assert seen["x-forwarded-for"] == seen["x-real-ip"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "https"
    assert seen["host"] == "shop.example.com"
    assert seen["x-request-id"] == answer.one("x-request-id") != "mine"
    assert "forwarded" not in seen
    assert "proxy" not in seen


def test_health_leads_to_the_applications_health(live: LiveNginx) -> None:
    found = json.loads(live.get("/health").body)
    assert (found["backend"], found["path"]) == ("app", "/health")


def test_static_files_are_served_by_nginx_and_hidden_ones_are_not_there(live: LiveNginx) -> None:
    answer = live.get("/static/app.css", headers={"Accept-Encoding": "gzip"})
    assert answer.one("content-type") == "text/css; charset=utf-8"
    assert answer.one("content-encoding") == "gzip"
    assert answer.one("cache-control") == "max-age=3600"
    assert live.get("/static/.env").status == 404
    assert live.get("/static/../realm.json").status in (200, 400)
    assert b"NOT=public" not in live.get("/static/%2e%2e/public/.env").body


def test_answers_are_not_stored_unless_the_application_says_so(live: LiveNginx) -> None:
    assert live.get("/").one("cache-control") == "no-store"
    assert live.get("/cached").one("cache-control") == "public, max-age=60"


def test_answers_of_the_application_are_not_compressed(live: LiveNginx) -> None:
    assert "content-encoding" not in live.get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_a_websocket_passes_both_ways(live: LiveNginx) -> None:
    connection = live.connect("shop.example.com")
    assert connection.sock is not None
    connection.sock.sendall(
        b"GET /upgrade HTTP/1.1\r\nHost: shop.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    head = connection.sock.recv(4096)
    assert head.startswith(b"HTTP/1.1 101")
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    connection.sock.sendall(b"ping over the socket")
    assert connection.sock.recv(100) == b"ping over the socket"
    connection.close()


def test_http2_is_spoken(live: LiveNginx) -> None:
    import ssl

    context = ssl.create_default_context(cafile=str(live.certs / "ca.pem"))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", live.https), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname="shop.example.com") as connection,
    ):
        assert connection.selected_alpn_protocol() == "h2"


def test_the_log_is_json_and_holds_no_query(live: LiveNginx) -> None:
    answer = live.get('/callback"x?code=planted-authorization-code', headers={"User-Agent": 'a "quoted" \\ agent'})
    entry = [line for line in live.access_log() if line["request_id"] == answer.one("x-request-id")]
    assert len(entry) == 1
    assert entry[0]["path"] == '/callback"x'
    assert entry[0]["status"] == "200"
    assert entry[0]["client"] == "127.0.0.1"
    assert float(entry[0]["upstream_duration"]) >= 0
    assert entry[0]["tls"] == "TLSv1.3"
    assert "planted-authorization-code" not in (live.folder / "nginx.log").read_text()
