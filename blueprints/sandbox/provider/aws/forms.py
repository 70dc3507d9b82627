"""Fills in the forms of the attribute tables."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.subject import Subject
from blueprints.sandbox.provider.values import UNKNOWN, Unknown, is_list, is_map

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

TABLES = {
    "network": "ec2 vpc lb alb elb ec2transitgateway",
    "compute": "ec2 ebs dlm autoscaling appautoscaling ecs lambda eks batch elasticbeanstalk apprunner",
    "storage": "s3 efs ecr ecrpublic backup glacier",
    "databases": "rds elasticache dynamodb dsql docdb redshift opensearch kinesis msk",
    "identity": "iam kms secretsmanager ssm cognito",
    "edge": "route53 acm acmpca cloudfront wafv2 apigatewayv2 apigateway",
    "messaging": "sqs sns cloudwatch scheduler sfn cloudtrail servicediscovery codedeploy codebuild codepipeline"
    " codecommit ses budgets appsync mq synthetics",
}
"""Which table knows the resources of which services."""

_MINTED = re.compile(r"^([a-z-]+-)#(\d+)$")
_CHOSEN = re.compile(r"^(hex|digits|upper|lower)(\d+)$")
_ONE_FIELD = re.compile(r"^\{([^{}\[\]]+)\}$")


@cache
def forms_of(short: str) -> dict[str, Any]:
    """The forms of a type such as `ec2/vpc:Vpc`; empty for a type that no table knows."""
    service = short.partition("/")[0]
    for table, services in TABLES.items():
        if service in services.split():
            module = importlib.import_module(f"blueprints.sandbox.provider.aws.attributes.{table}")
            if short in module.FORMS:
                return module.FORMS[short]
    return {}


@cache
def _identities() -> dict[str, dict[str, Any]]:
    return json.loads(Path(__file__).with_name("identities.json").read_text(encoding="utf-8"))


class Values(dict[str, Any]):
    """The values that a form may use, made when asked for."""

    def __init__(self, session: Session, subject: Subject, region: str) -> None:
        super().__init__()
        self.session, self.subject, self.region = session, subject, region
        self["r"], self["a"] = region, regions.ACCOUNT
        self["p"], self["s"] = regions.partition(region), regions.suffix(region)
        self["i"] = _Inputs(subject.inputs)
        self["last"] = _Last(subject.inputs)
        if subject.id:
            self["id"] = subject.id

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._make(key)
        return value

    def _make(self, key: str) -> Any:
        mint = self.subject.mint
        chosen = _CHOSEN.match(key)
        if chosen:
            kind, length = chosen[1], int(chosen[2])
            if kind == "hex":
                return mint.hex(key, length)
            return {"digits": mint.digits, "upper": mint.upper, "lower": mint.letters}[kind](key, length)
        if key == "uuid":
            return mint.uuid(key)
        if key == "name":
            return physical_name(self.subject)
        if key == "arn":
            return self.fill(forms_of(self.subject.type.partition(":")[2]).get("arn", ""))
        return special(key)(self)

    def fill(self, form: Any, label: str = "") -> Any:
        """A form as a value. Anything that depends on an unknown value is unknown."""
        if is_map(form):
            return {key: self.fill(item, f"{label}.{key}") for key, item in form.items()}
        if is_list(form):
            return [self.fill(item, f"{label}{index}") for index, item in enumerate(form)]
        if not isinstance(form, str):
            return form
        minted = _MINTED.match(form)
        if minted:
            if label == "id":
                return self.subject.mint.identity(minted[1], int(minted[2]))
            return self.subject.mint.identity(minted[1], int(minted[2]), label)
        single = _ONE_FIELD.match(form)
        if single:
            return self[single[1]]
        if "{" not in form:
            return form
        parts: list[str] = []
        for text, field, _spec, _conversion in _parsed(form):
            parts.append(text)
            if field is not None:
                value = self._field(field)
                if isinstance(value, Unknown):
                    return UNKNOWN
                parts.append("" if value is None else str(value))
        return "".join(parts)

    def _field(self, field: str) -> Any:
        name, bracket, member = field.partition("[")
        return self[name][member[:-1]] if bracket else self[name]


@cache
def _parsed(form: str) -> tuple[Any, ...]:
    return tuple(Formatter().parse(form))


class _Inputs(dict[str, Any]):
    def __missing__(self, key: str) -> Any:
        return None


class _Last(dict[str, Any]):
    """What follows the last `/` or `:` of an input."""

    def __missing__(self, key: str) -> Any:
        return None

    def __init__(self, inputs: dict[str, Any]) -> None:
        super().__init__({key: _last(value) for key, value in inputs.items() if isinstance(value, str | Unknown)})


def _last(value: str | Unknown) -> str | Unknown:
    return value if isinstance(value, Unknown) else re.split(r"[/:]", value)[-1]


@cache
def special(key: str) -> Callable[[Values], Any]:
    """The function that makes the value `key`."""
    for name in ("compute", "stores", "services"):
        module = importlib.import_module(f"blueprints.sandbox.provider.aws.specials.{name}")
        if hasattr(module, key):
            return getattr(module, key)
    raise KeyError(key)


def physical_name(subject: Subject) -> Any:
    """The name that AWS knows the resource by; its logical name where it has none."""
    rule = subject.knowledge.name_rule
    prop = rule.property if rule else "name"
    for name in (prop, "name"):
        value = subject.inputs.get(name)
        if value:
            return value
    prefix = subject.inputs.get(f"{prop}Prefix")
    if isinstance(prefix, Unknown):
        return prefix
    if prefix:
        # The provider appends a time stamp and a counter, 26 digits, as far as the name may be that long.
        room = (rule.max_length if rule else 255) - len(str(prefix))
        return f"{prefix}{subject.mint.digits('name', 26)[: max(room, 1)]}"
    return subject.name


def identity(values: Values) -> str:
    """The id of a new resource."""
    subject = values.subject
    form = forms_of(subject.type.partition(":")[2]).get("id")
    if form is None:
        return _derived_identity(values, _identities().get(subject.type, {}))
    if form.startswith("@"):
        form = forms_of(subject.type.partition(":")[2])[form[1:]]
    return str(values.fill(form, "id"))


def _derived_identity(values: Values, rule: dict[str, Any]) -> str:
    subject = values.subject
    inputs = subject.inputs
    if "is" in rule:
        given = physical_name(subject) if rule["is"] == "name" else inputs.get(rule["is"])
        if isinstance(given, str | int):
            return str(given)
    if "arn" in rule:
        return derived_arn(values, rule["arn"])
    if "mint" in rule:
        return subject.mint.identity(rule["mint"], rule["length"])
    if "join" in rule and all(inputs.get(name) is not None for name in rule["join"]):
        return str(rule["with"]).join(str(inputs[name]) for name in rule["join"])
    return subject.mint.identity("", 20)


def derived_arn(values: Values, form: str) -> str:
    """An ARN from the documentation's form `service:r:a:kind/{name}`."""
    service, region, account, rest = form.split(":", 3)
    return values.fill(f"arn:{{p}}:{service}:{'{r}' if region else ''}:{'{a}' if account else ''}:{rest}")


def generic_arn(values: Values) -> str:
    """An ARN for a type whose form nobody wrote down: service, type and id."""
    subject = values.subject
    rule = _identities().get(subject.type, {})
    if "arn" in rule:
        return derived_arn(values, rule["arn"])
    if subject.id.startswith("arn:"):
        return subject.id
    kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", subject.short_type).lower()
    return values.fill(f"arn:{{p}}:{subject.service}:{{r}}:{{a}}:{kind}/") + subject.id
