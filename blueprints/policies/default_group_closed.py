"""The group that every VPC has is used by accident only; without rules it lets nothing through."""

from blueprints.policies.rule import Rule

RULE = Rule(
    id="EC2.2",
    title="The default security group has no rules",
    applies=("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",),
    looks_at=(
        "ingress",
        "egress",
    ),
    holds=lambda inputs: not inputs.get("ingress") and not inputs.get("egress"),
    fix="remove ingress and egress",
)
