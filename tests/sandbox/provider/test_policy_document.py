"""`get_policy_document` is computed, in the provider's own form, to the character."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .client import Provider, Refused

TOKEN = "aws:iam/getPolicyDocument:getPolicyDocument"


def document(aws: Provider, **arguments: Any) -> str:
    return aws.invoke(TOKEN, **arguments)["minifiedJson"]


def test_a_statement_is_written_in_the_providers_order(aws: Provider) -> None:
    made = document(
        aws,
        statements=[
            {
                "resources": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
                "actions": ["s3:GetObject", "s3:ListBucket"],
                "sid": "Read",
                "principals": [{"type": "Service", "identifiers": ["a.amazonaws.com", "b.amazonaws.com"]}],
                "conditions": [{"test": "StringEquals", "variable": "aws:x", "values": ["1"]}],
            }
        ],
    )
    assert made == (
        '{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],'
        '"Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b"],"Principal":{"Service":["b.amazonaws.com","a.amazonaws.com"]},'
        '"Condition":{"StringEquals":{"aws:x":"1"}}}]}'
    )


def test_the_long_form_is_indented_by_two(aws: Provider) -> None:
    result = aws.invoke(TOKEN, statements=[{"actions": ["s3:*"], "resources": ["*"]}])
    assert result["json"] == (
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Effect": "Allow",\n      "Action": "s3:*",\n'
        '      "Resource": "*"\n    }\n  ]\n}'
    )
    assert result["id"] == str(__import__("zlib").crc32(result["json"].encode()))


def test_nothing_makes_an_empty_document(aws: Provider) -> None:
    assert document(aws) == '{"Version":"2012-10-17"}'


@pytest.mark.parametrize(
    ("principals", "written"),
    [
        ([{"type": "*", "identifiers": ["*"]}], "*"),
        ([{"type": "AWS", "identifiers": ["*"]}], {"AWS": "*"}),
        ([{"type": "AWS", "identifiers": ["1"]}, {"type": "AWS", "identifiers": ["2"]}], {"AWS": ["1", "2"]}),
        ([{"type": "Service", "identifiers": ["s"]}, {"type": "AWS", "identifiers": ["a", "b"]}],
         {"AWS": ["b", "a"], "Service": "s"}),
    ],
)  # fmt: skip
def test_principals(aws: Provider, principals: list[Any], written: Any) -> None:
    made = json.loads(document(aws, statements=[{"actions": ["a:b"], "notPrincipals": principals}]))
    assert made["Statement"][0]["NotPrincipal"] == written


def test_conditions_of_one_test_and_variable_are_joined_in_order(aws: Provider) -> None:
    conditions = [
        {"test": "StringLike", "variable": "k", "values": ["z", "a"]},
        {"test": "StringLike", "variable": "k", "values": ["m"]},
        {"test": "Bool", "variable": "b", "values": ["true"]},
    ]
    made = json.loads(document(aws, statements=[{"actions": ["a:b"], "resources": ["*"], "conditions": conditions}]))
    assert made["Statement"][0]["Condition"] == {"Bool": {"b": "true"}, "StringLike": {"k": ["z", "a", "m"]}}


def test_statements_of_sources_come_first_and_overrides_replace_by_sid(aws: Provider) -> None:
    def text(sid: str, action: str) -> str:
        return json.dumps({"Statement": [{"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*"}]})

    made = json.loads(
        document(
            aws,
            sourcePolicyDocuments=[text("One", "a:1"), text("Two", "a:2")],
            statements=[{"sid": "Two", "actions": ["a:own"], "resources": ["*"]}],
            overridePolicyDocuments=[text("One", "a:over"), text("Three", "a:3")],
            policyId="whole",
        )
    )
    assert [(s["Sid"], s["Action"]) for s in made["Statement"]] == [
        ("One", "a:over"),
        ("Two", "a:own"),
        ("Three", "a:3"),
    ]
    assert made["Id"] == "whole"


def test_variables_are_written_with_an_ampersand(aws: Provider) -> None:
    statement = {"actions": ["s3:*"], "resources": ["arn:aws:s3:::b/&{aws:username}/*"]}
    assert "${aws:username}" in document(aws, statements=[statement])
    with pytest.raises(Refused, match="not supported in document version 2008-10-17"):
        document(aws, version="2008-10-17", statements=[statement])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"statements": [{"sid": "A"}, {"sid": "A"}]}, r"duplicate Sid \(A\)"),
        ({"statements": [{"sid": "not ok"}]}, "must only include alphanumeric characters"),
        ({"statements": [{"effect": "Maybe"}]}, "must be Allow or Deny"),
        ({"version": "2020-01-01"}, "must be one of 2008-10-17, 2012-10-17"),
        ({"sourcePolicyDocuments": ["{"]}, "merging source document 0"),
        ({"overridePolicyDocuments": ["[]"]}, "merging override document 0: it is not an object"),
    ],
)
def test_what_the_provider_refuses_is_refused(aws: Provider, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=f"writing IAM Policy Document: .*{message}|{message}"):
        document(aws, **arguments)


def test_characters_are_escaped_as_gos_encoder_does_it(aws: Provider) -> None:
    condition = {"test": "StringEquals", "variable": "k", "values": ["a<b>&c", "ü"]}
    made = document(aws, statements=[{"actions": ["a:b"], "resources": ["*"], "conditions": [condition]}])
    assert '"a\\u003cb\\u003e\\u0026c","ü"' in made
