"""What AWS adds inside blocks that a program sets in part or leaves out. Forms as in the attribute tables."""

from __future__ import annotations

from typing import Any

_BLOCK_DEVICE: dict[str, Any] = {
    "volumeId": "vol-#17",
    "deleteOnTermination": True,
    "encrypted": False,
    "iops": 3000,
    "throughput": 125,
    "volumeType": "gp3",
    "kmsKeyId": "",
}

NESTED: dict[str, dict[str, dict[str, Any]]] = {
    "ec2/instance:Instance": {
        "rootBlockDevice": {**_BLOCK_DEVICE, "deviceName": "/dev/xvda", "volumeSize": 8},
        "ebsBlockDevices[]": _BLOCK_DEVICE,
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 2,
            "instanceMetadataTags": "disabled",
            "httpProtocolIpv6": "disabled",
        },
        "maintenanceOptions": {"autoRecovery": "default"},
        "primaryNetworkInterface": {"networkInterfaceId": "eni-#17", "deleteOnTermination": True},
        "enclaveOptions": {"enabled": False},
        "privateDnsNameOptions": {"hostnameType": "ip-name"},
        "capacityReservationSpecification": {"capacityReservationPreference": "open"},
    },
    "ec2/launchTemplate:LaunchTemplate": {
        "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "optional", "httpPutResponseHopLimit": 1},
    },
    "lb/loadBalancer:LoadBalancer": {"subnetMappings[]": {"outpostId": ""}},
    "rds/instance:Instance": {"masterUserSecrets[]": {"secretStatus": "active"}},
    "ecs/service:Service": {"deploymentController": {"type": "ECS"}},
    "dynamodb/table:Table": {
        "serverSideEncryption": {"kmsKeyArn": "arn:{p}:kms:{r}:{a}:key/{uuid}"},
        "pointInTimeRecovery": {"recoveryPeriodInDays": 35},
        "replicas[]": {"arn": "{arn}", "streamArn": "", "streamLabel": ""},
    },
    "lambda/function:Function": {
        "ephemeralStorage": {"size": 512},
        "loggingConfig": {"logFormat": "Text", "logGroup": "/aws/lambda/{name}"},
        "tracingConfig": {"mode": "PassThrough"},
        "vpcConfig": {"vpcId": "vpc-#17"},
        "snapStart": {"optimizationStatus": "Off"},
    },
    "cloudfront/distribution:Distribution": {
        "viewerCertificate": {"minimumProtocolVersion": "TLSv1"},
        "origins[]": {"connectionAttempts": 3, "connectionTimeout": 10},
    },
    "eks/cluster:Cluster": {
        "accessConfig": {"authenticationMode": "CONFIG_MAP"},
        "kubernetesNetworkConfig": {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"},
    },
    "autoscaling/group:Group": {"launchTemplate": {"version": "$Default"}},
    "ec2/vpcEndpoint:VpcEndpoint": {"dnsOptions": {"dnsRecordIpType": "ipv4"}},
    "s3/bucket:Bucket": {
        "versioning": {"enabled": False, "mfaDelete": False},
        "serverSideEncryptionConfiguration": {
            "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": ""}},
        },
    },
}
NESTED["alb/loadBalancer:LoadBalancer"] = NESTED["lb/loadBalancer:LoadBalancer"]
