"""Logs are kept as long as the environment asks for, and no longer."""

from blueprints.policies.rule import Rule, is_not

RULE = Rule(
    id="CloudWatch.16",
    title="A log group has a retention",
    applies=("aws:cloudwatch/logGroup:LogGroup",),
    looks_at=("retention_in_days",),
    holds=is_not("retention_in_days", None, 0),
    fix="set retention_in_days",
)
