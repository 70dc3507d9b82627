"""Each replacing property of each store of our blueprints is known: its change must never pass as an update."""

from __future__ import annotations

import pytest

from blueprints.sandbox import facts

# type: properties whose change replaces it, and those whose change may
STORES: dict[str, tuple[str, str]] = {
    "aws:ebs/volume:Volume": ("availabilityZone encrypted kmsKeyId outpostArn snapshotId volumeInitializationRate", ""),
    "aws:ebs/snapshot:Snapshot": ("description outpostArn volumeId", ""),
    "aws:ec2/eip:Eip": ("address customerOwnedIpv4Pool domain ipamPoolId networkBorderGroup publicIpv4Pool", ""),
    "aws:kms/key:Key": ("customKeyStoreId customerMasterKeySpec keyUsage multiRegion xksKeyId", ""),
    "aws:s3/bucket:Bucket": ("bucket bucketNamespace bucketPrefix objectLockEnabled", "objectLockConfiguration"),
    "aws:s3/bucketObject:BucketObject": ("bucket key", ""),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("bucket key", ""),
    "aws:secretsmanager/secret:Secret": ("name namePrefix", ""),
    "aws:secretsmanager/secretVersion:SecretVersion": ("secretBinary secretId secretString secretStringWoVersion", ""),
    "aws:ssm/parameter:Parameter": ("dataType name", "tier"),
    "aws:cloudwatch/logGroup:LogGroup": ("logGroupClass name namePrefix", ""),
    "aws:sqs/queue:Queue": ("fifoQueue name namePrefix", ""),
    "aws:route53/zone:Zone": ("delegationSetId name", ""),
    "aws:ecr/repository:Repository": (
        "encryptionConfigurations encryptionConfigurations[].encryptionType encryptionConfigurations[].kmsKey name",
        "",
    ),
    "aws:rds/instance:Instance": (
        "availabilityZone backupTarget characterSetName customIamInstanceProfile dbName engine identifierPrefix"
        " kmsKeyId ncharCharacterSetName restoreToPointInTime s3Import snapshotIdentifier storageEncrypted timezone"
        " username",
        "",
    ),
    "aws:rds/cluster:Cluster": (
        "availabilityZones clusterIdentifier clusterIdentifierPrefix clusterScalabilityType databaseName"
        " dbSubnetGroupName dbSystemId engine engineMode kmsKeyId masterUsername publiclyAccessible"
        " restoreToPointInTime s3Import snapshotIdentifier sourceRegion storageEncrypted",
        "",
    ),
    "aws:rds/clusterInstance:ClusterInstance": (
        "availabilityZone clusterIdentifier dbSubnetGroupName engine identifierPrefix",
        "identifier",
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": (
        "atRestEncryptionEnabled dataTieringEnabled globalReplicationGroupId kmsKeyId networkType port"
        " replicationGroupId securityGroupNames snapshotArns snapshotName subnetGroupName",
        "engine engineVersion nodeGroupConfigurations transitEncryptionEnabled",
    ),
    "aws:elasticache/serverlessCache:ServerlessCache": (
        "kmsKeyId name networkType snapshotArnsToRestores subnetIds",
        "",
    ),
    "aws:dynamodb/table:Table": (
        "hashKey importTable localSecondaryIndexes name rangeKey restoreDateTime restoreSourceName"
        " restoreSourceTableArn restoreToLatestTime",
        "",
    ),
    "aws:cloudfront/keyValueStore:KeyValueStore": ("name", ""),
    "aws:backup/vault:Vault": ("kmsKeyArn name", ""),
    "aws:efs/fileSystem:FileSystem": ("availabilityZoneName creationToken encrypted kmsKeyId performanceMode", ""),
    "aws:cognito/userPool:UserPool": ("aliasAttributes usernameAttributes usernameConfiguration", "name schemas"),
    "aws:eks/cluster:Cluster": (
        "accessConfig.bootstrapClusterCreatorAdminPermissions bootstrapSelfManagedAddons"
        " kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr name outpostConfig roleArn",
        "encryptionConfig version",
    ),
    "aws:dsql/cluster:Cluster": ("", "multiRegionProperties"),
    "aws:ec2/instance:Instance": (
        "ami associatePublicIpAddress availabilityZone cpuOptions ebsBlockDevices[].deviceName"
        " ebsBlockDevices[].encrypted ebsBlockDevices[].kmsKeyId ebsBlockDevices[].snapshotId ebsOptimized"
        " enclaveOptions ephemeralBlockDevices hibernation hostId instanceMarketOptions ipv6Addresses keyName"
        " launchTemplate.id launchTemplate.name networkInterfaces placementGroup placementGroupId"
        " placementPartitionNumber primaryNetworkInterface privateDnsNameOptions privateIp rootBlockDevice.deviceName"
        " rootBlockDevice.encrypted rootBlockDevice.kmsKeyId secondaryNetworkInterfaces securityGroups subnetId",
        "ebsBlockDevices enablePrimaryIpv6 ipv6AddressCount launchTemplate tenancy userData userDataBase64",
    ),
}


@pytest.mark.parametrize("token", STORES)
def test_replacing_properties_of_a_store(token: str) -> None:
    resource = facts.table("aws").resource(token)
    replacing, depending = STORES[token]
    assert resource.stateful, f"{token} holds something that a replacement loses"
    assert sorted(row.path for row in resource.of("replaces")) == sorted(replacing.split())
    assert sorted(row.path for row in resource.of("may_replace")) == sorted(depending.split())


def test_every_store_of_the_table_is_listed_or_foreign_to_our_blueprints() -> None:
    """A new store of a service that our blueprints use belongs into the list above."""
    services = {token.split(":")[1].partition("/")[0] for token in STORES}
    table = facts.table("aws")
    held = {token for token in table.tokens() if table.resource(token).stateful}
    ours = {token for token in held if token.split(":")[1].partition("/")[0] in services}
    others = {
        "aws:elasticache/cluster:Cluster",
        "aws:rds/globalCluster:GlobalCluster",
        "aws:s3/bucketV2:BucketV2",
        "aws:s3/directoryBucket:DirectoryBucket",
    }
    assert ours - set(STORES) == others
    assert set(STORES) <= held
