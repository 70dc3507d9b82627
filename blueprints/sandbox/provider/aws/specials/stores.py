"""Buckets, objects and databases: what their outputs need beyond a form."""

from __future__ import annotations

import hashlib
from typing import Any

from blueprints.sandbox.provider.aws.forms import Values
from blueprints.sandbox.provider.aws.specials.inputs import setting
from blueprints.sandbox.provider.values import UNKNOWN, Archive, Asset, Unknown

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
    bucket = setting(values, "bucket", "")
    return bucket if isinstance(bucket, Unknown) else str(bucket).rpartition(":")[2]


def objectid(values: Values) -> str:
    """Objects of the newer type have the bucket in their id."""
    key = str(setting(values, "key") or values.subject.name)
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
    given = setting(values, "port")
    if given is not None:
        return given
    engine = str(setting(values, "engine", "mysql")).replace("aurora-postgresql", "postgres")
    return next((port for name, port in _PORTS.items() if engine.startswith(name)), 3306)


def _identifier(values: Values, name: str) -> Any:
    given = setting(values, name) or setting(values, "name")
    if given:
        return given
    prefix = setting(values, f"{name}Prefix")
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
    return "2024-01-01T00:00:00.000" if setting(values, "streamEnabled") is True else None


def tablestream(values: Values) -> Any:
    """The ARN of a table's stream, where it has one."""
    label = tablestreamlabel(values)
    return values.fill("{arn}/stream/") + label if label else None
