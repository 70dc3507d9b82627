"""When a service outgrows one server: the evolution triggers of the deployment strategy, as data.

Source: "Single-Server Docker Compose Pattern" of the deployment strategy, its two lists "When This Pattern Is
Appropriate" and "Evolution Triggers".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from blueprints.fields import percent
from blueprints.topologies.single_server.settings import SingleServerSettings


@dataclass(frozen=True)
class Trigger:
    """A sign that one server is no longer enough."""

    name: str
    """Short name."""
    sign: str
    """What is true then, as a sentence without its end."""
    then: str
    """What to do about it, as a sentence."""
    applies: Callable[[SingleServerSettings], bool]
    """Whether settings show it. What is not told counts as not true."""


def _promises_uptime(settings: SingleServerSettings) -> bool:
    uptime = settings.expects.uptime
    return uptime is not None and percent(uptime) >= 99


def _deploys_daily(settings: SingleServerSettings) -> bool:
    weekly = settings.expects.deployments_per_week
    return weekly is not None and weekly >= 5 and settings.release.strategy == "recreate"


TRIGGERS = (
    Trigger(
        "uptime",
        "contracts promise 99% or more (expects.uptime), and one server has no second to take over",
        "Plan a topology with several servers, such as FullStack.",
        _promises_uptime,
    ),
    Trigger(
        "traffic",
        "more than 100 users at the same time are expected (expects.users), beyond what one server was planned for",
        "Watch cpu, memory and response times over 5 seconds; a larger instance_type comes before FullStack.",
        lambda settings: (settings.expects.users or 0) > 100,
    ),
    Trigger(
        "deployments",
        "deployments are daily (expects.deployments_per_week) and each one stops the application",
        "Set release: {strategy: blue_green}, which switches without downtime, or move to FullStack.",
        _deploys_daily,
    ),
    Trigger(
        "geography",
        "users on several continents need short response times (expects.continents)",
        "Put a CDN in front, or move to Jamstack or Serverless, which answer near the user.",
        lambda settings: (settings.expects.continents or 1) > 1,
    ),
    Trigger(
        "team",
        "more than 5 engineers work on it (expects.team_size) and share one deployment",
        "Split it into services that are deployed on their own: Microservices.",
        lambda settings: (settings.expects.team_size or 0) > 5,
    ),
)
"""Every trigger, in the order of the source."""


def advice(settings: SingleServerSettings) -> Iterator[str]:
    """The triggers that these settings show, a sentence or two each."""
    for trigger in TRIGGERS:
        if trigger.applies(settings):
            yield f"This service may outgrow one server: {trigger.sign}. {trigger.then}"
