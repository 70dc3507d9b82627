"""Properties whose lists are sets in the provider: their order means nothing.

By the last step of the path where every service agrees, else as `<type>/<path>`.
"""

from __future__ import annotations

SETS = frozenset(
    """
    actions alarmActions okActions insufficientDataActions aliases allowedMethods cachedMethods allowedHeaders allowedOrigins
    availabilityZones cidrBlocks ipv6CidrBlocks prefixListIds securityGroups securityGroupIds vpcSecurityGroupIds subnetIds
    subnets vpcZoneIdentifiers targetGroupArns loadBalancers suspendedProcesses enabledMetrics terminationPolicies
    subjectAlternativeNames requiresCompatibilities compatibleRuntimes managedPolicyArns customErrorResponses origins
    routeTableIds propagatingVgws streamSpecification policyTypes groupIds parameters attributes globalSecondaryIndexes
    localSecondaryIndexes enabledCloudwatchLogsExports iamRoles scopes allowedOauthFlows allowedOauthScopes callbackUrls
    logoutUrls supportedIdentityProviders readAttributes writeAttributes principals resources notActions notResources
    identifiers placementConstraints volumes serviceRegistries capacityProviders defaultCapacityProviderStrategies
    networkInterfaceIds addresses vpcs items identityProviders recordings ingress egress routes ebsBlockDevices
    ephemeralBlockDevices tagFilters ec2TagFilters ec2TagSets triggerConfigurations autoRollbackConfigurations roles users
    groups clientIdLists thumbprintLists resourceRecords records
    """.split()
)
