"""A key that is renewed every year limits what one leaked key opens."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="KMS.4",
    title="A key is rotated",
    applies=("aws:kms/key:Key",),
    looks_at=("enable_key_rotation",),
    holds=is_set("enable_key_rotation", True),
    fix="set enable_key_rotation to True",
)
