"""Known flaws of an image are found when it is pushed."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="ECR.1",
    title="Images are scanned when they are pushed",
    applies=("aws:ecr/repository:Repository",),
    looks_at=("image_scanning_configuration.scan_on_push",),
    holds=is_set("image_scanning_configuration.scan_on_push", True),
    fix="set image_scanning_configuration.scan_on_push to True",
)
