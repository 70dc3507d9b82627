"""`aws.iam.get_policy_document`: IAM policy documents from statements, as the provider writes them.

Order and form follow the provider: lists of strings sorted in reverse, lists of one opened, statements with the same
Sid overridden, `&{...}` turned into `${...}`. A document that comes out the same here and there makes no diff.
"""

from __future__ import annotations

import json
import re
from typing import Any

from blueprints.sandbox.provider.errors import OperationError
from blueprints.sandbox.provider.values import is_list, is_map, listed

_OLD_VERSION = "2008-10-17"
_VERSIONS = (_OLD_VERSION, "2012-10-17")
_SID = re.compile(r"^[a-zA-Z0-9]*$")
# The members of a statement in the order in which they are written.
_MEMBERS = (
    ("Action", "actions"),
    ("NotAction", "notActions"),
    ("Resource", "resources"),
    ("NotResource", "notResources"),
)


def _fail(message: str) -> OperationError:
    return OperationError("", f"writing IAM Policy Document: {message}")


def strings(values: Any) -> Any:
    """One string as it is, several in reverse order."""
    texts = sorted({str(value) for value in values}, reverse=True)
    return texts[0] if len(texts) == 1 else texts


def _variables(value: Any, version: str) -> Any:
    """`&{...}` in the program stands for `${...}` in the document."""
    if is_list(value):
        return [_variables(item, version) for item in value]
    if version == _OLD_VERSION and "&{" in str(value):
        raise _fail(f"found &{{ sequence in ({value}), which is not supported in document version {_OLD_VERSION}")
    return str(value).replace("&{", "${")


def _principals(entries: list[dict[str, Any]], version: str) -> Any:
    pairs = [(str(entry["type"]), _variables(strings(entry["identifiers"]), version)) for entry in entries]
    if len(pairs) == 1 and pairs[0] in (("*", "*"), ("*", ["*"])):
        return "*"
    merged: dict[str, Any] = {}
    for kind, identifiers in pairs:
        present = merged.get(kind)
        if present is None:
            merged[kind] = identifiers
        else:
            first = present if is_list(present) else [present]
            merged[kind] = [*first, *(identifiers if is_list(identifiers) else [identifiers])]
    return dict(sorted(merged.items()))


def _conditions(entries: list[dict[str, Any]], version: str) -> dict[str, Any]:
    merged: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        values = [_variables(value, version) for value in entry["values"]]
        merged.setdefault(str(entry["test"]), {}).setdefault(str(entry["variable"]), []).extend(values)
    return {
        test: {variable: values[0] if len(values) == 1 else values for variable, values in sorted(variables.items())}
        for test, variables in sorted(merged.items())
    }


def _statement(given: dict[str, Any], version: str) -> dict[str, Any]:
    sid, effect = str(given.get("sid") or ""), str(given.get("effect") or "Allow")
    if not _SID.match(sid):
        raise _fail(f"the Sid `{sid}` must only include alphanumeric characters")
    if effect not in ("Allow", "Deny"):
        raise _fail(f"the effect `{effect}` must be Allow or Deny")
    statement: dict[str, Any] = {"Sid": sid} if sid else {}
    statement["Effect"] = effect
    for member, name in _MEMBERS:
        values = given.get(name)
        if values:
            written = strings(values)
            statement[member] = written if "ction" in member else _variables(written, version)
    for member, name in (("Principal", "principals"), ("NotPrincipal", "notPrincipals")):
        if given.get(name):
            statement[member] = _principals(given[name], version)
    if given.get("conditions"):
        statement["Condition"] = _conditions(given["conditions"], version)
    return statement


def _parsed(text: Any, label: str) -> dict[str, Any]:
    """A document given as text, in the form in which statements are written here."""
    try:
        document = json.loads(text)
    except (TypeError, ValueError) as error:
        raise _fail(f"merging {label}: {error}") from None
    if not is_map(document):
        raise _fail(f"merging {label}: it is not an object")
    statements = document.get("Statement", [])
    every = statements if is_list(statements) else [statements]
    return {**document, "Statement": [_normal(item) for item in every]}


def _normal(statement: dict[str, Any]) -> dict[str, Any]:
    normal: dict[str, Any] = {}
    for name in ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"):
        if statement.get(name):
            normal[name] = statement[name]
    for name in ("Principal", "NotPrincipal"):
        value = statement.get(name)
        if is_map(value):
            normal[name] = {k: sorted(v, reverse=True) if is_list(v) else v for k, v in sorted(value.items())}
        elif value:
            normal[name] = "*"
    if is_map(statement.get("Condition")):
        normal["Condition"] = {
            test: {variable: _condition_value(value) for variable, value in sorted(variables.items())}
            for test, variables in sorted(statement["Condition"].items())
        }
    return normal


def _condition_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_list(value):
        return value[0] if len(value) == 1 else value
    return value


def _merge(into: dict[str, Any], document: dict[str, Any]) -> None:
    if document.get("Id"):
        into["Id"] = document["Id"]
    into["Version"] = max(into.get("Version", ""), document.get("Version") or "")
    statements: list[dict[str, Any]] = into.setdefault("Statement", [])
    for statement in document["Statement"]:
        sid = statement.get("Sid")
        place = next((i for i, other in enumerate(statements) if sid and other.get("Sid") == sid), None)
        if place is None:
            statements.append(statement)
        else:
            statements[place] = statement


def document(arguments: dict[str, Any]) -> dict[str, Any]:
    """The document that the arguments describe."""
    version = str(arguments.get("version") or _VERSIONS[1])
    if version not in _VERSIONS:
        raise _fail(f"the version `{version}` must be one of {', '.join(_VERSIONS)}")
    merged: dict[str, Any] = {}
    seen: set[str] = set()
    for index, text in enumerate(arguments.get("sourcePolicyDocuments") or []):
        if text is None:
            continue
        source = _parsed(text, f"source document {index}")
        for number, statement in enumerate(source["Statement"]):
            sid = statement.get("Sid")
            if sid and sid in seen:
                raise _fail(
                    f"merging source document {index}: duplicate Sid ({sid}) in source_policy_documents (statement"
                    f" {number}). Remove the Sid or ensure Sids are unique."
                )
            seen.update([sid] if sid else [])
        _merge(merged, source)
    own = [_statement(given, version) for given in listed(arguments.get("statements"))]
    sids = [statement["Sid"] for statement in own if "Sid" in statement]
    for sid in sids:
        if sids.count(sid) > 1:
            raise _fail(f"duplicate Sid ({sid}). Remove the Sid or ensure the Sid is unique.")
    _merge(merged, {"Version": version, "Id": arguments.get("policyId"), "Statement": own})
    for index, text in enumerate(arguments.get("overridePolicyDocuments") or []):
        if text is not None:
            _merge(merged, _parsed(text, f"override document {index}"))
    return {name: merged[name] for name in ("Version", "Id", "Statement") if merged.get(name)}


def dump(value: Any, indent: int | None = None) -> str:
    """JSON as Go's encoder writes it, which escapes what would be unsafe inside HTML."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def get_policy_document(_simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The document as indented and as minified JSON."""
    import zlib

    made = document(arguments)
    text = dump(made, indent=2)
    # The provider's id is the CRC-32 of the text.
    return {**arguments, "id": str(zlib.crc32(text.encode())), "json": text, "minifiedJson": dump(made)}


FUNCTIONS = {"aws:iam/getPolicyDocument:getPolicyDocument": get_policy_document}
