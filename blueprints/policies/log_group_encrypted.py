"""Logs hold addresses and requests of people: they are encrypted with a key of the account's own."""

from blueprints.policies.rule import Rule, is_given

RULE = Rule(
    id="CKV_AWS_158",
    title="A log group is encrypted with a key",
    applies=("aws:cloudwatch/logGroup:LogGroup",),
    looks_at=("kms_key_id",),
    holds=is_given("kms_key_id"),
    fix="set kms_key_id",
)
