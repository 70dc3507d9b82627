"""Alarms on metrics, told to an encrypted topic and from there to people by e-mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pulumi
import pulumi_aws as aws
from pydantic import Field

from blueprints.aws.identifiers import RoleName
from blueprints.aws.location import location_of
from blueprints.aws.policy_document import policy
from blueprints.common import BlueprintSettings
from blueprints.component import Blueprint
from blueprints.errors import Problem
from blueprints.fields import Arn, Email
from blueprints.inputs import In
from blueprints.settings import Settings

_OPERATORS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
    "<=": "LessThanOrEqualToThreshold",
}


class Alarm(Settings):
    """One alarm on one metric."""

    name: RoleName
    """Name: lower-case letters, digits and dashes."""
    meaning: str
    """What it means when it goes off and what to do: the text of the message."""
    namespace: str
    """Namespace of the metric, for example `AWS/EC2`."""
    metric: str
    """Name of the metric."""
    dimensions: dict[str, Any] = {}
    """Dimensions of the metric; values may be outputs."""
    statistic: Literal["Average", "Maximum", "Minimum", "Sum", "SampleCount"] = "Average"
    """How the values of one period become one. Default Average."""
    comparison: Literal[">", ">=", "<", "<="] = ">"
    """How the value is compared with the threshold. Default >."""
    threshold: float
    """The value beyond which something is wrong."""
    period_seconds: Annotated[int, Field(ge=60, le=86400, multiple_of=60)] = 60
    """Length of one period in seconds, a multiple of 60. Default 60."""
    periods: Annotated[int, Field(ge=1, le=1440)] = 3
    """Periods in a row that must be wrong. Default 3."""
    missing: Literal["breaching", "notBreaching", "ignore", "missing"] = "missing"
    """What a period without data counts as. Default missing."""
    actions: list[Any] = []
    """Further ARNs that are told when it goes off, beside the topic; may be outputs. Default none."""


class AlarmsSettings(BlueprintSettings):
    """Settings of a set of alarms."""

    alarms: list[Alarm]
    """The alarms."""
    emails: list[Email] = []
    """Addresses that are told; each must confirm once, by a link that AWS sends. Default none."""
    key_arn: In[Arn]
    """Key that encrypts the topic; its policy must admit CloudWatch alarms."""

    def rules(self) -> Iterator[Problem]:
        """Every name and address once; periods within a day (CloudWatch, PutMetricAlarm)."""
        yield from super().rules()
        names = [alarm.name for alarm in self.alarms]
        for index, alarm in enumerate(self.alarms):
            if alarm.name in names[:index]:
                yield Problem(f"alarms[{index}].name", "is used twice", "rename one of the two", alarm.name)
            if alarm.period_seconds * alarm.periods > 86400:
                yield Problem(f"alarms[{index}].periods", "must span at most one day", "use fewer periods")
        for index, email in enumerate(self.emails):
            if email in self.emails[:index]:
                yield Problem(f"emails[{index}]", "is listed twice", "keep one of the two", email)


class Alarms(Blueprint):
    """A topic and the alarms that publish to it. Going back to normal is told as well."""

    SETTINGS = AlarmsSettings
    ROLES = {
        "topic": "aws:sns/topic:Topic",
        "topic-policy": "aws:sns/topicPolicy:TopicPolicy",
        "email-*": "aws:sns/topicSubscription:TopicSubscription",
        "alarm-*": "aws:cloudwatch/metricAlarm:MetricAlarm",
    }

    topic_arn: pulumi.Output[str]
    """ARN of the topic, for further subscribers."""

    def __init__(
        self, name: str, args: AlarmsSettings | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        settings = AlarmsSettings.load(args)
        super().__init__(name, settings, opts)
        self.topic = self.create(aws.sns.Topic, "topic", {"kms_master_key_id": settings.key_arn})
        self.topic_policy = self.create(
            aws.sns.TopicPolicy, "topic-policy", {"arn": self.topic.arn, "policy": self._topic_policy()}
        )
        for email in settings.emails:
            # The address is part of the name, so that taking one out never touches the others.
            readable = "".join(character if character.isalnum() else "-" for character in email.lower())
            self.create(
                aws.sns.TopicSubscription,
                f"email-{readable}",
                {"topic": self.topic.arn, "protocol": "email", "endpoint": email},
            )
        self.alarms = {
            alarm.name: self.create(
                aws.cloudwatch.MetricAlarm,
                f"alarm-{alarm.name}",
                {
                    "alarm_description": alarm.meaning,
                    "namespace": alarm.namespace,
                    "metric_name": alarm.metric,
                    "dimensions": alarm.dimensions,
                    "statistic": alarm.statistic,
                    "comparison_operator": _OPERATORS[alarm.comparison],
                    "threshold": alarm.threshold,
                    "period": alarm.period_seconds,
                    "evaluation_periods": alarm.periods,
                    "datapoints_to_alarm": alarm.periods,
                    "treat_missing_data": alarm.missing,
                    "alarm_actions": [self.topic.arn, *alarm.actions],
                    "ok_actions": [self.topic.arn],
                },
            )
            for alarm in settings.alarms
        }
        self.publish(topic_arn=self.topic.arn)

    def _topic_policy(self) -> pulumi.Output[str]:
        return policy(
            [
                {
                    "Sid": "Alarms",
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudwatch.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": self.topic.arn,
                    "Condition": {"StringEquals": {"aws:SourceAccount": location_of(self).account}},
                },
                {
                    "Sid": "DenyWithoutTls",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sns:Publish",
                    "Resource": self.topic.arn,
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
            ]
        )
