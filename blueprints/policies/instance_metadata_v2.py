"""Instance metadata answers only to session tokens, so that a forged request cannot read the role's credentials."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="EC2.8",
    title="Instance metadata requires a session token (IMDSv2)",
    applies=("aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"),
    looks_at=("metadata_options.http_tokens",),
    holds=is_set("metadata_options.http_tokens", "required"),
    fix='set metadata_options.http_tokens to "required"',
)
