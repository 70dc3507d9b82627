# ruff: noqa: ARG002 - every simulation answers the same questions
"""The simulated package `tls`: keys and certificates that have the right shape and open nothing.

Public keys in OpenSSH form are well formed, since other services read them. Everything in PEM says inside that it is a
placeholder: the sandbox makes no key that somebody could take for a real one.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import replace
from typing import Any

from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject

# Settings that say when to renew; everything else makes another key or certificate.
_IN_PLACE = ("earlyRenewalHours",)
_START, _END = "2024-01-01T00:00:00Z", "2034-01-01T00:00:00Z"


def create(session: Session) -> Simulation:
    """The simulation for one provider process."""
    return TlsSimulation(session)


class TlsSimulation(Simulation):
    """Keys and certificates."""

    package = "tls"

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """Nearly every change asks for another key or certificate."""
        return [replace(change, replaces=change.path[0] not in _IN_PLACE, certain=True) for change in found]

    def identity(self, subject: Subject) -> str:
        """The provider hashes what it made."""
        return subject.mint.hex("id", 40)

    def computed(self, subject: Subject) -> dict[str, Any]:
        """Placeholders."""
        match subject.short_type:
            case "PrivateKey":
                return _private_key(subject)
            case "CertRequest":
                return {"certRequestPem": pem("CERTIFICATE REQUEST", subject), "keyAlgorithm": "RSA"}
            case "SelfSignedCert":
                return {**_certificate(subject), "keyAlgorithm": "RSA"}
            case "LocallySignedCert":
                return {**_certificate(subject), "caKeyAlgorithm": "RSA"}
            case _:
                return {}

    def invoke(self, token: str, arguments: dict[str, Any], preview: bool) -> dict[str, Any]:
        """A certificate chain is looked up in the network, where the sandbox never goes; keys are placeholders."""
        if token == "tls:index/getPublicKey:getPublicKey":  # noqa: S105 - the name of a function
            made = _keys("RSA", hashlib.sha256(str(sorted(arguments.items())).encode()).digest())
            return {**arguments, "id": made["publicKeyFingerprintMd5"], "algorithm": "RSA", **made}
        return super().invoke(token, arguments, preview)


def pem(kind: str, subject: Subject) -> str:
    """PEM armour around a text that says what it is."""
    text = f"blueprints sandbox placeholder, not a real {kind.lower()}: {subject.mint.hex(kind, 64)}"
    body = base64.b64encode(text.encode()).decode()
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"


def _certificate(subject: Subject) -> dict[str, Any]:
    return {
        "certPem": pem("CERTIFICATE", subject),
        "readyForRenewal": False,
        "validityStartTime": _START,
        "validityEndTime": _END,
        "isCaCertificate": subject.inputs.get("isCaCertificate", False),
    }


def _private_key(subject: Subject) -> dict[str, Any]:
    algorithm = str(subject.inputs.get("algorithm") or "RSA")
    seed = bytes.fromhex(subject.mint.digest("key"))
    kind = {"RSA": "RSA PRIVATE KEY", "ECDSA": "EC PRIVATE KEY"}.get(algorithm, "PRIVATE KEY")
    return {
        "privateKeyPem": pem(kind, subject),
        "privateKeyPemPkcs8": pem("PRIVATE KEY", subject),
        "privateKeyOpenssh": pem("OPENSSH PRIVATE KEY", subject),
        "ecdsaCurve": subject.inputs.get("ecdsaCurve", "P224"),
        "rsaBits": subject.inputs.get("rsaBits", 2048),
        **_keys(
            algorithm, seed, str(subject.inputs.get("ecdsaCurve") or "P256"), int(subject.inputs.get("rsaBits") or 2048)
        ),
    }


def _field(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def _stretch(seed: bytes, length: int) -> bytes:
    blocks = (hashlib.sha256(seed + bytes([number & 255, number >> 8])).digest() for number in range(length // 32 + 1))
    return b"".join(blocks)[:length]


def _keys(algorithm: str, seed: bytes, curve: str = "P256", bits: int = 2048) -> dict[str, Any]:
    """A public key in OpenSSH form with numbers of the right size, and its fingerprints."""
    if algorithm == "ED25519":
        name, blob = "ssh-ed25519", _field(b"ssh-ed25519") + _field(_stretch(seed, 32))
    elif algorithm == "ECDSA":
        size = {"P224": 28, "P256": 32, "P384": 48, "P521": 66}.get(curve, 32)
        short = f"nistp{curve[1:]}".encode()
        name = f"ecdsa-sha2-{short.decode()}"
        blob = _field(name.encode()) + _field(short) + _field(b"\x04" + _stretch(seed, 2 * size))
    else:
        modulus = bytearray(_stretch(seed, bits // 8))
        modulus[0] |= 0x80
        modulus[-1] |= 1
        name = "ssh-rsa"
        blob = _field(b"ssh-rsa") + _field(b"\x01\x00\x01") + _field(b"\x00" + bytes(modulus))
    md5 = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    sha256 = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    body = base64.b64encode(blob).decode()
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return {
        "publicKeyOpenssh": f"{name} {body}\n",
        "publicKeyPem": f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n",
        "publicKeyFingerprintMd5": ":".join(md5[start : start + 2] for start in range(0, 32, 2)),
        "publicKeyFingerprintSha256": f"SHA256:{sha256}",
    }
