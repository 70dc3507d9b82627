"""The key of a secret is one whose use can be limited and seen."""

from blueprints.policies.rule import Rule, is_given

RULE = Rule(
    id="CKV_AWS_149",
    title="A secret is encrypted with a key of the account's own",
    applies=("aws:secretsmanager/secret:Secret",),
    looks_at=("kms_key_id",),
    holds=is_given("kms_key_id"),
    fix="set kms_key_id",
)
