"""Session tokens of the metadata service end at the host, so that containers cannot fetch the role's credentials."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="CKV_AWS_341",
    title="Instance metadata answers within one network hop",
    applies=(
        "aws:ec2/instance:Instance",
        "aws:ec2/launchTemplate:LaunchTemplate",
    ),
    looks_at=("metadata_options.http_put_response_hop_limit",),
    holds=is_set("metadata_options.http_put_response_hop_limit", 1),
    fix="set metadata_options.http_put_response_hop_limit to 1",
)
