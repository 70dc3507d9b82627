"""Regions: partition, DNS suffix, availability zones."""

from __future__ import annotations

ACCOUNT = "000000000000"
"""The account that every sandbox simulates; no real account has this number."""

DEFAULT_REGION = "us-east-1"

NAMES = {
    "af-south-1": "Africa (Cape Town)",
    "ap-east-1": "Asia Pacific (Hong Kong)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-south-2": "Asia Pacific (Hyderabad)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ap-southeast-3": "Asia Pacific (Jakarta)",
    "ap-southeast-4": "Asia Pacific (Melbourne)",
    "ca-central-1": "Canada (Central)",
    "ca-west-1": "Canada West (Calgary)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-central-2": "Europe (Zurich)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-1": "Europe (Milan)",
    "eu-south-2": "Europe (Spain)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "il-central-1": "Israel (Tel Aviv)",
    "me-central-1": "Middle East (UAE)",
    "me-south-1": "Middle East (Bahrain)",
    "sa-east-1": "South America (Sao Paulo)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
    "cn-north-1": "China (Beijing)",
    "cn-northwest-1": "China (Ningxia)",
    "us-gov-east-1": "AWS GovCloud (US-East)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
}
_SHORT = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}


def partition(region: str) -> str:
    """`aws`, `aws-cn` or `aws-us-gov`."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def suffix(region: str) -> str:
    """The end of the DNS names of services."""
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def zones(region: str) -> list[str]:
    """Three availability zones; sandbox.yaml may name others."""
    return [f"{region}{letter}" for letter in "abc"]


def zone_id(zone: str) -> str:
    """`us-east-1a` as `use1-az1`."""
    region, letter = zone[:-1], zone[-1]
    parts = region.split("-")
    direction = "".join(_SHORT.get(part, part[:1]) for part in _split_direction(parts[-2]))
    area = "".join(parts[:-2])
    return f"{area}{direction}{parts[-1]}-az{ord(letter) - ord('a') + 1}"


def _split_direction(word: str) -> list[str]:
    for first in ("north", "south"):
        if word.startswith(first) and word != first:
            return [first, word[len(first) :]]
    return [word]
