"""What was overwritten or deleted by mistake can be brought back."""

from blueprints.policies.rule import Rule, is_set

RULE = Rule(
    id="S3.14",
    title="A bucket keeps versions",
    applies=("aws:s3/bucketVersioning:BucketVersioning",),
    looks_at=("versioning_configuration.status",),
    holds=is_set("versioning_configuration.status", "Enabled"),
    fix='set versioning_configuration.status to "Enabled"',
)
