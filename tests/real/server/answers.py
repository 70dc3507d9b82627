"""What every answer must carry, and a flood of requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from live import Answer, LiveNginx

from blueprints.server.spec import CONTENT_SECURITY_POLICY

HEADERS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-permitted-cross-domain-policies": "none",
}


def assert_headers(answer: Answer, **changed: str) -> None:
    for name, value in {**HEADERS, **{key.replace("_", "-"): text for key, text in changed.items()}}.items():
        assert answer.one(name) == value
    assert "camera=()" in answer.one("permissions-policy")
    assert len(answer.one("x-request-id")) == 32
    assert answer.one("server") == "nginx"
    assert "x-powered-by" not in answer.headers


def flood(server: LiveNginx, path: str, count: int, **options: str) -> list[int]:
    def one(_: int) -> int:
        return server.get(path, **options).status

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, range(count)))
