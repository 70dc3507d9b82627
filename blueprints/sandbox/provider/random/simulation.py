# ruff: noqa: ARG002 - every simulation answers the same questions
"""The simulated package `random`: values that depend on the resource's URN and on nothing else."""

from __future__ import annotations

import base64
import string
from dataclasses import replace
from typing import Any

from blueprints.sandbox.provider.diffing import Change
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.random.words import ADJECTIVES, PETS
from blueprints.sandbox.provider.session import Session
from blueprints.sandbox.provider.simulation import Simulation
from blueprints.sandbox.provider.subject import Subject

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The provider's own special characters (hashicorp/random, `override_special`)."""


def create(session: Session) -> Simulation:
    """The simulation for one provider process."""
    return RandomSimulation(session)


class RandomSimulation(Simulation):
    """Random values. A replacement gets other ones; a second machine gets the same."""

    package = "random"

    def changes(self, subject: Subject, found: list[Change]) -> list[Change]:
        """Every change asks for another value."""
        return [replace(change, replaces=True, certain=True) for change in found]

    def rules(self, subject: Subject, findings: Findings) -> None:
        """What cannot be made."""
        inputs, source = subject.inputs, "hashicorp/random documentation"
        length = inputs.get("length")
        if subject.short_type in ("RandomPassword", "RandomString"):
            least = [inputs.get(name, 0) for name in ("minLower", "minUpper", "minNumeric", "minSpecial")]
            if isinstance(length, int) and all(isinstance(value, int) for value in least) and sum(least) > length:
                findings.error("length", f"`length` is {length}, and the minima add up to {sum(least)}; raise `length`",
                               f"{subject.type}/length/minimum", source)  # fmt: skip
            if not _alphabets(inputs):
                findings.error("", "every kind of character is switched off; allow lower, upper, numeric or special",
                               f"{subject.type}/characters", source)  # fmt: skip
        low, high = inputs.get("min"), inputs.get("max")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            findings.error("min", f"`min` ({low}) is above `max` ({high})", f"{subject.type}/min/maximum", source)

    def identity(self, subject: Subject) -> str:
        """The provider uses the value itself for an id, except where it is a secret."""
        match subject.short_type:
            case "RandomPassword" | "RandomBytes":
                return "none"
            case "RandomShuffle":
                return "-"
            case "RandomId":
                return str(_random_id(subject)["b64Url"])
            case "RandomPet":
                return _pet(subject)
            case _:
                return str(self.computed(subject).get("result", subject.mint.hex("id", 16)))

    def computed(self, subject: Subject) -> dict[str, Any]:
        """The values."""
        inputs, mint = subject.inputs, subject.mint
        match subject.short_type:
            case "RandomPassword":
                return {
                    "result": _text(subject),
                    "bcryptHash": f"$2a$10${mint.letters('bcrypt', 53, _BCRYPT)}",
                    **_defaults(inputs),
                }
            case "RandomString":
                return {"result": _text(subject), **_defaults(inputs)}
            case "RandomInteger":
                low, high = int(inputs["min"]), int(inputs["max"])
                return {"result": low + mint.number("integer", high - low + 1)}
            case "RandomUuid" | "RandomUuid4":
                return {"result": mint.uuid("uuid")}
            case "RandomUuid7":
                return {"result": f"018cc251-f400-7{mint.uuid('uuid')[15:]}"}
            case "RandomId":
                return _random_id(subject)
            case "RandomBytes":
                raw = _raw(subject, int(inputs["length"]))
                return {"base64": base64.b64encode(raw).decode(), "hex": raw.hex()}
            case "RandomShuffle":
                return {"results": _shuffled(subject)}
            case "RandomPet":
                return {"length": inputs.get("length", 2), "separator": inputs.get("separator", "-")}
            case _:
                return {}


_BCRYPT = "./" + string.ascii_letters + string.digits


def _defaults(inputs: dict[str, Any]) -> dict[str, Any]:
    on = {name: True for name in ("lower", "upper", "special", "number", "numeric") if name not in inputs}
    return {**on, **{name: 0 for name in ("minLower", "minUpper", "minNumeric", "minSpecial") if name not in inputs}}


def _alphabets(inputs: dict[str, Any]) -> dict[str, str]:
    numeric = inputs.get("numeric", inputs.get("number", True))
    switches = {
        "minLower": (inputs.get("lower", True), string.ascii_lowercase),
        "minUpper": (inputs.get("upper", True), string.ascii_uppercase),
        "minNumeric": (numeric, string.digits),
        "minSpecial": (inputs.get("special", True), inputs.get("overrideSpecial") or _SPECIAL),
    }
    return {name: str(characters) for name, (on, characters) in switches.items() if on is not False}


def _text(subject: Subject) -> str:
    """Characters of the allowed kinds, with at least as many of each as asked for."""
    inputs, mint = subject.inputs, subject.mint
    length, alphabets = int(inputs["length"]), _alphabets(inputs)
    picked: list[str] = []
    for name, characters in alphabets.items():
        least = int(inputs.get(name) or 0)
        picked += _letters(mint, f"{name}", least, characters)
    everything = "".join(alphabets.values())
    picked += _letters(mint, "rest", max(length - len(picked), 0), everything)
    order = sorted(range(len(picked)), key=lambda index: mint.digest(f"order{index}"))
    return "".join(picked[index] for index in order)


def _letters(mint: Any, label: str, count: int, alphabet: str) -> list[str]:
    found: list[str] = []
    for start in range(0, count, 32):
        found += mint.letters(f"{label}{start}", min(32, count - start), alphabet)
    return found


def _raw(subject: Subject, length: int) -> bytes:
    blocks = (bytes.fromhex(subject.mint.digest(f"bytes{start}")) for start in range(0, length, 32))
    return b"".join(blocks)[:length]


def _random_id(subject: Subject) -> dict[str, Any]:
    raw = _raw(subject, int(subject.inputs["byteLength"]))
    prefix = str(subject.inputs.get("prefix") or "")
    return {
        "hex": f"{prefix}{raw.hex()}",
        "dec": f"{prefix}{int.from_bytes(raw)}",
        "b64Std": f"{prefix}{base64.b64encode(raw).decode()}",
        "b64Url": f"{prefix}{base64.urlsafe_b64encode(raw).decode().rstrip('=')}",
    }


def _shuffled(subject: Subject) -> list[Any]:
    given = list(subject.inputs["inputs"])
    order = sorted(range(len(given)), key=lambda index: subject.mint.digest(f"shuffle{index}"))
    wanted = subject.inputs.get("resultCount")
    count = len(given) if wanted is None else int(wanted)
    return [given[order[index % len(order)]] for index in range(count)] if given else []


def _pet(subject: Subject) -> str:
    inputs, mint = subject.inputs, subject.mint
    length = int(inputs.get("length") or 2)
    words = [ADJECTIVES[mint.number(f"word{index}", len(ADJECTIVES))] for index in range(length - 1)]
    words.append(PETS[mint.number("pet", len(PETS))])
    prefix = inputs.get("prefix")
    return str(inputs.get("separator") or "-").join([str(prefix), *words] if prefix else words)
