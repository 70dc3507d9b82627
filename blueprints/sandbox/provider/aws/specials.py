"""Values in the attribute tables that need more than filling in. Each function is named as the tables name it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from blueprints.sandbox.provider.aws.forms import Values, physical_name
from blueprints.sandbox.provider.values import UNKNOWN, Archive, Asset, Unknown


def _input(values: Values, name: str, default: Any = None) -> Any:
    value = values.subject.inputs.get(name)
    return default if value is None else value


# Load balancers


def elbkind(values: Values) -> Any:
    """The kind as ARNs spell it."""
    kind = _input(values, "loadBalancerType", "application")
    return (
        {"application": "app", "network": "net", "gateway": "gwy"}.get(kind, "app") if isinstance(kind, str) else kind
    )


def internalprefix(values: Values) -> str:
    """Internal load balancers have a DNS name that says so."""
    return "internal-" if _input(values, "internal") is True else ""


def lbsuffix(values: Values) -> Any:
    """What identifies the load balancer in the ARN of its listener."""
    return _after(_input(values, "loadBalancerArn", ""), ":loadbalancer/")


def listenersuffix(values: Values) -> Any:
    """What identifies the listener in the ARN of its rule."""
    return _after(_input(values, "listenerArn", ""), ":listener/")


def _after(text: Any, mark: str) -> Any:
    return text if isinstance(text, Unknown) else str(text).partition(mark)[2] or str(text).rpartition("/")[2]


# Compute


def fingerprint(values: Values) -> str:
    """An MD5 fingerprint of the public key."""
    key = _input(values, "publicKey", "")
    digest = hashlib.md5(str(key).encode(), usedforsecurity=False).hexdigest()
    return ":".join(digest[index : index + 2] for index in range(0, 32, 2))


def revision(values: Values) -> int:
    """Task definitions, layers and job definitions count their revisions."""
    return values.subject.generation + 1


def functionversion(values: Values) -> Any:
    """The published version of a function."""
    if _input(values, "publish") is not True:
        return "$LATEST"
    return str(_next(values, "version", 1))


def latestversion(values: Values) -> int:
    """The newest version of a launch template or a parameter: one more with each change."""
    name = "latestVersion" if values.subject.short_type == "LaunchTemplate" else "version"
    return _next(values, name, 1)


def _next(values: Values, name: str, first: int) -> int:
    subject = values.subject
    before = subject.outputs.get(name)
    if before is None or not str(before).isdigit():
        return first
    return int(before) + (1 if subject.olds and subject.olds != subject.inputs else 0)


# Storage

_S3_ZONES = {
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
    "eu-west-3": "Z3R1K369G5AVDG",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-north-1": "Z3BAZG2TWCNX0D",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-northeast-2": "Z3W03O7B5YMIYP",
    "ap-south-1": "Z11RGJOFQNVJUP",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "ca-central-1": "Z1QDHH18159H29",
    "sa-east-1": "Z7KQH4QJS55SO",
}
# Regions whose website endpoints have a dash after `s3-website`.
_DASHED = ("us-east-1", "us-west-1", "us-west-2", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "eu-west-1")


def s3zone(values: Values) -> str:
    """The hosted zone of S3's website endpoints in the region (AWS General Reference, S3 endpoints)."""
    return _S3_ZONES.get(values.region, "Z3AQBSTGFYJSTF")


def s3dash(values: Values) -> str:
    """Older regions write `s3-website-<region>`, newer ones `s3-website.<region>`."""
    return "-" if values.region in (*_DASHED, "sa-east-1", "us-gov-west-1") else "."


def bucketname(values: Values) -> Any:
    """The bucket of an object, also where it was given by ARN."""
    bucket = _input(values, "bucket", "")
    return bucket if isinstance(bucket, Unknown) else str(bucket).rpartition(":")[2]


def objectid(values: Values) -> str:
    """Objects of the newer type have the bucket in their id."""
    key = str(_input(values, "key") or values.subject.name)
    return key if values.subject.short_type == "BucketObject" else f"{bucketname(values)}/{key}"


def contentmd5(values: Values) -> Any:
    """An entity tag that changes with the content."""
    for name in ("source", "content", "contentBase64", "etag", "sourceHash"):
        content = values.subject.inputs.get(name)
        if isinstance(content, Unknown):
            return UNKNOWN
        if isinstance(content, Asset | Archive):
            return content.content_hash()[:32]
        if content is not None:
            return hashlib.md5(str(content).encode(), usedforsecurity=False).hexdigest()
    return hashlib.md5(b"", usedforsecurity=False).hexdigest()


def objectversion(values: Values) -> Any:
    """A version id that changes with the content."""
    tag = contentmd5(values)
    return tag if isinstance(tag, Unknown) else values.subject.mint.letters(f"version{tag}", 32)


# Databases

_PORTS = {
    "mysql": 3306,
    "mariadb": 3306,
    "aurora": 3306,
    "postgres": 5432,
    "oracle": 1521,
    "sqlserver": 1433,
    "db2": 50000,
}


def dbport(values: Values) -> Any:
    """The engine's own port unless another is set."""
    given = _input(values, "port")
    if given is not None:
        return given
    engine = str(_input(values, "engine", "mysql")).replace("aurora-postgresql", "postgres")
    return next((port for name, port in _PORTS.items() if engine.startswith(name)), 3306)


def _identifier(values: Values, name: str) -> Any:
    given = _input(values, name) or _input(values, "name")
    if given:
        return given
    prefix = _input(values, f"{name}Prefix")
    if isinstance(prefix, Unknown):
        return prefix
    return f"{prefix or 'tf-'}{values.subject.mint.digits('identifier', 26)}"


def dbidentifier(values: Values) -> Any:
    """The identifier of a database instance."""
    return _identifier(values, "identifier")


def clusteridentifier(values: Values) -> Any:
    """The identifier of a database cluster."""
    return _identifier(values, "clusterIdentifier")


def rdszone(values: Values) -> str:
    """A hosted zone of the database endpoints; one for each region."""
    return "Z" + hashlib.sha256(f"rds{values.region}".encode()).hexdigest()[:13].upper()


def az4(values: Values) -> str:
    """The region as ElastiCache writes it in addresses: `use1`."""
    from blueprints.sandbox.provider.aws.regions import zone_id

    return zone_id(f"{values.region}a").partition("-")[0]


def tablestreamlabel(values: Values) -> str | None:
    """The creation time of a table's stream."""
    return "2024-01-01T00:00:00.000" if _input(values, "streamEnabled") is True else None


def tablestream(values: Values) -> Any:
    """The ARN of a table's stream, where it has one."""
    label = tablestreamlabel(values)
    return values.fill("{arn}/stream/") + label if label else None


# Identity


def iampath(values: Values) -> str:
    """The path of an IAM name, with a slash at both ends."""
    return str(_input(values, "path", "/"))


def urlhost(values: Values) -> Any:
    """A URL without its scheme."""
    url = _input(values, "url", "")
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
    return values.subject.mint.letters("secret", 52) if _input(values, "generateSecret") is True else None


# DNS, firewalls and APIs


def _zone_name(values: Values) -> str:
    zone = str(_input(values, "zoneId", ""))
    for row in values.session.account.by_handle(zone):
        name = values.session.account.outputs(row).get("name")
        if isinstance(name, str):
            return name.rstrip(".")
    declared = values.session.world.resource("aws:route53/zone:Zone", zone)
    return str((declared or {}).get("name", "")).rstrip(".")


def recordfqdn(values: Values) -> Any:
    """The full name of a record: a name below the zone may be written without it."""
    name = _input(values, "name", "")
    if isinstance(name, Unknown) or isinstance(_input(values, "zoneId"), Unknown):
        return UNKNOWN
    text, zone = str(name).rstrip("."), _zone_name(values)
    if not zone or text == zone or text.endswith(f".{zone}"):
        return text or zone
    return f"{text}.{zone}" if text else zone


def recordid(values: Values) -> str:
    """Zone, name and type, and the set identifier of a weighted record."""
    parts = [_input(values, "zoneId", ""), str(_input(values, "name", "")).lower(), _input(values, "type", "")]
    identifier = _input(values, "setIdentifier")
    return "_".join(str(part) for part in [*parts, *([identifier] if identifier else [])])


def wafregion(values: Values) -> str:
    """Web ACLs for CloudFront live in us-east-1."""
    return "us-east-1" if _input(values, "scope") == "CLOUDFRONT" else values.region


def wafscope(values: Values) -> str:
    """The scope as ARNs spell it."""
    return "global" if _input(values, "scope") == "CLOUDFRONT" else "regional"


def apischeme(values: Values) -> str:
    """How an API is reached."""
    return "wss" if _input(values, "protocolType") == "WEBSOCKET" else "https"


def stageurl(values: Values) -> Any:
    """Where a stage answers; the default stage of an HTTP API has no path."""
    name = physical_name(values.subject)
    base = values.fill("https://{i[apiId]}.execute-api.{r}.{s}/")
    return base if name == "$default" or isinstance(base, Unknown) else f"{base}{name}"


def rootresource(values: Values) -> str:
    """The id of the root of a REST API."""
    return values.subject.mint.letters("root", 10)


# Messaging


def topicarn(values: Values) -> Any:
    """The topic of a subscription."""
    return _input(values, "topic", "")


def topicpolicy(values: Values) -> Any:
    """The policy that a topic has by itself."""
    given = _input(values, "policy")
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
    bus, name = _input(values, "eventBusName", "default"), physical_name(values.subject)
    if isinstance(bus, Unknown) or isinstance(name, Unknown):
        return UNKNOWN
    return name if bus == "default" else f"{str(bus).rpartition('/')[2]}/{name}"


def targetid(values: Values) -> Any:
    """The id of an event target."""
    return _input(values, "targetId") or f"terraform-{values.subject.mint.digits('target', 26)}"


def schedulegroup(values: Values) -> Any:
    """The group of a schedule."""
    return _input(values, "groupName", "default")
