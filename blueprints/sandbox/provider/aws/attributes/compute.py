"""Instances, volumes, containers, functions and their scaling."""

from __future__ import annotations

from typing import Any

_EC2 = "arn:{p}:ec2:{r}:{a}:"
_ECS = "arn:{p}:ecs:{r}:{a}:"
_LAMBDA = "arn:{p}:lambda:{r}:{a}:"
_ASG = "arn:{p}:autoscaling:{r}:{a}:"

FORMS: dict[str, dict[str, Any]] = {
    "ec2/instance:Instance": {
        "id": "i-#17",
        "arn": _EC2 + "instance/{id}",
        "instanceState": "running",
        "primaryNetworkInterfaceId": "eni-#17",
        "tenancy": "default",
        "instanceInitiatedShutdownBehavior": "stop",
    },
    "ec2/spotInstanceRequest:SpotInstanceRequest": {
        "id": "sir-{lower8}",
        "spotInstanceId": "i-#17",
        "spotBidStatus": "fulfilled",
        "instanceState": "running",
    },
    "ec2/launchTemplate:LaunchTemplate": {
        "id": "lt-#17",
        "arn": _EC2 + "launch-template/{id}",
        "latestVersion": "{latestversion}",
        "defaultVersion": 1,
    },
    "ec2/keyPair:KeyPair": {
        "id": "{name}",
        "arn": _EC2 + "key-pair/{name}",
        "keyPairId": "key-#17",
        "keyType": "rsa",
        "fingerprint": "{fingerprint}",
    },
    "ec2/placementGroup:PlacementGroup": {
        "id": "{name}",
        "arn": _EC2 + "placement-group/{name}",
        "placementGroupId": "pg-#17",
    },
    "ec2/ami:Ami": {"id": "ami-#17", "arn": "arn:{p}:ec2:{r}::image/{id}", "ownerId": "{a}"},
    "ec2/amiCopy:AmiCopy": {"id": "ami-#17", "arn": "arn:{p}:ec2:{r}::image/{id}", "ownerId": "{a}"},
    "ec2/amiFromInstance:AmiFromInstance": {"id": "ami-#17", "arn": "arn:{p}:ec2:{r}::image/{id}", "ownerId": "{a}"},
    "ec2/volumeAttachment:VolumeAttachment": {"id": "vai-{digits10}"},
    "ebs/volume:Volume": {"id": "vol-#17", "arn": _EC2 + "volume/{id}", "type": "gp2"},
    "ebs/snapshot:Snapshot": {"id": "snap-#17", "arn": "arn:{p}:ec2:{r}::snapshot/{id}", "ownerId": "{a}"},
    "dlm/lifecyclePolicy:LifecyclePolicy": {"id": "policy-#17", "arn": "arn:{p}:dlm:{r}:{a}:policy/{id}"},
    "autoscaling/group:Group": {
        "id": "{name}",
        "arn": _ASG + "autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
        "defaultCooldown": 300,
        "healthCheckType": "EC2",
        "serviceLinkedRoleArn": "arn:{p}:iam::{a}:role/aws-service-role/autoscaling.amazonaws.com"
        "/AWSServiceRoleForAutoScaling",
    },
    "autoscaling/policy:Policy": {
        "id": "{name}",
        "arn": _ASG + "scalingPolicy:{uuid}:autoScalingGroupName/{i[autoscalingGroupName]}:policyName/{name}",
    },
    "autoscaling/attachment:Attachment": {"id": "{i[autoscalingGroupName]}-{digits20}"},
    "ec2/launchConfiguration:LaunchConfiguration": {
        "id": "{name}",
        "arn": _ASG + "launchConfiguration:{uuid}:launchConfigurationName/{name}",
    },
    "appautoscaling/target:Target": {
        "id": "{i[resourceId]}",
        "arn": "arn:{p}:application-autoscaling:{r}:{a}:scalable-target/{hex24}",
        "roleArn": "arn:{p}:iam::{a}:role/aws-service-role/{i[serviceNamespace]}.application-autoscaling.amazonaws.com"
        "/AWSServiceRoleForApplicationAutoScaling",
    },
    "appautoscaling/policy:Policy": {
        "id": "{name}",
        "arn": _ASG + "scalingPolicy:{uuid}:resource/{i[serviceNamespace]}/{i[resourceId]}:policyName/{name}",
    },
    "ecs/cluster:Cluster": {"id": "@arn", "arn": _ECS + "cluster/{name}"},
    "ecs/clusterCapacityProviders:ClusterCapacityProviders": {"id": "{i[clusterName]}"},
    "ecs/capacityProvider:CapacityProvider": {"id": "@arn", "arn": _ECS + "capacity-provider/{name}"},
    "ecs/taskDefinition:TaskDefinition": {
        "id": "{i[family]}",
        "arn": _ECS + "task-definition/{i[family]}:{revision}",
        "arnWithoutRevision": _ECS + "task-definition/{i[family]}",
        "networkMode": "bridge",
        "enableFaultInjection": False,
    },
    "ecs/service:Service": {
        "id": "@arn",
        "arn": _ECS + "service/{last[cluster]}/{name}",
        "launchType": "EC2",
        "platformVersion": "LATEST",
        "iamRole": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        "availabilityZoneRebalancing": "DISABLED",
    },
    "lambda/function:Function": {
        "id": "{name}",
        "arn": _LAMBDA + "function:{name}",
        "invokeArn": "arn:{p}:apigateway:{r}:lambda:path/2015-03-31/functions/"
        + _LAMBDA
        + "function:{name}/invocations",
        "responseStreamingInvokeArn": "arn:{p}:apigateway:{r}:lambda:path/2021-11-15/functions/"
        + _LAMBDA
        + "function:{name}/response-streaming-invocations",
        "qualifiedArn": _LAMBDA + "function:{name}:{functionversion}",
        "qualifiedInvokeArn": "arn:{p}:apigateway:{r}:lambda:path/2015-03-31/functions/"
        + _LAMBDA
        + "function:{name}:{functionversion}/invocations",
        "version": "{functionversion}",
        "lastModified": "2024-01-01T00:00:00.000+0000",
        "architectures": ["x86_64"],
        "packageType": "Zip",
        "memorySize": 128,
        "timeout": 3,
        "sourceCodeSize": 1024,
    },
    "lambda/alias:Alias": {
        "id": "@arn",
        "arn": _LAMBDA + "function:{last[functionName]}:{name}",
        "invokeArn": "arn:{p}:apigateway:{r}:lambda:path/2015-03-31/functions/"
        + _LAMBDA
        + "function:{last[functionName]}:{name}/invocations",
    },
    "lambda/permission:Permission": {"id": "{i[statementId]}"},
    "lambda/eventSourceMapping:EventSourceMapping": {
        "id": "{uuid}",
        "uuid": "{id}",
        "arn": _LAMBDA + "event-source-mapping:{id}",
        "functionArn": _LAMBDA + "function:{last[functionName]}",
        "state": "Enabled",
    },
    "lambda/layerVersion:LayerVersion": {
        "id": "@arn",
        "arn": _LAMBDA + "layer:{i[layerName]}:{revision}",
        "layerArn": _LAMBDA + "layer:{i[layerName]}",
        "version": "{revision}",
    },
    "lambda/functionUrl:FunctionUrl": {
        "id": "{last[functionName]}",
        "functionArn": _LAMBDA + "function:{last[functionName]}",
        "functionUrl": "https://{lower32}.lambda-url.{r}.on.aws/",
        "urlId": "{lower32}",
    },
    "eks/cluster:Cluster": {
        "id": "{name}",
        "arn": "arn:{p}:eks:{r}:{a}:cluster/{name}",
        "endpoint": "https://{upper32}.gr7.{r}.eks.{s}",
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "version": "1.33",
        "certificateAuthority": {"data": "c2FuZGJveA=="},
        "identities": [{"oidcs": [{"issuer": "https://oidc.eks.{r}.{s}/id/{upper32}"}]}],
    },
    "eks/nodeGroup:NodeGroup": {
        "id": "{i[clusterName]}:{i[nodeGroupName]}",
        "arn": "arn:{p}:eks:{r}:{a}:nodegroup/{i[clusterName]}/{i[nodeGroupName]}/{uuid}",
        "status": "ACTIVE",
    },
    "eks/addon:Addon": {
        "id": "{i[clusterName]}:{i[addonName]}",
        "arn": "arn:{p}:eks:{r}:{a}:addon/{i[clusterName]}/{i[addonName]}/{uuid}",
    },
    "batch/jobQueue:JobQueue": {"id": "@arn", "arn": "arn:{p}:batch:{r}:{a}:job-queue/{name}"},
    "batch/computeEnvironment:ComputeEnvironment": {
        "id": "{name}",
        "arn": "arn:{p}:batch:{r}:{a}:compute-environment/{name}",
    },
    "batch/jobDefinition:JobDefinition": {
        "id": "@arn",
        "arn": "arn:{p}:batch:{r}:{a}:job-definition/{name}:{revision}",
        "arnPrefix": "arn:{p}:batch:{r}:{a}:job-definition/{name}",
    },
    "elasticbeanstalk/application:Application": {
        "id": "{name}",
        "arn": "arn:{p}:elasticbeanstalk:{r}:{a}:application/{name}",
    },
    "elasticbeanstalk/environment:Environment": {
        "id": "e-{lower10}",
        "arn": "arn:{p}:elasticbeanstalk:{r}:{a}:environment/{last[application]}/{name}",
        "cname": "{name}.{lower10}.{r}.elasticbeanstalk.com",
        "endpointUrl": "awseb-{lower10}.{r}.elb.{s}",
    },
    "apprunner/service:Service": {
        "id": "@arn",
        "arn": "arn:{p}:apprunner:{r}:{a}:service/{i[serviceName]}/{hex32}",
        "serviceUrl": "{lower10}.{r}.awsapprunner.com",
        "status": "RUNNING",
    },
}
