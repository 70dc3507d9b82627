"""A tag that cannot be moved names the same image tomorrow."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="ECR.2",
    title="Tags of images cannot be moved",
    applies=("aws:ecr/repository:Repository",),
    looks_at=("image_tag_mutability",),
    holds=is_set("image_tag_mutability", "IMMUTABLE"),
    fix='set image_tag_mutability to "IMMUTABLE"',
)
