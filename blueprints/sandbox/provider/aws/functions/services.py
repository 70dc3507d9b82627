"""Lookups of single services that are neither computed nor resources of the account."""

from __future__ import annotations

import base64
from typing import Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.aws.functions.lookup import candidates, fits
from blueprints.sandbox.provider.errors import UnknownLookupError
from blueprints.sandbox.provider.mint import Mint
from blueprints.sandbox.provider.values import Secret, reveal


def get_authorization_token(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """Credentials of the registry. They open nothing."""
    password = f"sandbox-{Mint(region).hex('registry', 16)}"
    registry = arguments.get("registryId") or regions.ACCOUNT
    return {
        **arguments,
        "id": region,
        "region": region,
        "authorizationToken": Secret(base64.b64encode(f"AWS:{password}".encode()).decode()),
        "expiresAt": "2024-01-01T12:00:00Z",
        "password": Secret(password),
        "proxyEndpoint": f"https://{registry}.dkr.ecr.{region}.{regions.suffix(region)}",
        "userName": "AWS",
    }


def get_cluster_auth(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """A token for a Kubernetes cluster. It opens nothing."""
    name = str(arguments.get("name"))
    return {
        "id": name,
        "name": name,
        "region": region,
        "token": Secret(f"k8s-aws-v1.sandbox-{Mint(name).hex('token', 16)}"),
    }


def get_random_password(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """A password of the length asked for, the same in each run."""
    length = int(arguments.get("passwordLength") or 32)
    text = Mint(f"password::{arguments}").letters("password", length)
    return {**arguments, "id": text[:8], "region": region, "randomPassword": Secret(text)}


def get_secret_version(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """A version of a secret. The account keeps no secrets, so its value is invented."""
    wanted = str(arguments.get("secretId"))
    for item in candidates(simulation, "aws:secretsmanager/secret:Secret", region):
        if wanted in (item["id"], item.get("arn"), item.get("name")):
            mint = Mint(f"secret::{item['id']}")
            return {
                **arguments,
                "id": f"{item['id']}|AWSCURRENT",
                "arn": item.get("arn", item["id"]),
                "createdDate": "2024-01-01T00:00:00Z",
                "region": region,
                "secretString": Secret(f"sandbox-secret-{mint.hex('value', 12)}"),
                "secretBinary": Secret(""),
                "versionId": mint.uuid("version"),
                "versionStages": ["AWSCURRENT"],
                "versionStage": arguments.get("versionStage") or "AWSCURRENT",
            }
    raise UnknownLookupError(
        f"aws:secretsmanager/getSecretVersion:getSecretVersion: the simulated account has no secret `{wanted}` in"
        f" {region}. Describe it in sandbox.yaml:\n  secrets:\n    - {{name: <its name>, arn: {wanted}}}"
    )


def get_policy(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """A policy of a program, or one that AWS manages."""
    for item in candidates(simulation, "aws:iam/policy:Policy", region):
        if fits(item, arguments):
            return {**item, "policy": reveal(item.get("policy", ""))}
    arn = str(arguments.get("arn") or f"arn:aws:iam::aws:policy/{arguments.get('name')}")
    if ":iam::aws:policy/" in arn:
        name = arn.rpartition("/")[2]
        document = '{"Version":"2012-10-17","Statement":[]}'
        return {"id": arn, "arn": arn, "name": name, "path": "/", "policyId": "ANPASANDBOX", "policy": document,
                "description": "", "tags": {}, "attachmentCount": 0}  # fmt: skip
    raise UnknownLookupError(f"aws:iam/getPolicy:getPolicy: the simulated account has no policy `{arn}`")


def get_role(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """A role of a program, of sandbox.yaml, or one that a service made for itself."""
    name = str(arguments.get("name"))
    for item in candidates(simulation, "aws:iam/role:Role", region):
        if name in (item.get("name"), item["id"]):
            return {**item, "assumeRolePolicy": item.get("assumeRolePolicy", ""), "uniqueId": item.get("uniqueId", "")}
    if name.startswith(("AWSServiceRoleFor", "aws-")) or name in ("ecsTaskExecutionRole", "LabRole"):
        return {
            "id": name,
            "name": name,
            "arn": f"arn:{regions.partition(region)}:iam::{regions.ACCOUNT}:role/{name}",
            "path": "/",
            "uniqueId": f"AROA{Mint(name).upper('id', 17)}",
            "assumeRolePolicy": "",
            "createDate": "2024-01-01T00:00:00Z",
            "description": "",
            "maxSessionDuration": 3600,
            "permissionsBoundary": "",
            "roleLastUseds": [],
            "tags": {},
        }
    raise UnknownLookupError(
        f"aws:iam/getRole:getRole: the simulated account has no role `{name}`. Describe it in sandbox.yaml:\n"
        f'  resources:\n    - {{type: "aws:iam/role:Role", id: {name}, properties: {{name: {name}}}}}'
    )


def get_engine_version(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The version asked for; the sandbox does not know which ones AWS offers."""
    engine = str(arguments.get("engine"))
    preferred = arguments.get("preferredVersions") or ["16.4" if "postgres" in engine else "8.0.40"]
    version = str(arguments.get("version") or preferred[0])
    family = (
        f"{engine}{version.split('.', maxsplit=1)[0]}"
        if "postgres" in engine
        else f"{engine}{'.'.join(version.split('.')[:2])}"
    )
    lists = "exportableLogTypes supportedCharacterSets supportedFeatureNames supportedModes supportedTimezones"
    return {
        "engineDescription": engine,
        "versionDescription": f"{engine} {version}",
        **{name: [] for name in [*lists.split(), "validMajorTargets", "validMinorTargets", "validUpgradeTargets"]},
        **arguments,
        "id": version,
        "engine": engine,
        "version": version,
        "versionActual": version,
        "parameterGroupFamily": arguments.get("parameterGroupFamily") or family,
        "region": region,
        "status": "available",
    }


def get_orderable_instance(_simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The first class asked for; the sandbox does not know which ones AWS offers."""
    classes = arguments.get("preferredInstanceClasses") or [arguments.get("instanceClass") or "db.t3.medium"]
    version = arguments.get("engineVersion") or (arguments.get("preferredEngineVersions") or [""])[0]
    return {**arguments, "id": classes[0], "instanceClass": classes[0], "engineVersion": version, "region": region}


FUNCTIONS = {
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": get_authorization_token,
    "aws:ecr/getCredentials:getCredentials": get_authorization_token,
    "aws:eks/getClusterAuth:getClusterAuth": get_cluster_auth,
    "aws:secretsmanager/getRandomPassword:getRandomPassword": get_random_password,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": get_secret_version,
    "aws:iam/getPolicy:getPolicy": get_policy,
    "aws:iam/getRole:getRole": get_role,
    "aws:rds/getEngineVersion:getEngineVersion": get_engine_version,
    "aws:rds/getOrderableDbInstance:getOrderableDbInstance": get_orderable_instance,
}
