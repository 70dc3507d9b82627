"""Buckets, objects, file systems, registries, backups."""

from __future__ import annotations

from typing import Any

_S3 = "arn:{p}:s3:::"

_BUCKET: dict[str, Any] = {
    "id": "{name}",
    "arn": _S3 + "{name}",
    "bucketDomainName": "{name}.s3.{s}",
    "bucketRegionalDomainName": "{name}.s3.{r}.{s}",
    "bucketRegion": "{r}",
    "hostedZoneId": "{s3zone}",
    "requestPayer": "BucketOwner",
    "websiteDomain": "s3-website{s3dash}{r}.{s}",
    "websiteEndpoint": "{name}.s3-website{s3dash}{r}.{s}",
}
_OBJECT: dict[str, Any] = {
    "id": "{objectid}",
    "arn": _S3 + "{bucketname}/{i[key]}",
    "etag": "{contentmd5}",
    "versionId": "{objectversion}",
    "contentType": "application/octet-stream",
    "storageClass": "STANDARD",
    "serverSideEncryption": "AES256",
}
# Settings that belong to a bucket have its name for an id.
_OF_BUCKET = (
    "BucketVersioning BucketServerSideEncryptionConfiguration BucketPublicAccessBlock BucketOwnershipControls"
    " BucketLifecycleConfiguration BucketPolicy BucketLogging BucketNotification BucketCorsConfiguration"
    " BucketWebsiteConfiguration BucketAccelerateConfiguration BucketRequestPaymentConfiguration"
    " BucketObjectLockConfiguration BucketReplicationConfig"
    " BucketVersioningV2 BucketServerSideEncryptionConfigurationV2 BucketLifecycleConfigurationV2 BucketLoggingV2"
    " BucketCorsConfigurationV2 BucketWebsiteConfigurationV2 BucketAccelerateConfigurationV2"
    " BucketRequestPaymentConfigurationV2 BucketObjectLockConfigurationV2"
)

FORMS: dict[str, dict[str, Any]] = {
    "s3/bucket:Bucket": _BUCKET,
    "s3/bucketV2:BucketV2": _BUCKET,
    "s3/bucketObject:BucketObject": _OBJECT,
    "s3/bucketObjectv2:BucketObjectv2": _OBJECT,
    "s3/objectCopy:ObjectCopy": _OBJECT,
    "s3/bucketAcl:BucketAcl": {"id": "{i[bucket]},{i[acl]}"},
    "s3/bucketAclV2:BucketAclV2": {"id": "{i[bucket]},{i[acl]}"},
    "s3/bucketMetric:BucketMetric": {"id": "{i[bucket]}:{name}"},
    "s3/inventory:Inventory": {"id": "{i[bucket]}:{name}"},
    "s3/accessPoint:AccessPoint": {
        "id": "{a}:{name}",
        "arn": "arn:{p}:s3:{r}:{a}:accesspoint/{name}",
        "alias": "{name}-{lower20}-s3alias",
        "domainName": "{name}-{a}.s3-accesspoint.{r}.{s}",
    },
    "efs/fileSystem:FileSystem": {
        "id": "fs-#17",
        "arn": "arn:{p}:elasticfilesystem:{r}:{a}:file-system/{id}",
        "dnsName": "{id}.efs.{r}.{s}",
        "creationToken": "{lower32}",
        "ownerId": "{a}",
        "performanceMode": "generalPurpose",
    },
    "efs/mountTarget:MountTarget": {
        "id": "fsmt-#17",
        "dnsName": "{i[fileSystemId]}.efs.{r}.{s}",
        "fileSystemArn": "arn:{p}:elasticfilesystem:{r}:{a}:file-system/{i[fileSystemId]}",
        "networkInterfaceId": "eni-#17",
        "ownerId": "{a}",
    },
    "efs/accessPoint:AccessPoint": {
        "id": "fsap-#17",
        "arn": "arn:{p}:elasticfilesystem:{r}:{a}:access-point/{id}",
        "fileSystemArn": "arn:{p}:elasticfilesystem:{r}:{a}:file-system/{i[fileSystemId]}",
        "ownerId": "{a}",
    },
    "ecr/repository:Repository": {
        "id": "{name}",
        "arn": "arn:{p}:ecr:{r}:{a}:repository/{name}",
        "registryId": "{a}",
        "repositoryUrl": "{a}.dkr.ecr.{r}.{s}/{name}",
    },
    "ecr/lifecyclePolicy:LifecyclePolicy": {"id": "{i[repository]}", "registryId": "{a}"},
    "ecr/repositoryPolicy:RepositoryPolicy": {"id": "{i[repository]}", "registryId": "{a}"},
    "ecrpublic/repository:Repository": {
        "id": "{i[repositoryName]}",
        "arn": "arn:{p}:ecr-public::{a}:repository/{i[repositoryName]}",
        "registryId": "{a}",
        "repositoryUri": "public.ecr.aws/{lower8}/{i[repositoryName]}",
    },
    "backup/vault:Vault": {"id": "{name}", "arn": "arn:{p}:backup:{r}:{a}:backup-vault:{name}"},
    "backup/plan:Plan": {"id": "{uuid}", "arn": "arn:{p}:backup:{r}:{a}:backup-plan:{id}", "version": "{lower48}"},
    "backup/selection:Selection": {"id": "{uuid}"},
    "glacier/vault:Vault": {
        "id": "{name}",
        "arn": "arn:{p}:glacier:{r}:{a}:vaults/{name}",
        "location": "/{a}/vaults/{name}",
    },
}
for _name in _OF_BUCKET.split():
    FORMS[f"s3/{_name[0].lower()}{_name[1:]}:{_name}"] = {"id": "{i[bucket]}"}
