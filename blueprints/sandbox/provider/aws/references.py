"""Whether inputs that refer to other resources can: the right kind of text, and something behind it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.facts import Fact
from blueprints.sandbox.provider.checks.facts import found
from blueprints.sandbox.provider.errors import Findings
from blueprints.sandbox.provider.mint import minted_here
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import format_path, leaves

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

_ARN = re.compile(r"^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+", re.DOTALL)
_URL = re.compile(r"^https?://")
_PREFIXED_ID = re.compile(r"^[a-z]+(-[a-z]+)*-[0-9a-f]{8,17}$")
_EXISTENCE = "sandbox/reference"


def check_references(session: Session, subject: Subject, findings: Findings) -> None:
    """Adds references of the wrong kind, and changed ones that lead nowhere."""
    for fact in subject.knowledge.facts.of("reference"):
        for path, value in found(subject.inputs, fact.path):
            if isinstance(value, str) and value:
                _check_form(fact, format_path(path), value, findings)
    _check_existence(session, subject, findings)


def _kind(value: str) -> str:
    if _ARN.match(value):
        return "arn"
    if _URL.match(value):
        return "url"
    return "id" if _PREFIXED_ID.match(value) else "name"


def _check_form(fact: Fact, path: str, value: str, findings: Findings) -> None:
    forms = set(fact.value.get("forms", ()))
    if not forms or "other" in forms:
        return
    prefix = fact.value.get("prefix")
    kind = _kind(value)
    wrong = ""
    if forms == {"arn"} and kind != "arn":
        wrong = "an ARN"
    elif kind == "arn" and "arn" not in forms:
        wrong = " or ".join(sorted(f"an {f}" if f in ("id", "arn") else f"a {f}" for f in forms)) + ", not an ARN"
    elif kind == "url" and "url" not in forms:
        wrong = " or ".join(sorted(forms)) + ", not a URL"
    elif prefix and forms == {"id"} and kind == "id" and not value.startswith(prefix):
        wrong = f"an id that starts with `{prefix}`"
    if wrong:
        message = f"`{path}` must be {wrong}; it is `{value}`"
        add = findings.error if fact.closed else findings.warn
        add(path, message, fact.rule_id, str(fact.source))


def _check_existence(session: Session, subject: Subject, findings: Findings) -> None:
    """An id that a sandbox gave out and that nobody has any more leads nowhere: AWS would answer NotFound.

    Ids that were not given out here are taken as they are: they belong to the real account, which may have them.
    """
    before = dict(leaves(subject.olds))
    for path, value in leaves(subject.inputs):
        if not isinstance(value, str) or path[0] in ("tags", "tagsAll", "description", "name"):
            continue
        if before.get(path) == value or len(value) > 400 or not _given_out(value):
            continue
        if session.account.exists(value) or _mentioned(session, value) or _built_in(session, value):
            continue
        findings.error(
            format_path(path),
            f"`{format_path(path)}` refers to `{value}`, which does not exist in the simulated account (any more); run"
            " `pulumi refresh` if it was removed outside Pulumi",
            _EXISTENCE,
            "the simulated account",
        )


def _given_out(value: str) -> bool:
    """Whether the whole text is an id, or an ARN that ends in one, which a sandbox gave out."""
    if _ARN.match(value):
        last = re.split(r"[/:]", value)[-1]
        return value.count(":") == 5 and ":key/" in value and minted_here(last)
    return minted_here(value)


def _mentioned(session: Session, value: str) -> bool:
    """Parts of a resource (its default security group, its network interface) have ids of their own."""
    return session.account.known_text(value)


def _built_in(session: Session, value: str) -> bool:
    if value.startswith(("ami-", "snap-", "pl-")):
        return True
    types: dict[str, Any] = {
        "vpc-": "aws:ec2/vpc:Vpc",
        "subnet-": "aws:ec2/subnet:Subnet",
        "sg-": "aws:ec2/securityGroup:SecurityGroup",
        "rtb-": "aws:ec2/routeTable:RouteTable",
        "igw-": "aws:ec2/internetGateway:InternetGateway",
    }
    token = next((kind for prefix, kind in types.items() if value.startswith(prefix)), None)
    return token is not None and session.world.resource(token, value) is not None
