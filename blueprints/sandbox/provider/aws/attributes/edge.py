"""DNS, certificates, content delivery, firewalls and APIs."""

from __future__ import annotations

from typing import Any

_CF = "arn:{p}:cloudfront::{a}:"
_WAF = "arn:{p}:wafv2:{wafregion}:{a}:{wafscope}/"
_API = "arn:{p}:apigateway:{r}::"
_ETAG = "E{upper13}"

FORMS: dict[str, dict[str, Any]] = {
    "route53/zone:Zone": {
        "id": "Z{upper20}",
        "zoneId": "{id}",
        "arn": "arn:{p}:route53:::hostedzone/{id}",
        "comment": "Managed by Pulumi",
        "nameServers": [
            "ns-{digits3}.awsdns-01.com",
            "ns-1{digits3}.awsdns-02.org",
            "ns-5{digits2}.awsdns-03.net",
            "ns-17{digits2}.awsdns-04.co.uk",
        ],
        "primaryNameServer": "ns-{digits3}.awsdns-01.com",
    },
    "route53/record:Record": {"id": "{recordid}", "fqdn": "{recordfqdn}"},
    "route53/healthCheck:HealthCheck": {"id": "{uuid}", "arn": "arn:{p}:route53:::healthcheck/{id}"},
    "acm/certificate:Certificate": {
        "id": "@arn",
        "arn": "arn:{p}:acm:{r}:{a}:certificate/{uuid}",
        "keyAlgorithm": "RSA_2048",
        "notBefore": "2024-01-01T00:00:00Z",
        "notAfter": "2025-01-01T00:00:00Z",
        "renewalEligibility": "INELIGIBLE",
        "status": "PENDING_VALIDATION",
        "type": "AMAZON_ISSUED",
    },
    "acm/certificateValidation:CertificateValidation": {"id": "2024-01-01 00:00:00 +0000 UTC"},
    "acmpca/certificateAuthority:CertificateAuthority": {
        "id": "@arn",
        "arn": "arn:{p}:acm-pca:{r}:{a}:certificate-authority/{uuid}",
    },
    "cloudfront/distribution:Distribution": {
        "id": _ETAG,
        "arn": _CF + "distribution/{id}",
        "domainName": "d{lower13}.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
        "etag": "E{upper12}",
        "status": "Deployed",
        "callerReference": "terraform-{digits20}",
        "inProgressValidationBatches": 0,
        "lastModifiedTime": "2024-01-01 00:00:00 +0000 UTC",
        "httpVersion": "http2",
        "priceClass": "PriceClass_All",
    },
    "cloudfront/originAccessControl:OriginAccessControl": {
        "id": _ETAG,
        "arn": _CF + "origin-access-control/{id}",
        "etag": "ETVPDKIKX0DER",
        "description": "Managed by Pulumi",
    },
    "cloudfront/originAccessIdentity:OriginAccessIdentity": {
        "id": _ETAG,
        "arn": _CF + "origin-access-identity/{id}",
        "callerReference": "terraform-{digits20}",
        "cloudfrontAccessIdentityPath": "origin-access-identity/cloudfront/{id}",
        "etag": "E{upper12}",
        "iamArn": "arn:{p}:iam::cloudfront:user/CloudFront Origin Access Identity {id}",
        "s3CanonicalUserId": "{hex96}",
    },
    "cloudfront/cachePolicy:CachePolicy": {"id": "{uuid}", "arn": _CF + "cache-policy/{id}", "etag": "E{upper12}"},
    "cloudfront/originRequestPolicy:OriginRequestPolicy": {
        "id": "{uuid}",
        "arn": _CF + "origin-request-policy/{id}",
        "etag": "E{upper12}",
    },
    "cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
        "id": "{uuid}",
        "arn": _CF + "response-headers-policy/{id}",
        "etag": "E{upper12}",
    },
    "cloudfront/function:Function": {
        "id": "{name}",
        "arn": _CF + "function/{name}",
        "etag": "E{upper12}",
        "liveStageEtag": "E{upper12}",
        "status": "UNASSOCIATED",
    },
    "cloudfront/keyValueStore:KeyValueStore": {
        "id": "{uuid}",
        "arn": _CF + "key-value-store/{id}",
        "etag": "E{upper12}",
    },
    "wafv2/webAcl:WebAcl": {
        "id": "{uuid}",
        "arn": _WAF + "webacl/{name}/{id}",
        "capacity": 1,
        "lockToken": "{uuid}",
    },
    "wafv2/ipSet:IpSet": {"id": "{uuid}", "arn": _WAF + "ipset/{name}/{id}", "lockToken": "{uuid}"},
    "wafv2/ruleGroup:RuleGroup": {"id": "{uuid}", "arn": _WAF + "rulegroup/{name}/{id}", "lockToken": "{uuid}"},
    "wafv2/webAclAssociation:WebAclAssociation": {"id": "{i[webAclArn]},{i[resourceArn]}"},
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {"id": "{i[resourceArn]}"},
    "apigatewayv2/api:Api": {
        "id": "{lower10}",
        "arn": _API + "/apis/{id}",
        "apiEndpoint": "{apischeme}://{id}.execute-api.{r}.{s}",
        "executionArn": "arn:{p}:execute-api:{r}:{a}:{id}",
        "apiKeySelectionExpression": "$request.header.x-api-key",
        "routeSelectionExpression": "$request.method $request.path",
        "ipAddressType": "ipv4",
    },
    "apigatewayv2/stage:Stage": {
        "id": "{name}",
        "arn": _API + "/apis/{i[apiId]}/stages/{name}",
        "executionArn": "arn:{p}:execute-api:{r}:{a}:{i[apiId]}/{name}",
        "invokeUrl": "{stageurl}",
        "deploymentId": "{lower6}",
    },
    "apigatewayv2/route:Route": {"id": "{lower7}", "authorizationType": "NONE"},
    "apigatewayv2/integration:Integration": {"id": "{lower7}", "payloadFormatVersion": "1.0"},
    "apigatewayv2/authorizer:Authorizer": {"id": "{lower6}"},
    "apigatewayv2/deployment:Deployment": {"id": "{lower6}", "autoDeployed": False},
    "apigatewayv2/domainName:DomainName": {
        "id": "{i[domainName]}",
        "arn": _API + "/domainnames/{i[domainName]}",
        "apiMappingSelectionExpression": "$request.basepath",
        "domainNameConfiguration": {
            "targetDomainName": "d-{lower10}.execute-api.{r}.{s}",
            "hostedZoneId": "Z1UJRXOUMOOFQ8",
        },
    },
    "apigatewayv2/apiMapping:ApiMapping": {"id": "{lower6}"},
    "apigatewayv2/vpcLink:VpcLink": {"id": "{lower6}", "arn": _API + "/vpclinks/{id}"},
    "apigateway/restApi:RestApi": {
        "id": "{lower10}",
        "arn": _API + "/restapis/{id}",
        "executionArn": "arn:{p}:execute-api:{r}:{a}:{id}",
        "rootResourceId": "{rootresource}",
        "createdDate": "2024-01-01T00:00:00Z",
        "apiKeySource": "HEADER",
    },
    "apigateway/resource:Resource": {"id": "{lower6}", "path": "/{i[pathPart]}"},
    "apigateway/deployment:Deployment": {"id": "{lower6}", "createdDate": "2024-01-01T00:00:00Z"},
    "apigateway/stage:Stage": {
        "id": "ags-{i[restApi]}-{i[stageName]}",
        "arn": _API + "/restapis/{i[restApi]}/stages/{i[stageName]}",
        "executionArn": "arn:{p}:execute-api:{r}:{a}:{i[restApi]}/{i[stageName]}",
        "invokeUrl": "https://{i[restApi]}.execute-api.{r}.{s}/{i[stageName]}",
    },
    "apigateway/method:Method": {"id": "agm-{i[restApi]}-{i[resourceId]}-{i[httpMethod]}"},
    "apigateway/integration:Integration": {"id": "agi-{i[restApi]}-{i[resourceId]}-{i[httpMethod]}"},
    "apigateway/apiKey:ApiKey": {"id": "{lower10}", "arn": _API + "/apikeys/{id}", "value": "{lower40}"},
    "apigateway/usagePlan:UsagePlan": {"id": "{lower6}", "arn": _API + "/usageplans/{id}"},
}
