"""Lookups whose answers AWS documents as fixed: service accounts, managed policies and prefix lists."""

from __future__ import annotations

from typing import Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.errors import UnknownLookupError
from blueprints.sandbox.provider.mint import Mint
from blueprints.sandbox.provider.values import listed, mapped

# Accounts that write load balancer logs (Elastic Load Balancing User Guide, access logs, bucket permissions).
_ELB_ACCOUNTS = {
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-southeast-3": "589379963580",
    "ap-south-1": "718504428378",
    "ap-northeast-3": "383597477331",
    "ap-northeast-2": "600734575887",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-northeast-1": "582318560864",
    "ca-central-1": "985666609251",
    "eu-central-1": "054676820928",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-south-1": "635631232127",
    "eu-west-3": "009996457667",
    "eu-north-1": "897822967062",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-gov-west-1": "048591011584",
    "us-gov-east-1": "190560391635",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
}
# Managed cache policies (CloudFront Developer Guide, managed policies).
_CACHE_POLICIES = {
    "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    "Managed-Elemental-MediaPackage": "08627262-05a9-4f76-9ded-b50ca2e3a84f",
    "Managed-Amplify": "2e54312d-136d-493c-8eb9-b001f22f67d2",
    "UseOriginCacheControlHeaders": "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    "UseOriginCacheControlHeaders-QueryStrings": "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
}
_ORIGIN_REQUEST_POLICIES = {
    "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    "Managed-CORS-CustomOrigin": "59781a5b-3903-41f3-afcb-af62929ccde1",
    "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    "Managed-Elemental-MediaTailor-PersonalizedManifests": "775133bc-15f2-49f9-abea-afb2e0bf67d2",
    "Managed-UserAgentRefererHeaders": "acba4595-bd28-49b8-b9fe-13317c0390fa",
}
_RESPONSE_HEADERS_POLICIES = {
    "Managed-SimpleCORS": "60669652-455b-4ae9-85a4-c4c02393f86c",
    "Managed-CORS-With-Preflight": "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
    "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
}


def _policy(
    table: dict[str, str], kind: str, resource: str, simulation: Any, arguments: dict[str, Any]
) -> dict[str, Any]:
    name, identity = arguments.get("name"), arguments.get("id")
    for known, value in table.items():
        if name in (known, known.removeprefix("Managed-")) or identity == value:
            arn = f"arn:aws:cloudfront::{regions.ACCOUNT}:{kind}/{value}"
            return {**arguments, "id": value, "name": known, "arn": arn, "etag": "E23ZP02F085DFQ", "comment": ""}
    for row in simulation.session.account.of_type(resource):
        outputs = simulation.session.account.outputs(row)
        if identity == row.id or (name and outputs.get("name") == name):
            return {**outputs, "id": row.id}
    raise UnknownLookupError(
        f"the simulated account has no CloudFront {kind} `{name or identity}`; managed ones are {', '.join(table)}"
    )


def get_cache_policy(simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """A managed cache policy, or one that a program made."""
    return _policy(_CACHE_POLICIES, "cache-policy", "aws:cloudfront/cachePolicy:CachePolicy", simulation, arguments)


def get_origin_request_policy(simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """A managed origin request policy, or one that a program made."""
    resource = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
    return _policy(_ORIGIN_REQUEST_POLICIES, "origin-request-policy", resource, simulation, arguments)


def get_response_headers_policy(simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """A managed response headers policy, or one that a program made."""
    resource = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
    return _policy(_RESPONSE_HEADERS_POLICIES, "response-headers-policy", resource, simulation, arguments)


def get_elb_account(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The account that writes load balancer logs in a region."""
    account = _ELB_ACCOUNTS.get(region)
    if account is None:
        raise UnknownLookupError(
            f"{region} has no load balancer account; write the principal logdelivery.elasticloadbalancing.amazonaws.com"
        )
    return {**arguments, "id": account, "arn": f"arn:{regions.partition(region)}:iam::{account}:root"}


def get_log_delivery_user(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The canonical user that delivers CloudFront's logs (CloudFront Developer Guide, standard logs)."""
    china = regions.partition(region) == "aws-cn"
    known = "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56"
    return {**arguments, "id": known if china else "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"}


def get_canonical_user_id(_simulation: Any, arguments: dict[str, Any], _region: str) -> dict[str, Any]:
    """The simulated account's canonical user."""
    return {**arguments, "id": Mint("account::canonical").digest("user"), "displayName": "sandbox"}


_PREFIX_LISTS = (
    "com.amazonaws.global.cloudfront.origin-facing",
    "com.amazonaws.{region}.s3",
    "com.amazonaws.{region}.dynamodb",
    "com.amazonaws.{region}.ec2-instance-connect",
    "com.amazonaws.{region}.route53-healthchecks",
    "com.amazonaws.{region}.vpc-lattice",
)


def get_prefix_list(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """A prefix list that AWS manages."""
    name = arguments.get("name")
    for condition in map(mapped, listed(arguments.get("filters"))):
        if condition.get("name") == "prefix-list-name" and condition.get("values"):
            name = condition["values"][0]
    for form in _PREFIX_LISTS:
        known = form.format(region=region)
        identity = Mint(f"account::{region}").identity("pl-", 8, known)
        if name == known or identity in (arguments.get("id"), arguments.get("prefixListId")):
            return {
                **arguments,
                "id": identity,
                "prefixListId": identity,
                "name": known,
                "arn": f"arn:{regions.partition(region)}:ec2:{region}:aws:prefix-list/{identity}",
                "addressFamily": "IPv4",
                "entries": [],
                "cidrBlocks": [],
                "maxEntries": 55,
                "ownerId": "AWS",
                "tags": {},
                "version": 1,
                "region": region,
            }
    raise UnknownLookupError(
        f"the simulated account has no prefix list `{name or arguments.get('id')}`; known are"
        f" {', '.join(form.format(region=region) for form in _PREFIX_LISTS)}, and sandbox.yaml can add others under"
        " `functions:`"
    )


FUNCTIONS = {
    "aws:cloudfront/getCachePolicy:getCachePolicy": get_cache_policy,
    "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": get_origin_request_policy,
    "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": get_response_headers_policy,
    "aws:cloudfront/getLogDeliveryCanonicalUserId:getLogDeliveryCanonicalUserId": get_log_delivery_user,
    "aws:elb/getServiceAccount:getServiceAccount": get_elb_account,
    "aws:s3/getCanonicalUserId:getCanonicalUserId": get_canonical_user_id,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": get_prefix_list,
    "aws:ec2/getPrefixList:getPrefixList": get_prefix_list,
}
