"""Messages of a topic are encrypted at rest."""

from blueprints.policies.rule import Rule, is_given

RULE = Rule(
    id="SNS.1",
    title="A topic is encrypted with a key",
    applies=("aws:sns/topic:Topic",),
    looks_at=("kms_master_key_id",),
    holds=is_given("kms_master_key_id"),
    fix="set kms_master_key_id",
)
