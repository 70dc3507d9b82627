"""IAM, DNS, firewalls, APIs and messages: what their outputs need beyond a form."""

from __future__ import annotations

import json
from typing import Any

from blueprints.sandbox.provider.aws.forms import Values, physical_name
from blueprints.sandbox.provider.aws.specials.inputs import setting
from blueprints.sandbox.provider.values import UNKNOWN, Unknown


def iampath(values: Values) -> str:
    """The path of an IAM name, with a slash at both ends."""
    return str(setting(values, "path", "/"))


def urlhost(values: Values) -> Any:
    """A URL without its scheme."""
    url = setting(values, "url", "")
    return url if isinstance(url, Unknown) else str(url).removeprefix("https://")


def versionuuid(values: Values) -> str:
    """The id of a secret's version."""
    return values.subject.mint.uuid("version")


def ssmpath(values: Values) -> Any:
    """The name of a parameter with a leading slash."""
    name = physical_name(values.subject)
    return name if isinstance(name, Unknown) else "/" + str(name).lstrip("/")


def clientsecret(values: Values) -> str | None:
    """The secret of a user pool client, where it asked for one."""
    return values.subject.mint.letters("secret", 52) if setting(values, "generateSecret") is True else None


def _zone_name(values: Values) -> str:
    zone = str(setting(values, "zoneId", ""))
    for row in values.session.account.by_handle(zone):
        name = values.session.account.outputs(row).get("name")
        if isinstance(name, str):
            return name.rstrip(".")
    declared = values.session.world.resource("aws:route53/zone:Zone", zone)
    return str((declared or {}).get("name", "")).rstrip(".")


def recordfqdn(values: Values) -> Any:
    """The full name of a record: a name below the zone may be written without it."""
    name = setting(values, "name", "")
    if isinstance(name, Unknown) or isinstance(setting(values, "zoneId"), Unknown):
        return UNKNOWN
    text, zone = str(name).rstrip("."), _zone_name(values)
    if not zone or text == zone or text.endswith(f".{zone}"):
        return text or zone
    return f"{text}.{zone}" if text else zone


def recordid(values: Values) -> str:
    """Zone, name and type, and the set identifier of a weighted record."""
    parts = [setting(values, "zoneId", ""), str(setting(values, "name", "")).lower(), setting(values, "type", "")]
    identifier = setting(values, "setIdentifier")
    return "_".join(str(part) for part in [*parts, *([identifier] if identifier else [])])


def wafregion(values: Values) -> str:
    """Web ACLs for CloudFront live in us-east-1."""
    return "us-east-1" if setting(values, "scope") == "CLOUDFRONT" else values.region


def wafscope(values: Values) -> str:
    """The scope as ARNs spell it."""
    return "global" if setting(values, "scope") == "CLOUDFRONT" else "regional"


def apischeme(values: Values) -> str:
    """How an API is reached."""
    return "wss" if setting(values, "protocolType") == "WEBSOCKET" else "https"


def stageurl(values: Values) -> Any:
    """Where a stage answers; the default stage of an HTTP API has no path."""
    name = physical_name(values.subject)
    base = values.fill("https://{i[apiId]}.execute-api.{r}.{s}/")
    return base if name == "$default" or isinstance(base, Unknown) else f"{base}{name}"


def rootresource(values: Values) -> str:
    """The id of the root of a REST API."""
    return values.subject.mint.letters("root", 10)


def topicarn(values: Values) -> Any:
    """The topic of a subscription."""
    return setting(values, "topic", "")


def topicpolicy(values: Values) -> Any:
    """The policy that a topic has by itself."""
    given = setting(values, "policy")
    if given is not None:
        return given
    arn = values["arn"]
    if isinstance(arn, Unknown):
        return arn
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    statement = {
        "Action": [f"SNS:{action}" for action in [*actions.split(), "ListSubscriptionsByTopic", "Publish"]],
        "Condition": {"StringEquals": {"AWS:SourceOwner": values["a"]}},
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Resource": arn,
        "Sid": "__default_statement_ID",
    }
    return json.dumps({"Id": "__default_policy_ID", "Statement": [statement], "Version": "2008-10-17"})


def eventrulepath(values: Values) -> Any:
    """A rule of another bus than the default one has the bus before its name."""
    bus, name = setting(values, "eventBusName", "default"), physical_name(values.subject)
    if isinstance(bus, Unknown) or isinstance(name, Unknown):
        return UNKNOWN
    return name if bus == "default" else f"{str(bus).rpartition('/')[2]}/{name}"


def targetid(values: Values) -> Any:
    """The id of an event target."""
    return setting(values, "targetId") or f"terraform-{values.subject.mint.digits('target', 26)}"


def schedulegroup(values: Values) -> Any:
    """The group of a schedule."""
    return setting(values, "groupName", "default")
