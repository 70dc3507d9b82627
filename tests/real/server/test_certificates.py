"""Certificates with the real openssl: temporary ones, ones that were brought along, and what an authority issues."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from blueprints.server.agent import certificates
from blueprints.server.agent.errors import AgentError
from blueprints.server.agent.layout import Layout
from blueprints.server.agent.secret_store import Secret

pytestmark = pytest.mark.real


@pytest.fixture
def layout(system: None, tmp_path: Path) -> Layout:
    """A server with its data and memory folders."""
    made = Layout(tmp_path)
    (tmp_path / "srv/data/certificates").mkdir(parents=True)
    (tmp_path / "srv/memory").mkdir(parents=True)
    return made


def description(mode: str, *domains: str) -> dict[str, Any]:
    tls = {"mode": mode, "email": None, "directory": "https://ca.example.com/directory"}
    return {"tls": tls, "domains": list(domains or ("shop.example.com",)), "nginx_user": os.geteuid()}


def pair(folder: Path, days: int = 60, name: str = "shop.example.com") -> tuple[str, str]:
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", str(days), "-subj", f"/CN={name}",
        "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(folder / "privkey.pem"),
        "-out", str(folder / "fullchain.pem"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "fullchain.pem").read_text(), (folder / "privkey.pem").read_text()


def served(layout: Layout) -> str:
    return (layout.tls / "fullchain.pem").read_text()


def test_a_provided_pair_is_taken_as_it_is(layout: Layout, tmp_path: Path) -> None:
    certificate, key = pair(tmp_path / "own")
    secret = Secret(json.dumps({"certificate": certificate, "private_key": key}), "1")
    assert certificates.ensure(layout, description("provided"), {"tls_certificate": secret})
    assert served(layout) == certificate
    assert not certificates.ensure(layout, description("provided"), {"tls_certificate": secret})


def test_a_key_of_another_certificate_is_refused_and_the_old_pair_stays(layout: Layout, tmp_path: Path) -> None:
    certificate, key = pair(tmp_path / "own")
    good = Secret(json.dumps({"certificate": certificate, "private_key": key}), "1")
    certificates.ensure(layout, description("provided"), {"tls_certificate": good})
    _, other = pair(tmp_path / "other")
    wrong = Secret(json.dumps({"certificate": certificate, "private_key": other}), "2")
    with pytest.raises(AgentError, match="does not belong to the certificate") as caught:
        certificates.ensure(layout, description("provided"), {"tls_certificate": wrong})
    assert other not in str(caught.value)
    assert served(layout) == certificate


@pytest.mark.parametrize("value", ["", "{", "[]", '{"certificate": "x"}'])
def test_a_secret_of_another_form_is_explained(layout: Layout, value: str) -> None:
    with pytest.raises(AgentError, match="tls_certificate must be JSON"):
        certificates.ensure(layout, description("provided"), {"tls_certificate": Secret(value, "1")})


def test_a_self_signed_one_is_kept_until_its_names_change(layout: Layout) -> None:
    certificates.ensure(layout, description("self_signed"), {})
    first = served(layout)
    assert not certificates.ensure(layout, description("self_signed"), {})
    assert certificates.ensure(layout, description("self_signed", "shop.example.com", "www.example.com"), {})
    assert served(layout) != first
    assert 89 < certificates.days_left(layout.tls / "fullchain.pem") <= 90


def test_acme_starts_on_a_temporary_one_that_counts_as_no_days_left(layout: Layout) -> None:
    certificates.ensure(layout, description("acme"), {})
    assert "BEGIN CERTIFICATE" in served(layout)
    assert certificates.trusted_days_left(layout, description("acme")) == 0
    assert certificates.trusted_days_left(layout, description("self_signed")) > 89


def authority(layout: Layout, monkeypatch: pytest.MonkeyPatch, days: int = 90) -> list[list[str]]:
    """A certbot that issues at once; every call is recorded."""
    asked: list[list[str]] = []
    real = certificates.run

    def run(command: list[str], **known: Any) -> str:
        if command[0] != "certbot":
            return real(command, **known)
        asked.append(command)
        pair(layout.data / "certificates/live/server", days)
        return ""

    monkeypatch.setattr(certificates, "run", run)
    return asked


def test_acme_issues_once_and_the_issued_one_is_served(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = authority(layout, monkeypatch)
    wanted = description("acme")
    certificates.ensure(layout, wanted, {})
    temporary = served(layout)
    assert certificates.renew(layout, wanted)
    assert certificates.ensure(layout, wanted, {})
    assert served(layout) != temporary
    assert certificates.trusted_days_left(layout, wanted) > 89
    assert not certificates.renew(layout, wanted)
    assert len(asked) == 1
    command = asked[0]
    assert command[command.index("--server") + 1] == "https://ca.example.com/directory"
    assert command[command.index("--webroot-path") + 1] == str(layout.data / "acme")
    assert command[-2:] == ["--domain", "shop.example.com"]
    assert "--register-unsafely-without-email" in command


@pytest.mark.parametrize(("days", "renewed"), [(29, True), (31, False)])
def test_renewal_begins_thirty_days_before_the_end(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, days: int, renewed: bool
) -> None:
    pair(layout.data / "certificates/live/server", days)
    asked = authority(layout, monkeypatch)
    assert certificates.renew(layout, description("acme")) is renewed
    assert len(asked) == int(renewed)


def test_a_further_domain_is_reason_enough(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    pair(layout.data / "certificates/live/server", 80)
    asked = authority(layout, monkeypatch)
    assert certificates.renew(layout, description("acme", "shop.example.com", "www.example.com"))
    assert asked[0][-4:] == ["--domain", "shop.example.com", "--domain", "www.example.com"]


def test_certbot_knows_every_option_that_is_used(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = authority(layout, monkeypatch)
    certificates.renew(layout, description("acme"))
    known = subprocess.run(["certbot", "--help", "all"], capture_output=True, text=True, check=True).stdout
    for option in (word for word in asked[0] if word.startswith("--")):
        assert option in known, option
