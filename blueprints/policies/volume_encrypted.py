"""Data on a volume is unreadable without the key, on its snapshots too."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="EC2.3",
    title="A volume is encrypted",
    applies=("aws:ebs/volume:Volume",),
    looks_at=("encrypted",),
    holds=is_set("encrypted", True),
    fix="set encrypted to True",
)
