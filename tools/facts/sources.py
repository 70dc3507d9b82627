"""The pinned sources and where they are unpacked.

PyPI and npm packages are fetched with their own clients into a cache; the lint mappings come from a git checkout,
because no registry carries them.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from blueprints.sandbox.facts import Source

CFN_LINT = "1.58.0"
BOTOCORE = "1.44.5"
SERVICE_SPEC = "0.1.216"
PROVIDER_BINDINGS = "21.22.1"
LINT_MAPPINGS = "https://github.com/terraform-linters/tflint-ruleset-aws"
LINT_MAPPINGS_COMMIT = "e439f77b"
SDK = "7.51.1"

CLOUDFORMATION = Source("CloudFormation schemas in cfn-lint", CFN_LINT, "schemas of 2026-10-20")
CDK = Source("AWS CDK service specification", SERVICE_SPEC)
LINT = Source("botocore service models", BOTOCORE, f"by the mappings of tflint-ruleset-aws {LINT_MAPPINGS_COMMIT}")
PROVIDER_SCHEMA = Source("terraform-provider-aws schema", "6", f"@cdktf/provider-aws {PROVIDER_BINDINGS}")
DOCUMENTATION = Source("pulumi-aws documentation", SDK)
OVERLAY = Source("pulumi-aws provider source", "7", "provider/resources.go")


@dataclass(frozen=True, slots=True)
class Folders:
    """Unpacked sources."""

    cfn_lint: Path
    botocore: Path
    service_spec: Path
    lint_mappings: Path
    provider_schema: Path


def fetch(cache_folder: Path, lint_checkout: Path) -> Folders:
    """Downloads what the cache lacks and unpacks it."""
    mappings = cache_folder / f"tflint-ruleset-aws-{LINT_MAPPINGS_COMMIT}"
    if not mappings.is_dir():
        mappings.mkdir(parents=True)
        archive = ["git", "-C", str(lint_checkout), "archive", LINT_MAPPINGS_COMMIT, "rules/models/mappings"]
        packed = subprocess.run(archive, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", str(mappings)], check=True, input=packed)
    return Folders(
        cfn_lint=_wheel("cfn-lint", CFN_LINT, cache_folder) / "cfnlint" / "data" / "schemas",
        botocore=_wheel("botocore", BOTOCORE, cache_folder) / "botocore" / "data",
        service_spec=_npm("@aws-cdk/aws-service-spec", SERVICE_SPEC, cache_folder) / "package",
        lint_mappings=mappings / "rules" / "models" / "mappings",
        provider_schema=_npm("@cdktf/provider-aws", PROVIDER_BINDINGS, cache_folder) / "package" / "lib",
    )


def _wheel(name: str, version: str, cache_folder: Path) -> Path:
    target = cache_folder / f"{name}-{version}"
    if not target.is_dir():
        downloads = cache_folder / "downloads"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(downloads)]
        subprocess.run([*command, f"{name}=={version}"], check=True)
        wheel = next(downloads.glob(f"{name.replace('-', '_')}-{version}-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target


def _npm(name: str, version: str, cache_folder: Path) -> Path:
    target = cache_folder / f"{name.replace('/', '-').removeprefix('@')}-{version}"
    if not target.is_dir():
        downloads = cache_folder / "downloads"
        downloads.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], check=True, cwd=downloads, stdout=-3)
        with tarfile.open(downloads / f"{target.name}.tgz") as archive:
            archive.extractall(target, filter="data")
    return target


@cache
def read_json(path: Path) -> Any:
    """A JSON file, unpacked where its name ends in .gz."""
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
