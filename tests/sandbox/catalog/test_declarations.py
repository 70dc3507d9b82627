"""The catalog says what the installed SDKs declare: names, nesting, requiredness, secrecy, constants."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blueprints.sandbox import catalog
from blueprints.sandbox.catalog import Package


def installed(name: str) -> Package:
    package = catalog.package(name)
    assert package is not None
    return package


@pytest.mark.parametrize(
    ("token", "required"),
    [
        ("aws:sqs/queue:Queue", set[str]()),
        ("aws:rds/cluster:Cluster", {"engine"}),
        ("aws:ec2/subnet:Subnet", {"vpcId"}),
        ("aws:lambda/function:Function", {"role"}),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"ipProtocol", "securityGroupId"}),
    ],
)
def test_required_inputs(token: str, required: set[str]) -> None:
    resource = installed("aws").resource(token)
    assert resource is not None
    assert resource.token == token
    assert resource.required == required


def test_input_types_of_an_instance() -> None:
    aws = installed("aws")
    instance = aws.resource("aws:ec2/instance:Instance")
    assert instance is not None
    assert str(instance.inputs["ami"].type) == "string"
    assert str(instance.inputs["ipv6AddressCount"].type) == "integer"
    assert str(instance.inputs["tags"].type) == "map[string]"
    assert str(instance.inputs["ebsBlockDevices"].type) == "list[InstanceEbsBlockDeviceArgs]"
    root = instance.inputs["rootBlockDevice"].type
    assert root.kind == "object"
    assert root.ref == "ec2/_inputs.py#InstanceRootBlockDeviceArgs"
    nested = aws.object_type(root.ref)
    assert str(nested.properties["volumeSize"].type) == "integer"
    assert nested.required == frozenset()
    assert instance.inputs["networkInterfaces"].deprecated.startswith("network_interface is deprecated.")
    assert instance.inputs["sourceDestCheck"].description.startswith("Controls if traffic is routed to the instance")


def test_outputs_that_only_the_provider_decides() -> None:
    queue = installed("aws").resource("aws:sqs/queue:Queue")
    assert queue is not None
    assert queue.only_outputs == {"arn", "tagsAll", "url"}


def test_required_property_of_a_nested_object() -> None:
    aws = installed("aws")
    distribution = aws.resource("aws:cloudfront/distribution:Distribution")
    assert distribution is not None
    origins = distribution.inputs["origins"].type
    assert origins.item is not None
    assert origins.item.ref is not None
    assert aws.object_type(origins.item.ref).required == {"domainName", "originId"}


def test_enumeration_that_also_accepts_other_values() -> None:
    aws = installed("aws")
    function = aws.resource("aws:lambda/function:Function")
    assert function is not None
    runtime = function.inputs["runtime"].type
    assert [option.kind for option in runtime.options] == ["string", "enum"]
    assert "python3.13" in aws.enum_type(runtime.options[1].ref or "").values
    assert function.inputs["code"].type.kind == "archive"


def test_asset_or_archive() -> None:
    bucket_object = installed("aws").resource("aws:s3/bucketObjectv2:BucketObjectv2")
    assert bucket_object is not None
    assert [option.kind for option in bucket_object.inputs["source"].type.options] == ["asset", "archive"]


def test_secret_inputs_and_outputs() -> None:
    instance = installed("aws").resource("aws:rds/instance:Instance")
    assert instance is not None
    assert instance.inputs["password"].secret
    assert not instance.inputs["username"].secret
    assert instance.secret_outputs == {"password", "passwordWo"}
    password = installed("random").resource("random:index/randomPassword:RandomPassword")
    assert password is not None
    assert password.secret_outputs == {"bcryptHash", "result"}


def test_provider_settings_that_arrive_as_json() -> None:
    provider = installed("aws").provider
    assert provider is not None
    assert provider.inputs["defaultTags"].json
    assert provider.inputs["allowedAccountIds"].json
    assert not provider.inputs["region"].json
    assert provider.inputs["secretKey"].secret


def test_kubernetes_constants_aliases_and_types_of_other_modules() -> None:
    kubernetes = installed("kubernetes")
    deployment = kubernetes.resource("kubernetes:apps/v1:Deployment")
    assert deployment is not None
    assert deployment.inputs["apiVersion"].constant == "apps/v1"
    assert deployment.inputs["kind"].constant == "Deployment"
    assert deployment.inputs["metadata"].type.ref == "meta/v1/_inputs.py#ObjectMetaArgs"
    assert "kubernetes:apps/v1beta1:Deployment" in deployment.aliases
    spec = kubernetes.object_type(deployment.inputs["spec"].type.ref or "")
    assert spec.required == {"selector", "template"}
    assert spec.properties["template"].type.ref == "core/v1/_inputs.py#PodTemplateSpecArgs"
    assert kubernetes.resource("kubernetes:rbac.authorization.k8s.io/v1:Role") is not None
    service = kubernetes.object_type("core/v1/_inputs.py#ServicePortArgs")
    assert {option.kind for option in service.properties["targetPort"].type.options} == {"integer", "string"}


def test_remote_component() -> None:
    config = installed("kubernetes").resource("kubernetes:yaml/v2:ConfigFile")
    assert config is not None
    assert config.component
    assert config.remote
    deployment = installed("kubernetes").resource("kubernetes:apps/v1:Deployment")
    assert deployment is not None
    assert not deployment.component


def test_functions() -> None:
    aws = installed("aws")
    parameter = aws.function("aws:ssm/getParameter:getParameter")
    assert parameter is not None
    assert parameter.required == {"name"}
    assert {"arn", "id", "name", "type", "value", "version"} <= set(parameter.result)
    ami = aws.function("aws:ec2/getAmi:getAmi")
    assert ami is not None
    assert ami.required == frozenset()
    assert str(ami.arguments["filters"].type) == "list[GetAmiFilterArgs]"
    assert aws.function("aws:index/getRegion:getRegion") is not None


@pytest.mark.parametrize(
    "token",
    [
        "aws:sqs/queue:Nothing",
        "aws:nosuch/queue:Queue",
        "random:index/randomId:RandomId",
        "aws",
        "aws:sqs",
        "",
        "pulumi:providers:random",
        "aws:../../queue:Queue",
    ],
)
def test_unknown_token_is_none(token: str) -> None:
    assert installed("aws").resource(token) is None
    assert installed("aws").function(token) is None


def test_resource_is_no_function_and_the_other_way_round() -> None:
    aws = installed("aws")
    assert aws.function("aws:sqs/queue:Queue") is None
    assert aws.resource("aws:ec2/getAmi:getAmi") is None


def test_unknown_package_is_none() -> None:
    assert catalog.package("no-such-package") is None


@pytest.mark.parametrize("name", ["command", "docker", "kubernetes", "random", "tls"])
def test_every_token_of_a_package_is_read(name: str) -> None:
    package = installed(name)
    tokens = package.tokens()
    assert len(tokens) >= 4
    for token in tokens:
        declared = package.resource(token) or package.function(token)
        assert declared is not None, token


def test_every_module_of_aws_is_found() -> None:
    aws = installed("aws")
    tokens = aws.tokens()
    assert len(tokens) > 2000
    first_of_module = {token.rpartition("/")[0]: token for token in reversed(tokens)}
    assert len(first_of_module) > 150
    for token in first_of_module.values():
        assert (aws.resource(token) or aws.function(token)) is not None, token


@given(st.text(max_size=300), st.sampled_from(["", "aws:", "aws:ec2/", "aws:ec2/instance:", "pulumi:providers:"]))
@settings(max_examples=150, deadline=None)
@example("x" * 4000 + ":Y", "aws:ec2/")
@example("x" * 4000 + "/y:Y", "aws:")
@example("Y" * 4000, "aws:ec2/instance:")
@example("../..:x", "aws:")
@example("\0/x:Y", "aws:")
@example("*", "aws:ec2/*:")
def test_any_text_is_a_token_or_not(text: str, start: str) -> None:
    """Programs choose tokens: whatever they choose, the answer is None and never an error."""
    aws = installed("aws")
    token = start + text
    if token not in ("pulumi:providers:aws", "aws:ec2/instance:Instance"):
        assert aws.resource(token) is None
        assert aws.function(token) is None
    assert catalog.package(text) is None or text in ("aws", "command", "docker", "kubernetes", "random", "tls")
