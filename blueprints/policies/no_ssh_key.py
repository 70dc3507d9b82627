"""People reach an instance through Session Manager, which authenticates, limits and records them."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="BP.3",
    title="An instance has no SSH key pair",
    applies=(
        "aws:ec2/instance:Instance",
        "aws:ec2/launchTemplate:LaunchTemplate",
    ),
    looks_at=("key_name",),
    holds=is_set("key_name", None),
    fix="remove key_name and use Session Manager",
)
