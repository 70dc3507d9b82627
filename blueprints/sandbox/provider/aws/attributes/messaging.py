"""Queues, topics, events, logs, alarms, workflows, deployments and discovery."""

from __future__ import annotations

from typing import Any

_CREATED = "2024-01-01T00:00:00Z"

FORMS: dict[str, dict[str, Any]] = {
    "sqs/queue:Queue": {
        "id": "@url",
        "arn": "arn:{p}:sqs:{r}:{a}:{name}",
        "url": "https://sqs.{r}.{s}/{a}/{name}",
        "kmsDataKeyReusePeriodSeconds": 300,
        "sqsManagedSseEnabled": True,
        "deduplicationScope": "queue",
        "fifoThroughputLimit": "perQueue",
    },
    "sqs/queuePolicy:QueuePolicy": {"id": "{i[queueUrl]}"},
    "sqs/redrivePolicy:RedrivePolicy": {"id": "{i[queueUrl]}"},
    "sqs/redriveAllowPolicy:RedriveAllowPolicy": {"id": "{i[queueUrl]}"},
    "sns/topic:Topic": {
        "id": "@arn",
        "arn": "arn:{p}:sns:{r}:{a}:{name}",
        "owner": "{a}",
        "signatureVersion": 1,
        "tracingConfig": "PassThrough",
        "policy": "{topicpolicy}",
    },
    "sns/topicPolicy:TopicPolicy": {"id": "{i[arn]}", "owner": "{a}"},
    "sns/topicSubscription:TopicSubscription": {
        "id": "@arn",
        "arn": "{topicarn}:{uuid}",
        "ownerId": "{a}",
        "confirmationWasAuthenticated": True,
    },
    "cloudwatch/logGroup:LogGroup": {
        "id": "{name}",
        "arn": "arn:{p}:logs:{r}:{a}:log-group:{name}",
        "logGroupClass": "STANDARD",
    },
    "cloudwatch/logStream:LogStream": {
        "id": "{name}",
        "arn": "arn:{p}:logs:{r}:{a}:log-group:{i[logGroupName]}:log-stream:{name}",
    },
    "cloudwatch/logMetricFilter:LogMetricFilter": {"id": "{name}"},
    "cloudwatch/metricAlarm:MetricAlarm": {"id": "{name}", "arn": "arn:{p}:cloudwatch:{r}:{a}:alarm:{name}"},
    "cloudwatch/compositeAlarm:CompositeAlarm": {
        "id": "{i[alarmName]}",
        "arn": "arn:{p}:cloudwatch:{r}:{a}:alarm:{i[alarmName]}",
    },
    "cloudwatch/dashboard:Dashboard": {
        "id": "{i[dashboardName]}",
        "dashboardArn": "arn:{p}:cloudwatch::{a}:dashboard/{i[dashboardName]}",
    },
    "cloudwatch/eventRule:EventRule": {"id": "{eventrulepath}", "arn": "arn:{p}:events:{r}:{a}:rule/{eventrulepath}"},
    "cloudwatch/eventTarget:EventTarget": {"id": "{i[rule]}-{targetid}", "targetId": "{targetid}"},
    "cloudwatch/eventBus:EventBus": {"id": "{name}", "arn": "arn:{p}:events:{r}:{a}:event-bus/{name}"},
    "cloudwatch/eventArchive:EventArchive": {"id": "{name}", "arn": "arn:{p}:events:{r}:{a}:archive/{name}"},
    "scheduler/schedule:Schedule": {
        "id": "{schedulegroup}/{name}",
        "arn": "arn:{p}:scheduler:{r}:{a}:schedule/{schedulegroup}/{name}",
        "groupName": "default",
        "state": "ENABLED",
    },
    "scheduler/scheduleGroup:ScheduleGroup": {
        "id": "{name}",
        "arn": "arn:{p}:scheduler:{r}:{a}:schedule-group/{name}",
        "state": "ACTIVE",
        "creationDate": _CREATED,
        "lastModificationDate": _CREATED,
    },
    "sfn/stateMachine:StateMachine": {
        "id": "@arn",
        "arn": "arn:{p}:states:{r}:{a}:stateMachine:{name}",
        "creationDate": _CREATED,
        "status": "ACTIVE",
        "revisionId": "{uuid}",
    },
    "sfn/activity:Activity": {"id": "@arn", "arn": "arn:{p}:states:{r}:{a}:activity:{name}", "creationDate": _CREATED},
    "cloudtrail/trail:Trail": {
        "id": "@arn",
        "arn": "arn:{p}:cloudtrail:{r}:{a}:trail/{name}",
        "homeRegion": "{r}",
    },
    "servicediscovery/httpNamespace:HttpNamespace": {
        "id": "ns-{lower16}",
        "arn": "arn:{p}:servicediscovery:{r}:{a}:namespace/{id}",
        "httpName": "{name}",
    },
    "servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
        "id": "ns-{lower16}",
        "arn": "arn:{p}:servicediscovery:{r}:{a}:namespace/{id}",
        "hostedZone": "Z{upper20}",
    },
    "servicediscovery/publicDnsNamespace:PublicDnsNamespace": {
        "id": "ns-{lower16}",
        "arn": "arn:{p}:servicediscovery:{r}:{a}:namespace/{id}",
        "hostedZone": "Z{upper20}",
    },
    "servicediscovery/service:Service": {
        "id": "srv-{lower16}",
        "arn": "arn:{p}:servicediscovery:{r}:{a}:service/{id}",
    },
    "codedeploy/application:Application": {
        "id": "{uuid}:{name}",
        "applicationId": "{uuid}",
        "arn": "arn:{p}:codedeploy:{r}:{a}:application:{name}",
    },
    "codedeploy/deploymentGroup:DeploymentGroup": {
        "id": "{i[appName]}:{i[deploymentGroupName]}",
        "arn": "arn:{p}:codedeploy:{r}:{a}:deploymentgroup:{i[appName]}/{i[deploymentGroupName]}",
        "deploymentGroupId": "{uuid}",
        "computePlatform": "Server",
    },
    "codedeploy/deploymentConfig:DeploymentConfig": {
        "id": "{i[deploymentConfigName]}",
        "arn": "arn:{p}:codedeploy:{r}:{a}:deploymentconfig:{i[deploymentConfigName]}",
        "deploymentConfigId": "{uuid}",
    },
    "codebuild/project:Project": {
        "id": "@arn",
        "arn": "arn:{p}:codebuild:{r}:{a}:project/{name}",
        "serviceRole": "{i[serviceRole]}",
    },
    "codepipeline/pipeline:Pipeline": {"id": "{name}", "arn": "arn:{p}:codepipeline:{r}:{a}:{name}"},
    "codecommit/repository:Repository": {
        "id": "{i[repositoryName]}",
        "repositoryId": "{uuid}",
        "arn": "arn:{p}:codecommit:{r}:{a}:{i[repositoryName]}",
        "cloneUrlHttp": "https://git-codecommit.{r}.{s}/v1/repos/{i[repositoryName]}",
        "cloneUrlSsh": "ssh://git-codecommit.{r}.{s}/v1/repos/{i[repositoryName]}",
    },
    "ses/domainIdentity:DomainIdentity": {
        "id": "{i[domain]}",
        "arn": "arn:{p}:ses:{r}:{a}:identity/{i[domain]}",
        "verificationToken": "{lower44}",
    },
    "ses/emailIdentity:EmailIdentity": {"id": "{i[email]}", "arn": "arn:{p}:ses:{r}:{a}:identity/{i[email]}"},
    "budgets/budget:Budget": {"id": "{a}:{name}", "accountId": "{a}", "arn": "arn:{p}:budgets::{a}:budget/{name}"},
    "appsync/graphQLApi:GraphQLApi": {
        "id": "{lower26}",
        "arn": "arn:{p}:appsync:{r}:{a}:apis/{id}",
        "uris": {
            "GRAPHQL": "https://{lower26}.appsync-api.{r}.{s}/graphql",
            "REALTIME": "wss://{lower26}.appsync-realtime-api.{r}.{s}/graphql",
        },
    },
    "mq/broker:Broker": {"id": "b-{uuid}", "arn": "arn:{p}:mq:{r}:{a}:broker:{i[brokerName]}:{id}"},
    "synthetics/canary:Canary": {
        "id": "{name}",
        "arn": "arn:{p}:synthetics:{r}:{a}:canary:{name}",
        "status": "RUNNING",
    },
}
