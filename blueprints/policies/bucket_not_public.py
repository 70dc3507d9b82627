"""No policy or list can make a bucket public while all four blocks are on."""

from blueprints.policies.rule import Rule, is_set

_BLOCKS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")

RULE = Rule(
    id="S3.8",
    title="A bucket blocks public access in all four ways",
    applies=("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
    looks_at=_BLOCKS,
    holds=lambda inputs: all(is_set(block, True)(inputs) for block in _BLOCKS),
    fix="set all four to True",
)
