"""Values that AWS would choose, made so that the same program always gets the same ones.

Everything derives from the URN and from how often that URN was created before: a second machine sees the same ids, a
replacement sees different ones. Hexadecimal ids carry their own check digits, so that the sandbox can tell an id that
it gave out from one that was copied out of a real account.
"""

from __future__ import annotations

import hashlib
import re
import string

_CHECK = 4
_LOWER = string.ascii_lowercase + string.digits
_UPPER = string.ascii_uppercase + string.digits


def check_digits(prefix: str, body: str) -> str:
    """The digits that end an id minted here."""
    return hashlib.sha256(f"{prefix}\0{body}".encode()).hexdigest()[:_CHECK]


class Mint:
    """Makes the values of one resource."""

    def __init__(self, urn: str, generation: int = 0) -> None:
        self._seed = f"{urn}\0{generation}"

    def digest(self, label: str) -> str:
        """64 hexadecimal digits that depend on the resource and on `label` only."""
        return hashlib.sha256(f"{self._seed}\0{label}".encode()).hexdigest()

    def number(self, label: str, below: int) -> int:
        """A whole number from 0 to below `below`."""
        return int(self.digest(label), 16) % below

    def identity(self, prefix: str, length: int, label: str = "") -> str:
        """An id of `length` hexadecimal digits after `prefix`: `vpc-0f3...`; `label` tells several of a kind apart."""
        body = ("0" + self.digest(f"{prefix}{label}"))[: length - _CHECK]
        return f"{prefix}{body}{check_digits(prefix, body)}"

    def hex(self, label: str, length: int) -> str:
        """Hexadecimal digits with check digits and no prefix."""
        return self.identity("", length) if not label else _checked(self.digest(label)[: length - _CHECK])

    def digits(self, label: str, length: int) -> str:
        """Decimal digits, the first never zero."""
        value = str(int(self.digest(label), 16))[-length:]
        return ("1" if value[0] == "0" else value[0]) + value[1:]

    def letters(self, label: str, length: int, alphabet: str = _LOWER) -> str:
        """Letters and digits of `alphabet`."""
        value = int(self.digest(label) + self.digest(f"{label}+"), 16)
        picked: list[str] = []
        for _ in range(length):
            value, index = divmod(value, len(alphabet))
            picked.append(alphabet[index])
        return "".join(picked)

    def upper(self, label: str, length: int) -> str:
        """Capital letters and digits, as CloudFront's and IAM's ids have them."""
        return self.letters(label, length, _UPPER)

    def uuid(self, label: str) -> str:
        """A version 4 UUID that ends in check digits."""
        d = _checked(self.digest(label)[: 32 - _CHECK])
        return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:28]}{check_digits('uuid', d[:12] + d[20:28])}"


def _checked(body: str) -> str:
    return body + check_digits("", body)


_PREFIXED = re.compile(r"^([a-z]+(?:-[a-z]+)*-)([0-9a-f]{8,17})$")
_UUID = re.compile(r"^([0-9a-f]{8})-([0-9a-f]{4})-4[0-9a-f]{3}-a[0-9a-f]{3}-([0-9a-f]{8})([0-9a-f]{4})$")


def minted_here(text: str) -> bool:
    """Whether a text is an id that a sandbox gave out: its own check digits fit."""
    match = _PREFIXED.match(text)
    if match:
        prefix, body = match.groups()
        return body[-_CHECK:] == check_digits(prefix, body[:-_CHECK])
    match = _UUID.match(text)
    return bool(match) and match[4] == check_digits("uuid", match[1] + match[2] + match[3])
