"""Names that only one resource may have, and within what."""

from __future__ import annotations

from blueprints.sandbox.provider.aws.forms import physical_name
from blueprints.sandbox.provider.errors import OperationError
from blueprints.sandbox.provider.subject import Subject

# Type -> (scope, the service's error code). `global`: all accounts; `account`; `region`; or an input: the parent.
# Types whose creation AWS answers with the existing object (topics, clusters, alarms, rules) are not here.
UNIQUE: dict[str, tuple[str, str]] = {
    "s3/bucket:Bucket": ("global", "BucketAlreadyExists"),
    "s3/bucketV2:BucketV2": ("global", "BucketAlreadyExists"),
    "iam/role:Role": ("account", "EntityAlreadyExists"),
    "iam/user:User": ("account", "EntityAlreadyExists"),
    "iam/group:Group": ("account", "EntityAlreadyExists"),
    "iam/policy:Policy": ("account", "EntityAlreadyExists"),
    "iam/instanceProfile:InstanceProfile": ("account", "EntityAlreadyExists"),
    "cloudfront/originAccessControl:OriginAccessControl": ("account", "OriginAccessControlAlreadyExists"),
    "cloudfront/cachePolicy:CachePolicy": ("account", "CachePolicyAlreadyExists"),
    "cloudfront/originRequestPolicy:OriginRequestPolicy": ("account", "OriginRequestPolicyAlreadyExists"),
    "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": ("account", "ResponseHeadersPolicyAlreadyExists"),
    "cloudfront/function:Function": ("account", "FunctionAlreadyExists"),
    "lambda/function:Function": ("region", "ResourceConflictException"),
    "lb/loadBalancer:LoadBalancer": ("region", "DuplicateLoadBalancerName"),
    "lb/targetGroup:TargetGroup": ("region", "DuplicateTargetGroupName"),
    "alb/loadBalancer:LoadBalancer": ("region", "DuplicateLoadBalancerName"),
    "alb/targetGroup:TargetGroup": ("region", "DuplicateTargetGroupName"),
    "dynamodb/table:Table": ("region", "ResourceInUseException"),
    "ecr/repository:Repository": ("region", "RepositoryAlreadyExistsException"),
    "rds/instance:Instance": ("region", "DBInstanceAlreadyExists"),
    "rds/cluster:Cluster": ("region", "DBClusterAlreadyExistsFault"),
    "rds/clusterInstance:ClusterInstance": ("region", "DBInstanceAlreadyExists"),
    "rds/subnetGroup:SubnetGroup": ("region", "DBSubnetGroupAlreadyExists"),
    "rds/parameterGroup:ParameterGroup": ("region", "DBParameterGroupAlreadyExists"),
    "rds/clusterParameterGroup:ClusterParameterGroup": ("region", "DBParameterGroupAlreadyExists"),
    "elasticache/replicationGroup:ReplicationGroup": ("region", "ReplicationGroupAlreadyExists"),
    "elasticache/subnetGroup:SubnetGroup": ("region", "CacheSubnetGroupAlreadyExists"),
    "elasticache/parameterGroup:ParameterGroup": ("region", "CacheParameterGroupAlreadyExists"),
    "cloudwatch/logGroup:LogGroup": ("region", "ResourceAlreadyExistsException"),
    "kms/alias:Alias": ("region", "AlreadyExistsException"),
    "secretsmanager/secret:Secret": ("region", "ResourceExistsException"),
    "ssm/parameter:Parameter": ("region", "ParameterAlreadyExists"),
    "ssm/document:Document": ("region", "DocumentAlreadyExists"),
    "ec2/launchTemplate:LaunchTemplate": ("region", "InvalidLaunchTemplateName.AlreadyExistsException"),
    "ec2/keyPair:KeyPair": ("region", "InvalidKeyPair.Duplicate"),
    "ec2/securityGroup:SecurityGroup": ("vpcId", "InvalidGroup.Duplicate"),
    "autoscaling/group:Group": ("region", "AlreadyExists"),
    "backup/vault:Vault": ("region", "AlreadyExistsException"),
    "scheduler/schedule:Schedule": ("groupName", "ConflictException"),
    "sfn/stateMachine:StateMachine": ("region", "StateMachineAlreadyExists"),
    "kinesis/stream:Stream": ("region", "ResourceInUseException"),
    "eks/cluster:Cluster": ("region", "ResourceInUseException"),
    "codebuild/project:Project": ("region", "ResourceAlreadyExistsException"),
    "codedeploy/application:Application": ("region", "ApplicationAlreadyExistsException"),
    "wafv2/webAcl:WebAcl": ("scope", "WAFDuplicateItemException"),
    "wafv2/ipSet:IpSet": ("scope", "WAFDuplicateItemException"),
}
# Where the name is another property than the one that is made automatically.
_PROPERTIES = {"rds/instance:Instance": "identifier", "rds/cluster:Cluster": "clusterIdentifier"}


def taken(subject: Subject, region: str) -> tuple[tuple[str, str], ...]:
    """The (scope, name) that a resource takes; empty for types whose names may repeat."""
    short = subject.type.partition(":")[2]
    if short not in UNIQUE:
        return ()
    scope, _ = UNIQUE[short]
    name = subject.inputs.get(_PROPERTIES.get(short, ""), "") or physical_name(subject)
    if not isinstance(name, str) or not name:
        return ()
    if short == "ssm/parameter:Parameter" and subject.inputs.get("overwrite") is True:
        return ()
    where = {"global": "", "account": "", "region": region}.get(scope)
    if where is None:
        where = f"{region} {subject.inputs.get(scope) or 'default'}"
    return ((f"{short} {where}".strip(), name),)


def refusal(subject: Subject, scope: str, name: str, holder: str, held: str) -> OperationError:
    """What AWS says when the name is taken."""
    _, code = UNIQUE.get(subject.type.partition(":")[2], ("", "AlreadyExists"))
    where = scope.partition(" ")[2]
    inside = f" in {where}" if where else ""
    if held:
        return OperationError("InvalidRequestException", f"the name `{name}` is still held{inside}: {held}")
    if subject.service == "s3" and subject.urn.split("::")[:2] == holder.split("::")[:2]:
        code = "BucketAlreadyOwnedByYou"
    return OperationError(
        code,
        f"{subject.short_type} `{name}` already exists{inside} ({holder}). Choose another name or leave it out, so that"
        " every resource gets one of its own",
    )
