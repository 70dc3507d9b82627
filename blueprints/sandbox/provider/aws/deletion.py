"""What AWS refuses to delete, what it keeps after a deletion, and attachments that only one may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blueprints.sandbox.account.records import Remainder, Row
from blueprints.sandbox.provider.aws.forms import physical_name
from blueprints.sandbox.provider.errors import OperationError
from blueprints.sandbox.provider.simulation import Farewell
from blueprints.sandbox.provider.subject import Subject

if TYPE_CHECKING:
    from blueprints.sandbox.provider.session import Session

# What is deleted -> (error code, types that must be gone first, the inputs by which they hold on to it).
BLOCKERS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "ec2/vpc:Vpc": (
        "DependencyViolation",
        {
            "ec2/subnet:Subnet": ("vpcId",),
            "ec2/internetGateway:InternetGateway": ("vpcId",),
            "ec2/securityGroup:SecurityGroup": ("vpcId",),
            "ec2/routeTable:RouteTable": ("vpcId",),
            "ec2/networkAcl:NetworkAcl": ("vpcId",),
            "ec2/vpcEndpoint:VpcEndpoint": ("vpcId",),
            "ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ("vpcId",),
        },
    ),
    "ec2/subnet:Subnet": (
        "DependencyViolation",
        {
            "ec2/instance:Instance": ("subnetId",),
            "ec2/natGateway:NatGateway": ("subnetId",),
            "ec2/networkInterface:NetworkInterface": ("subnetId",),
            "ec2/vpcEndpoint:VpcEndpoint": ("subnetIds",),
            "lb/loadBalancer:LoadBalancer": ("subnets", "subnetMappings"),
            "efs/mountTarget:MountTarget": ("subnetId",),
            "ecs/service:Service": ("networkConfiguration",),
            "eks/cluster:Cluster": ("vpcConfig",),
            "lambda/function:Function": ("vpcConfig",),
            "rds/subnetGroup:SubnetGroup": ("subnetIds",),
        },
    ),
    "ec2/securityGroup:SecurityGroup": (
        "DependencyViolation",
        {
            "ec2/instance:Instance": ("vpcSecurityGroupIds", "securityGroups"),
            "ec2/networkInterface:NetworkInterface": ("securityGroups",),
            "ec2/vpcEndpoint:VpcEndpoint": ("securityGroupIds",),
            "lb/loadBalancer:LoadBalancer": ("securityGroups",),
            "rds/instance:Instance": ("vpcSecurityGroupIds",),
            "rds/cluster:Cluster": ("vpcSecurityGroupIds",),
            "elasticache/replicationGroup:ReplicationGroup": ("securityGroupIds",),
            "efs/mountTarget:MountTarget": ("securityGroups",),
            "lambda/function:Function": ("vpcConfig",),
            "ecs/service:Service": ("networkConfiguration",),
            "vpc/securityGroupIngressRule:SecurityGroupIngressRule": ("referencedSecurityGroupId",),
            "vpc/securityGroupEgressRule:SecurityGroupEgressRule": ("referencedSecurityGroupId",),
            "ec2/securityGroupRule:SecurityGroupRule": ("sourceSecurityGroupId",),
        },
    ),
    "ec2/routeTable:RouteTable": (
        "DependencyViolation",
        {"ec2/routeTableAssociation:RouteTableAssociation": ("routeTableId",)},
    ),
    "ec2/eip:Eip": ("InvalidIPAddress.InUse", {"ec2/natGateway:NatGateway": ("allocationId",)}),
    "ebs/volume:Volume": ("VolumeInUse", {"ec2/volumeAttachment:VolumeAttachment": ("volumeId",)}),
    "iam/role:Role": (
        "DeleteConflict",
        {
            "iam/instanceProfile:InstanceProfile": ("role",),
            "iam/rolePolicyAttachment:RolePolicyAttachment": ("role",),
            "iam/rolePolicy:RolePolicy": ("role",),
        },
    ),
    "iam/policy:Policy": (
        "DeleteConflict",
        {
            "iam/rolePolicyAttachment:RolePolicyAttachment": ("policyArn",),
            "iam/userPolicyAttachment:UserPolicyAttachment": ("policyArn",),
            "iam/groupPolicyAttachment:GroupPolicyAttachment": ("policyArn",),
        },
    ),
    "lb/targetGroup:TargetGroup": (
        "ResourceInUse",
        {"lb/listener:Listener": ("defaultActions",), "lb/listenerRule:ListenerRule": ("actions",)},
    ),
    "acm/certificate:Certificate": (
        "ResourceInUseException",
        {
            "lb/listener:Listener": ("certificateArn",),
            "cloudfront/distribution:Distribution": ("viewerCertificate",),
            "apigatewayv2/domainName:DomainName": ("domainNameConfiguration",),
        },
    ),
    "ecs/cluster:Cluster": ("ClusterContainsServicesException", {"ecs/service:Service": ("cluster",)}),
    "eks/cluster:Cluster": ("ResourceInUseException", {"eks/nodeGroup:NodeGroup": ("clusterName",)}),
    "efs/fileSystem:FileSystem": ("FileSystemInUse", {"efs/mountTarget:MountTarget": ("fileSystemId",)}),
    "rds/subnetGroup:SubnetGroup": (
        "InvalidDBSubnetGroupStateFault",
        {"rds/instance:Instance": ("dbSubnetGroupName",), "rds/cluster:Cluster": ("dbSubnetGroupName",)},
    ),
    "rds/parameterGroup:ParameterGroup": (
        "InvalidDBParameterGroupState",
        {"rds/instance:Instance": ("parameterGroupName",)},
    ),
    "rds/cluster:Cluster": (
        "InvalidDBClusterStateFault",
        {"rds/clusterInstance:ClusterInstance": ("clusterIdentifier",)},
    ),
    "elasticache/subnetGroup:SubnetGroup": (
        "CacheSubnetGroupInUse",
        {"elasticache/replicationGroup:ReplicationGroup": ("subnetGroupName",)},
    ),
    "cloudfront/originAccessControl:OriginAccessControl": (
        "OriginAccessControlInUse",
        {"cloudfront/distribution:Distribution": ("origins",)},
    ),
    "wafv2/webAcl:WebAcl": (
        "WAFAssociatedItemException",
        {
            "wafv2/webAclAssociation:WebAclAssociation": ("webAclArn",),
            "cloudfront/distribution:Distribution": ("webAclId",),
        },
    ),
    "servicediscovery/httpNamespace:HttpNamespace": (
        "ResourceInUse",
        {"servicediscovery/service:Service": ("namespaceId",)},
    ),
    "servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (
        "ResourceInUse",
        {"servicediscovery/service:Service": ("namespaceId", "dnsConfig")},
    ),
}

# Type -> (property, the value that protects, error code).
PROTECTIONS: dict[str, tuple[str, Any, str]] = {
    "ec2/instance:Instance": ("disableApiTermination", True, "OperationNotPermitted"),
    "rds/instance:Instance": ("deletionProtection", True, "InvalidParameterCombination"),
    "rds/cluster:Cluster": ("deletionProtection", True, "InvalidParameterCombination"),
    "lb/loadBalancer:LoadBalancer": ("enableDeletionProtection", True, "OperationNotPermitted"),
    "alb/loadBalancer:LoadBalancer": ("enableDeletionProtection", True, "OperationNotPermitted"),
    "dynamodb/table:Table": ("deletionProtectionEnabled", True, "ValidationException"),
    "cognito/userPool:UserPool": ("deletionProtection", "ACTIVE", "InvalidParameterException"),
    "dsql/cluster:Cluster": ("deletionProtectionEnabled", True, "ValidationException"),
    "docdb/cluster:Cluster": ("deletionProtection", True, "InvalidParameterCombination"),
    "eks/cluster:Cluster": ("deletionProtection", True, "InvalidRequestException"),
    "cloudwatch/logGroup:LogGroup": ("deletionProtectionEnabled", True, "ValidationException"),
}

# Type -> (types of what it holds, the input by which they belong to it, error code).
CONTENTS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "s3/bucket:Bucket": (
        ("s3/bucketObject:BucketObject", "s3/bucketObjectv2:BucketObjectv2"),
        "bucket",
        "BucketNotEmpty",
    ),
    "route53/zone:Zone": (("route53/record:Record",), "zoneId", "HostedZoneNotEmpty"),
}
_FORCED = "forceDestroy"


def farewell(session: Session, subject: Subject, row: Row | None) -> Farewell:
    """Refuses with AWS's reason, or says what stays after the deletion."""
    short = subject.type.partition(":")[2]
    state = {**subject.outputs, **(session.account.outputs(row, subject.outputs) if row else {})}
    protection = PROTECTIONS.get(short)
    # An instance with forceDestroy in its state is unprotected by the provider itself before it is terminated.
    if protection and state.get(protection[0]) == protection[1] and state.get(_FORCED) is not True:
        name, value, code = protection
        raise OperationError(
            code,
            f"{subject.short_type} `{subject.id}` is protected against deletion ({name} is {_text(value)}); set it to"
            " the opposite, run an update, and delete it then",
        )
    if row is not None:
        _refuse_while_used(session, subject, short, row)
        _refuse_while_full(session, subject, short, row, state)
    return _remainders(subject, short, state)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refuse_while_used(session: Session, subject: Subject, short: str, row: Row) -> None:
    code, types = BLOCKERS.get(short, ("", {}))
    if not types:
        return
    holders = [
        other
        for other, path in session.account.dependents(row)
        for properties in (types.get(other.type.partition(":")[2], ()),)
        if any(path == name or path.startswith((f"{name}[", f"{name}.")) for name in properties)
    ]
    if holders:
        unique = list(
            dict.fromkeys(f"{other.type.rpartition(':')[2]} `{other.name}` ({other.id})" for other in holders)
        )
        raise OperationError(
            code,
            f"{subject.short_type} `{subject.id}` is still used by {', '.join(unique)}; these have to be deleted or"
            " changed first",
        )


def _refuse_while_full(session: Session, subject: Subject, short: str, row: Row, state: dict[str, Any]) -> None:
    if short not in CONTENTS or state.get(_FORCED) is True:
        return
    types, parent, code = CONTENTS[short]
    inside = [
        other
        for other, path in session.account.dependents(row)
        if path == parent and other.type.partition(":")[2] in types
    ]
    if inside:
        names = ", ".join(f"`{other.id}`" for other in inside[:5])
        raise OperationError(
            code,
            f"{subject.short_type} `{subject.id}` still holds {len(inside)} ({names}); empty it, or set"
            f" {_FORCED} and run an update first",
        )


def _remainders(subject: Subject, short: str, state: dict[str, Any]) -> Farewell:
    """What AWS keeps: final snapshots, keys and secrets in their waiting time."""
    result = Farewell()

    def keep(kind: str, identity: str, note: str) -> None:
        result.remainders.append(Remainder(kind, identity, subject.urn, subject.type, note))

    name = physical_name(subject)
    if short in ("rds/instance:Instance", "rds/cluster:Cluster", "docdb/cluster:Cluster"):
        if state.get("skipFinalSnapshot") is not True and not state.get("replicateSourceDb"):
            snapshot = state.get("finalSnapshotIdentifier")
            if not snapshot:
                raise OperationError(
                    "",
                    f"finalSnapshotIdentifier is required when skipFinalSnapshot is false: {subject.short_type}"
                    f" `{subject.id}` cannot be deleted without saying how its last snapshot is called",
                )
            keep("final snapshot", str(snapshot), "the data as it was at deletion; delete the snapshot to lose it")
        if state.get("deleteAutomatedBackups") is False:
            keep("automated backups", subject.id, "kept for the backup retention period")
    elif short == "secretsmanager/secret:Secret":
        days = int(state.get("recoveryWindowInDays", 30))
        if days:
            note = f"scheduled for deletion; can be restored for {days} days"
            keep("secret", subject.id, note)
            result.held_names.append(
                (f"{short} {state.get('region', '')}".strip(), str(state.get("name") or name), note)
            )
    elif short == "kms/key:Key":
        days = int(state.get("deletionWindowInDays") or 30)
        keep("key", subject.id, f"pending deletion; can be restored for {days} days")
    elif short == "elasticache/replicationGroup:ReplicationGroup" and state.get("finalSnapshotIdentifier"):
        keep("final snapshot", str(state["finalSnapshotIdentifier"]), "the data as it was at deletion")
    elif short == "ebs/volume:Volume" and state.get("finalSnapshot") is True:
        keep("final snapshot", subject.mint.identity("snap-", 17), "the volume as it was at deletion")
    return result


# Type -> (the input of which only one attachment may exist, error code).
_SINGLE: dict[str, tuple[str, str]] = {
    "ec2/volumeAttachment:VolumeAttachment": ("volumeId", "VolumeInUse"),
    "ec2/eipAssociation:EipAssociation": ("allocationId", "Resource.AlreadyAssociated"),
    "ec2/internetGatewayAttachment:InternetGatewayAttachment": ("internetGatewayId", "Resource.AlreadyAssociated"),
    "ec2/routeTableAssociation:RouteTableAssociation": ("subnetId", "Resource.AlreadyAssociated"),
}


def refuse_second_attachment(session: Session, subject: Subject) -> None:
    """A volume, an address or a subnet is attached once; multi-attach volumes are the exception."""
    short = subject.type.partition(":")[2]
    if short not in _SINGLE:
        return
    name, code = _SINGLE[short]
    held = subject.text(name)
    if not held:
        return
    for owner in session.account.by_handle(held):
        if session.account.outputs(owner).get("multiAttachEnabled") is True:
            return
        for other, path in session.account.dependents(owner):
            if other.type == subject.type and path == name:
                raise OperationError(
                    code,
                    f"`{held}` is already attached by `{other.name}` ({other.id}); it can be attached once only."
                    " Replace the attachment with deleteBeforeReplace, or detach the other one first",
                )
