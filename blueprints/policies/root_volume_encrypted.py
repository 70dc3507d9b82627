"""The system's own disk holds logs, images and releases: it is encrypted like the data."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="EC2.7",
    title="The root volume of an instance is encrypted",
    applies=("aws:ec2/instance:Instance",),
    looks_at=("root_block_device.encrypted",),
    holds=is_set("root_block_device.encrypted", True),
    fix="set root_block_device.encrypted to True",
)
