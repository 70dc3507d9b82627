"""Derives how AWS resources get their ids from the import examples in the documentation of the installed SDK.

    python -m tools.identities.generate > blueprints/sandbox/provider/aws/identities.json

Each line of the result gives a resource type one of:
    {"is": "name"}              the id is an input or output of that name
    {"arn": "ecs:r:a:x/{name}"} the id is an ARN of that form (r: region, a: account; empty: the ARN has none)
    {"mint": "vpc-", "length": 17}  AWS chooses hexadecimal digits after a prefix
    {"join": ["a", "b"], "with": "/"}   several properties in a row
Types without an example, or with one that fits none of these, are left out: the provider then makes a neutral id.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from blueprints.sandbox.catalog import package

_IMPORT = re.compile(r"\$ pulumi import (aws:[\w/.-]+:\w+) \S+ [\"'`]?([^\s\"'`]+)")
_USING = re.compile(r"Using `pulumi import`, import ([^\n]*?)(?: For example|\n)")
_MINTED = re.compile(r"^([a-z]+(?:-[a-z]+)*-)([0-9a-f]{8,17}|[0-9a-zA-Z]{8,17})$")
_ARN = re.compile(r"^arn:aws[\w-]*:([\w-]*):([\w-]*):(\w*):(.+)$")
_WORDS = {"name": "name", "arn": "arn", "id": "id"}


def camel(text: str) -> str:
    """`task_set_id` as `taskSetId`."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), text)


def derive(sample: str, using: str, properties: set[str], always_set: set[str]) -> dict[str, object] | None:
    """How the id is made, from the sample id and the sentence that introduces it."""
    quoted = [camel(name) for name in re.findall(r"`([a-z][a-z0-9_]*)`", using)]
    named = [name for name in quoted if name in properties]
    arn = _ARN.match(sample)
    if arn and "," not in sample:
        service, region, account, rest = arn.groups()
        head, separator, _tail = rest.rpartition("/") if "/" in rest else rest.rpartition(":")
        kind = re.split(r"[/:]", head)[0] if head else ""
        return {"arn": f"{service}:{'r' if region else ''}:{'a' if account else ''}:{kind}{separator or ''}{{name}}"}
    if len(named) > 1 and len(named) == len(quoted):
        for separator in (",", "/", ":", "|", "_"):
            if sample.count(separator) == len(named) - 1:
                return {"join": named, "with": separator}
    minted = _MINTED.match(sample)
    if minted and any(c.isdigit() for c in minted[2]) and not any(name in always_set for name in named):
        return {"mint": minted[1], "length": 17}
    whole = not re.search(r"[,|]|(?<!:)/(?!/)", sample)
    if len(named) == 1 and named[0] not in ("id", "arn", "region") and whole:
        return {"is": named[0]}
    lowered = using.lower()
    if re.search(r"\bnames?\b", lowered) and "name" in properties and not re.search(r"[,/:|]", sample):
        return {"is": "name"}
    return None


def main() -> None:
    """Writes the table to standard output, one type a line, in the order of their names."""
    declared = package("aws")
    if declared is None:
        sys.exit("pulumi-aws is not installed for this interpreter")
    import pulumi_aws

    root = Path(next(iter(pulumi_aws.__path__)))
    found: dict[str, dict[str, object]] = {}
    for path in sorted(root.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "pulumi import aws:" not in text:
            continue
        for match in _IMPORT.finditer(text):
            token, sample = match.groups()
            if token in found:
                continue
            before = text[: match.start()]
            using = _USING.findall(before[-1500:])
            resource = declared.resource(token)
            if resource is None:
                continue
            properties = {*resource.inputs, *resource.outputs}
            rule = derive(sample, using[-1] if using else "", properties, set(resource.required))
            if rule:
                found[token] = rule
    lines = (f"{json.dumps(token)}: {json.dumps(rule, sort_keys=True)}" for token, rule in sorted(found.items()))
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
