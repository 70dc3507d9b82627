"""A real nginx on a rendered bundle, with what lies behind it played by small servers of this process.

Only places change: container paths become folders of the test, container addresses and ports become free ports of the
loopback. Every replacement must hit something, so that a renamed path cannot slip by.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import tarfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blueprints.server import Bundle, BundleSpec, render_bundle

_WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Backend(http.server.ThreadingHTTPServer):
    """Answers with what it was asked, and with headers that nginx must replace or remove."""

    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name = name
        self.port = self.server_address[1]
        self.bodies: list[int] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Backend

    def do_GET(self) -> None:
        """Echo; /broken answers 500, /upgrade speaks WebSocket."""
        if self.headers.get("Upgrade", "").lower() == "websocket":
            accept = base64.b64encode(hashlib.sha1((self.headers["Sec-WebSocket-Key"] + _WEBSOCKET).encode()).digest())
            self.send_response(101)
            for name, value in (
                ("Upgrade", "websocket"),
                ("Connection", "Upgrade"),
                ("Sec-WebSocket-Accept", accept.decode()),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(self.connection.recv(64))
            self.close_connection = True
            return
        status = 500 if self.path == "/broken" else 404 if self.path == "/missing" else 200
        seen = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"backend": self.server.name, "path": self.path, "headers": seen}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Powered-By", "Flask")
        self.send_header("X-Frame-Options", "ALLOWALL")
        self.send_header("Content-Security-Policy", "default-src *")
        self.send_header("Strict-Transport-Security", "max-age=1")
        if self.path == "/cached":
            self.send_header("Cache-Control", "public, max-age=60")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Takes a body and echoes."""
        size = int(self.headers.get("Content-Length", 0))
        self.rfile.read(size)
        self.server.bodies.append(size)
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named so by the base class
        """Quiet."""


@dataclass
class Answer:
    """Status, headers by lower-case name (each with every value) and body."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def one(self, name: str) -> str:
        """The value of a header that must be there exactly once."""
        values = self.headers.get(name.lower(), [])
        assert len(values) == 1, f"{name}: {values}"
        return values[0]


@dataclass
class LiveNginx:
    """nginx running on a bundle. `bundle` is as rendered; `conf` is where its moved copy lies."""

    spec: BundleSpec
    folder: Path
    bundle: Bundle = field(init=False)
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)
    status: int = field(default_factory=free_port)

    def __enter__(self) -> LiveNginx:
        self.bundle = render_bundle(self.spec)
        self.conf = self.folder / "bundle" / "nginx"
        self.bundle.write(self.folder / "bundle")
        self.app, self.keycloak = Backend("app"), Backend("keycloak")
        self.certs, self.acme, self.www = (self.folder / name for name in ("certs", "acme", "www"))
        for path in (self.certs, self.acme, self.www / "static"):
            path.mkdir(parents=True)
        archive = self.folder / "bundle" / "static.tar.gz"
        if archive.exists():
            with tarfile.open(archive) as packed:
                packed.extractall(self.www / "static", filter="data")
        self.certify(self.spec.certificate_names or ["localhost"])
        self._move()
        # Workers keep this process's user, who alone may enter the test's folders.
        self.log = (self.folder / "nginx.log").open("w+")
        command = [self.program(), "-c", str(self.conf / "nginx.conf"), "-g", "daemon off; user root;"]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        self._wait()
        return self

    def __exit__(self, *error: object) -> None:
        self.process.send_signal(3)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for backend in (self.app, self.keycloak):
            backend.shutdown()
            backend.server_close()
        self.log.close()

    @staticmethod
    def program() -> str:
        """nginx; in a folder that is not on everyone's PATH."""
        found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert found is not None
        return found

    def certify(self, names: list[str]) -> None:
        """A certificate of an own authority, as a real one would be."""
        alternatives = ",".join(f"DNS:{name}" for name in names)
        for command in (
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "30", "-subj", "/CN=Test authority",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign",
             "-keyout", "ca.key", "-out", "ca.pem"],
            ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
             "-subj", f"/CN={names[0]}", "-keyout", "privkey.pem", "-out", "leaf.csr"],
        ):  # fmt: skip
            subprocess.run(command, cwd=self.certs, check=True, capture_output=True)
        (self.certs / "extensions").write_text(
            f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n"
        )
        sign = "openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 20 -extfile extensions -out fullchain.pem"
        subprocess.run(sign.split(), cwd=self.certs, check=True, capture_output=True)

    def _move(self) -> None:
        moves = {
            "listen 8080": f"listen 127.0.0.1:{self.http}",
            "listen 8443": f"listen 127.0.0.1:{self.https}",
            "listen 127.0.0.1:8081": f"listen 127.0.0.1:{self.status}",
            "/tmp/": f"{self.folder}/",
            "/etc/nginx/certs/": f"{self.certs}/",
            "/var/www/acme": str(self.acme),
            "172.30.0.10:8000": f"127.0.0.1:{self.app.port}",
        }
        if self.spec.static is not None:
            moves["/srv/www"] = str(self.www)
        if self.spec.keycloak is not None:
            moves["172.30.0.20:8080"] = f"127.0.0.1:{self.keycloak.port}"
        missed = set(moves)
        for path in self.conf.rglob("*.conf"):
            text = path.read_text()
            for old, new in moves.items():
                if old in text:
                    missed.discard(old)
                    text = text.replace(old, new)
            path.write_text(text)
        assert not missed, f"the configuration no longer mentions {sorted(missed)}"

    def _wait(self) -> None:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.https)) == 0:
                    return
            assert self.process.poll() is None, (self.folder / "nginx.log").read_text()
            time.sleep(0.05)
        raise AssertionError((self.folder / "nginx.log").read_text())

    def get(self, path: str, host: str = "shop.example.com", **options: Any) -> Answer:
        """A GET over HTTPS."""
        return self.request("GET", path, host, **options)

    def request(
        self,
        method: str,
        path: str,
        host: str = "shop.example.com",
        *,
        tls: bool = True,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request; the path is sent as it stands."""
        connection = self.connect(host, tls=tls)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            found: dict[str, list[str]] = {}
            for name, value in answer.getheaders():
                found.setdefault(name.lower(), []).append(value)
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def connect(self, host: str, *, tls: bool = True) -> http.client.HTTPConnection:
        """An open connection with the host as its server name."""
        if not tls:
            return http.client.HTTPConnection("127.0.0.1", self.http, timeout=10)
        context = ssl.create_default_context(cafile=str(self.certs / "ca.pem"))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=10, context=context)
        raw = socket.create_connection(("127.0.0.1", self.https), timeout=10)
        connection.sock = context.wrap_socket(raw, server_hostname=host)
        return connection

    def access_log(self) -> list[dict[str, Any]]:
        """Requests that nginx has logged so far."""
        time.sleep(0.1)
        lines = (self.folder / "nginx.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]
