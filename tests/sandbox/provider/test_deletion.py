# ruff: noqa: E501 - a table reads better with one case a line
"""What AWS would refuse to create twice or to delete, and what it keeps."""

from __future__ import annotations

import pytest

from blueprints.sandbox.account import manage

from .client import Made, Provider, Refused

VPC, SUBNET, VOLUME = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ebs/volume:Volume"
BUCKET, OBJECT, SECRET = "aws:s3/bucket:Bucket", "aws:s3/bucketObject:BucketObject", "aws:secretsmanager/secret:Secret"
ROLE, TRUST = (
    "aws:iam/role:Role",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}',
)
DATABASE = {
    "instanceClass": "db.t3.micro",
    "engine": "postgres",
    "allocatedStorage": 20,
    "username": "app",
    "password": "secret-password",
}


def vpc(aws: Provider) -> Made:
    return aws.create(VPC, {"cidrBlock": "10.0.0.0/16"}, "net")


def test_a_vpc_with_a_subnet_stays(aws: Provider) -> None:
    net = vpc(aws)
    subnet = aws.create(SUBNET, {"vpcId": net.id, "cidrBlock": "10.0.1.0/24"}, "a")
    with pytest.raises(
        Refused, match=rf"DependencyViolation: Vpc `{net.id}` is still used by Subnet `a` \({subnet.id}\)"
    ):
        aws.delete(net)
    aws.delete(subnet)
    aws.delete(net)
    assert aws.read(net) is None


def test_a_role_in_an_instance_profile_stays(aws: Provider) -> None:
    role = aws.create(ROLE, {"assumeRolePolicy": TRUST, "name": "app"}, "role")
    aws.create("aws:iam/instanceProfile:InstanceProfile", {"role": role.id, "name": "app"}, "profile")
    with pytest.raises(Refused, match="DeleteConflict: Role `app` is still used by InstanceProfile `profile`"):
        aws.delete(role)


@pytest.mark.parametrize(
    ("token", "inputs", "name", "code"),
    [
        ("aws:ec2/instance:Instance", {"ami": "ami-1", "instanceType": "t3.micro"}, "disableApiTermination", "OperationNotPermitted"),
        ("aws:rds/instance:Instance", {**DATABASE, "skipFinalSnapshot": True}, "deletionProtection", "InvalidParameterCombination"),
        ("aws:lb/loadBalancer:LoadBalancer", {"subnets": ["subnet-1", "subnet-2"]}, "enableDeletionProtection", "OperationNotPermitted"),
        ("aws:dynamodb/table:Table", {"hashKey": "a", "attributes": [{"name": "a", "type": "S"}], "billingMode": "PAY_PER_REQUEST"}, "deletionProtectionEnabled", "ValidationException"),
    ],
)  # fmt: skip
def test_protection_is_honoured_until_it_is_switched_off(
    aws: Provider, token: str, inputs: dict[str, object], name: str, code: str
) -> None:
    made = aws.create(token, {**inputs, name: True})
    with pytest.raises(Refused, match=f"{code}: .* is protected against deletion \\({name} is true\\)"):
        aws.delete(made)
    aws.delete(aws.update(made, {**inputs, name: False}))
    assert aws.read(made) is None


def test_a_bucket_with_objects_is_deleted_by_force_only(aws: Provider) -> None:
    bucket = aws.create(BUCKET, {"bucket": "store-1"}, "store")
    aws.create(OBJECT, {"bucket": bucket.id, "key": "index.html", "content": "x"}, "page")
    with pytest.raises(Refused, match="BucketNotEmpty: Bucket `store-1` still holds 1"):
        aws.delete(bucket)
    aws.delete(aws.update(bucket, {"bucket": "store-1", "forceDestroy": True}))


@pytest.mark.parametrize(
    ("token", "inputs", "code"),
    [
        (BUCKET, {"bucket": "the-only-one"}, "BucketAlreadyOwnedByYou"),
        (ROLE, {"assumeRolePolicy": TRUST, "name": "the-only-one"}, "EntityAlreadyExists"),
        (SECRET, {"name": "the-only-one"}, "ResourceExistsException"),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/the/only/one"}, "ResourceAlreadyExistsException"),
    ],
)
def test_a_name_is_taken_once(aws: Provider, token: str, inputs: dict[str, object], code: str) -> None:
    first = aws.create(token, inputs, "first")
    with pytest.raises(Refused, match=f"{code}: .* already exists"):
        aws.create(token, inputs, "second")
    if token != SECRET:
        aws.delete(first)
        assert aws.create(token, inputs, "second").id


def test_names_of_regions_are_apart(aws: Provider) -> None:
    token = "aws:cloudwatch/logGroup:LogGroup"
    aws.create(token, {"name": "/app"}, "here")
    assert aws.create(token, {"name": "/app", "region": "us-east-1"}, "there").id == "/app"


def test_a_deleted_secret_holds_its_name_for_its_recovery_window(aws: Provider) -> None:
    aws.delete(aws.create(SECRET, {"name": "db", "recoveryWindowInDays": 7}))
    with pytest.raises(Refused, match=r"the name `db` is still held in eu-central-1: .*restored for 7 days"):
        aws.create(SECRET, {"name": "db"})
    aws.delete(aws.create(SECRET, {"name": "other", "recoveryWindowInDays": 0}))
    assert aws.create(SECRET, {"name": "other"}).id


def test_a_volume_is_attached_once(aws: Provider) -> None:
    volume = aws.create(VOLUME, {"availabilityZone": "eu-central-1a", "size": 8})
    token = "aws:ec2/volumeAttachment:VolumeAttachment"
    inputs = {"volumeId": volume.id, "deviceName": "/dev/sdf"}
    one = aws.create(token, {**inputs, "instanceId": "i-1"}, "one")
    with pytest.raises(Refused, match=rf"VolumeInUse: `{volume.id}` is already attached by `one`"):
        aws.create(token, {**inputs, "instanceId": "i-2"}, "two")
    with pytest.raises(Refused, match="VolumeInUse"):
        aws.delete(volume)
    aws.delete(one)
    assert aws.create(token, {**inputs, "instanceId": "i-2"}, "two").id


def test_what_is_kept_is_listed(aws: Provider) -> None:
    database = aws.create("aws:rds/instance:Instance", {**DATABASE, "finalSnapshotIdentifier": "last-one"}, "db")
    key = aws.create("aws:kms/key:Key", {"deletionWindowInDays": 7}, "key")
    bucket = aws.create(BUCKET, {}, "retained")
    aws.delete(database)
    aws.delete(key)
    kept = {(item.kind, item.id) for item in manage.kept(aws.home, "dev")}
    assert kept == {("final snapshot", "last-one"), ("key", key.id), ("retained resource", bucket.id)}
    assert manage.forget(aws.home, "dev") == 1
    assert manage.kept(aws.home, "dev") == []


def test_a_database_says_how_its_last_snapshot_is_called(aws: Provider) -> None:
    made = aws.create("aws:rds/instance:Instance", DATABASE)
    with pytest.raises(Refused, match="finalSnapshotIdentifier is required when skipFinalSnapshot is false"):
        aws.delete(made)
    aws.delete(aws.update(made, {**DATABASE, "skipFinalSnapshot": True}))


def test_a_reference_to_something_that_was_removed_is_refused(aws: Provider) -> None:
    net = vpc(aws)
    aws.delete(net)
    with pytest.raises(Exception, match=rf"`vpcId` refers to `{net.id}`, which does not exist"):
        aws.create(SUBNET, {"vpcId": net.id, "cidrBlock": "10.0.1.0/24"})


def test_an_id_of_a_real_account_is_taken_as_it_is(aws: Provider) -> None:
    assert aws.create(SUBNET, {"vpcId": "vpc-0123456789abcdef0", "cidrBlock": "10.0.1.0/24"}).id


def test_parts_of_a_resource_exist_with_it(aws: Provider) -> None:
    group = vpc(aws).outputs["defaultSecurityGroupId"]
    rule = {"securityGroupId": group, "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/8"}
    assert aws.create("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", rule).id.startswith("sgr-")
