"""Proves that a program sees every unknown output as unknown, whatever its type, and not as some text."""

from __future__ import annotations

from pulumi.runtime.rpc import UNKNOWN as KNOWN_TO_PROGRAMS

from blueprints.sandbox.provider.codec import encode
from blueprints.sandbox.provider.values import Unknown

from .client import Provider


def test_unknown_lists_objects_and_numbers_have_the_mark_that_language_sdks_know(aws: Provider) -> None:
    planned = {
        **aws.plan("aws:acm/certificate:Certificate", {"domainName": "example.com", "validationMethod": "DNS"}),
        **aws.plan("aws:lb/loadBalancer:LoadBalancer", {"loadBalancerType": "application"}),
    }
    unknown = {name: value for name, value in planned.items() if isinstance(value, Unknown)}
    assert {"domainValidationOptions", "subnetMappings", "arn"} <= set(unknown)
    assert {field.string_value for field in encode(unknown).fields.values()} == {KNOWN_TO_PROGRAMS}
