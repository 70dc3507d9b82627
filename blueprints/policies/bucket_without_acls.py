"""Access lists are a second, older way to open a bucket; without them its policy is the whole truth."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="S3.12",
    title="A bucket has no access lists",
    applies=("aws:s3/bucketOwnershipControls:BucketOwnershipControls",),
    looks_at=("rule.object_ownership",),
    holds=is_set("rule.object_ownership", "BucketOwnerEnforced"),
    fix='set rule.object_ownership to "BucketOwnerEnforced"',
)
