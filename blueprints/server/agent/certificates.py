"""The server's certificate: issued by ACME, brought along, or signed by itself until there is a better one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .errors import AgentError
from .files import folder, write
from .layout import Layout
from .process import run
from .secret_store import Secret

RENEW_BEFORE_DAYS = 30
_SELF_SIGNED_DAYS = 90
_ACME_NAME = "server"


def ensure(layout: Layout, description: Mapping[str, Any], secrets: Mapping[str, Secret]) -> bool:
    """Puts the best certificate there is where nginx reads it. Works without the network. Says whether it changed."""
    mode = description["tls"]["mode"]
    if mode == "provided":
        certificate, key = _provided(secrets["tls_certificate"])
    elif mode == "acme" and _issued(layout).exists():
        certificate = _issued(layout).read_text(encoding="utf-8")
        key = _issued(layout).with_name("privkey.pem").read_text(encoding="utf-8")
    else:
        certificate, key = _self_signed(layout, description["domains"] or ["localhost"])
    _matches(certificate, key)
    uid = description["nginx_user"]
    folder(layout.tls, uid=uid, gid=uid, mode=0o500)
    changed = write(layout.tls / "privkey.pem", key.encode(), uid=uid, gid=uid, mode=0o400)
    return write(layout.tls / "fullchain.pem", certificate.encode(), uid=uid, gid=uid, mode=0o400) or changed


def renew(layout: Layout, description: Mapping[str, Any]) -> bool:
    """Issues or renews by ACME when fewer than 30 days are left. The old certificate serves meanwhile."""
    tls = description["tls"]
    if tls["mode"] != "acme":
        return False
    issued = _issued(layout)
    if issued.exists() and days_left(issued) > RENEW_BEFORE_DAYS and _names(issued) == set(description["domains"]):
        return False
    account = ["--email", tls["email"], "--no-eff-email"] if tls["email"] else ["--register-unsafely-without-email"]
    home = layout.data / "certificates"
    command = [
        "certbot", "certonly", "--non-interactive", "--agree-tos", "--quiet", *account,
        "--server", tls["directory"], "--cert-name", _ACME_NAME, "--key-type", "ecdsa", "--elliptic-curve", "secp256r1",
        "--webroot", "--webroot-path", str(layout.data / "acme"), "--force-renewal", "--expand",
        "--config-dir", str(home), "--work-dir", str(home / "work"), "--logs-dir", str(home / "logs"),
    ]  # fmt: skip
    run([*command, *(word for name in description["domains"] for word in ("--domain", name))], timeout=600)
    return True


def days_left(certificate: Path) -> float:
    """Days until a certificate ends; negative when it has."""
    line = run(["openssl", "x509", "-noout", "-enddate", "-in", str(certificate)]).strip()
    end = datetime.strptime(line.removeprefix("notAfter="), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
    return (end - datetime.now(UTC)).total_seconds() / 86400


def trusted_days_left(layout: Layout, description: Mapping[str, Any]) -> float:
    """Days for the alarm: 0 while a temporary certificate stands in for one that should have been issued."""
    if description["tls"]["mode"] == "acme" and not _issued(layout).exists():
        return 0.0
    return days_left(layout.tls / "fullchain.pem")


def _issued(layout: Layout) -> Path:
    return layout.data / "certificates" / "live" / _ACME_NAME / "fullchain.pem"


def _names(certificate: Path) -> set[str]:
    text = run(["openssl", "x509", "-noout", "-ext", "subjectAltName", "-in", str(certificate)])
    return {word.removeprefix("DNS:") for word in text.replace(",", " ").split() if word.startswith("DNS:")}


def _provided(secret: Secret) -> tuple[str, str]:
    try:
        both = json.loads(secret.value)
        return both["certificate"], both["private_key"]
    except (ValueError, KeyError, TypeError):
        raise AgentError(
            'tls_certificate must be JSON: {"certificate": "<PEM chain>", "private_key": "<PEM>"}'
        ) from None


def _self_signed(layout: Layout, names: list[str]) -> tuple[str, str]:
    home = folder(layout.data / "certificates" / "temporary", mode=0o700)
    certificate, key = home / "fullchain.pem", home / "privkey.pem"
    if not certificate.exists() or days_left(certificate) < RENEW_BEFORE_DAYS or _names(certificate) != set(names):
        alternatives = ",".join(f"DNS:{name}" for name in names)
        scratch_key, scratch = home / "new.key", home / "new.pem"
        run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc",
                "-days", str(_SELF_SIGNED_DAYS), "-subj", f"/CN={names[0][:64]}",
                "-addext", f"subjectAltName={alternatives}",
                "-keyout", str(scratch_key), "-out", str(scratch),
            ]
        )  # fmt: skip
        scratch_key.replace(key)
        scratch.replace(certificate)
    return certificate.read_text(encoding="utf-8"), key.read_text(encoding="utf-8")


def _matches(certificate: str, key: str) -> None:
    public = run(["openssl", "x509", "-noout", "-pubkey"], text=certificate)
    if public != run(["openssl", "pkey", "-pubout"], text=key):
        raise AgentError("the private key does not belong to the certificate; nginx keeps the one it has")
