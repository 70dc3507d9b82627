"""Machine images: families that AWS and others publish, and those of sandbox.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from blueprints.sandbox.provider.aws import regions
from blueprints.sandbox.provider.errors import OperationError, UnknownLookupError
from blueprints.sandbox.provider.mint import Mint
from blueprints.sandbox.provider.values import listed, mapped

_AMAZON, _CANONICAL, _DEBIAN, _RED_HAT = "137112412989", "099720109477", "136693071363", "309956199498"
_ALIASES = {"amazon": ("137112412989", "591542846629", "602401143452", "801119661308", "amazon"), "aws-marketplace": ()}

# (name, owner, architecture, root device). The dates are the sandbox's own: it does not follow releases.
_IMAGES: tuple[tuple[str, str, str], ...] = (
    ("al2023-ami-2023.6.20250107.0-kernel-6.1-{arch}", _AMAZON, "both"),
    ("al2023-ami-2023.6.20250107.0-kernel-6.12-{arch}", _AMAZON, "both"),
    ("al2023-ami-minimal-2023.6.20250107.0-kernel-6.1-{arch}", _AMAZON, "both"),
    ("amzn2-ami-hvm-2.0.20250108.0-{arch}-gp2", _AMAZON, "both"),
    ("amzn2-ami-hvm-2.0.20250108.0-{arch}-ebs", _AMAZON, "x86_64"),
    ("amzn2-ami-kernel-5.10-hvm-2.0.20250108.0-{arch}-gp2", _AMAZON, "both"),
    ("amzn2-ami-minimal-hvm-2.0.20250108.0-{arch}-ebs", _AMAZON, "x86_64"),
    ("amzn-ami-hvm-2018.03.0.20230905.0-x86_64-ebs", _AMAZON, "x86_64"),
    ("amzn-ami-hvm-2018.03.0.20230905.0-x86_64-gp2", _AMAZON, "x86_64"),
    ("amzn-ami-vpc-nat-2018.03.0.20230807.0-x86_64-ebs", _AMAZON, "x86_64"),
    ("amzn-ami-vpc-nat-hvm-2018.03.0.20230807.0-x86_64-ebs", _AMAZON, "x86_64"),
    ("amzn-ami-2018.03.20230906-amazon-ecs-optimized", "591542846629", "x86_64"),
    ("amzn2-ami-ecs-hvm-2.0.20250110-{arch}-ebs", "591542846629", "both"),
    ("al2023-ami-ecs-hvm-2023.0.20250110-kernel-6.1-{arch}", "591542846629", "both"),
    ("amazon-eks-node-1.32-v20250116", "602401143452", "x86_64"),
    ("amazon-eks-node-al2023-{arch}-standard-1.33-v20250519", "602401143452", "both"),
    ("ubuntu/images/hvm-ssd/ubuntu-xenial-16.04-{deb}-server-20210928", _CANONICAL, "both"),
    ("ubuntu/images/hvm-ssd/ubuntu-bionic-18.04-{deb}-server-20230607", _CANONICAL, "both"),
    ("ubuntu/images/hvm-ssd/ubuntu-focal-20.04-{deb}-server-20250110", _CANONICAL, "both"),
    ("ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-{deb}-server-20250112", _CANONICAL, "both"),
    ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{deb}-server-20250115", _CANONICAL, "both"),
    ("debian-11-{deb}-20250108-1985", _DEBIAN, "both"),
    ("debian-12-{deb}-20250115-1993", _DEBIAN, "both"),
    ("RHEL-8.10.0_HVM-20250101-{arch}-0-Hourly2-GP3", _RED_HAT, "both"),
    ("RHEL-9.5.0_HVM-20250101-{arch}-0-Hourly2-GP3", _RED_HAT, "both"),
    ("Windows_Server-2016-English-Full-Base-2025.01.15", "801119661308", "x86_64"),
    ("Windows_Server-2019-English-Full-Base-2025.01.15", "801119661308", "x86_64"),
    ("Windows_Server-2022-English-Full-Base-2025.01.15", "801119661308", "x86_64"),
    ("Windows_Server-2025-English-Full-Base-2025.01.15", "801119661308", "x86_64"),
    ("fck-nat-al2023-hvm-1.3.0-20240125-{arch}-ebs", "568608671756", "both"),
)


def built_in(region: str) -> Iterator[dict[str, Any]]:
    """The images that every simulated account sees."""
    for form, owner, architecture in _IMAGES:
        for arch in ("x86_64", "arm64") if architecture == "both" else (architecture,):
            name = form.format(arch=arch, deb={"x86_64": "amd64"}.get(arch, arch))
            yield image(name, owner, arch, region)


def image(name: str, owner: str, arch: str, region: str) -> dict[str, Any]:
    """An image with everything that a lookup tells about one."""
    mint = Mint(f"image::{region}::{name}")
    identity = mint.identity("ami-", 17)
    windows = name.startswith("Windows")
    dates = re.findall(r"(20\d\d)[.-]?(\d\d)[.-]?(\d\d)", name)
    year, month, day = dates[-1] if dates else ("2024", "01", "01")
    root = "/dev/xvda" if owner in (_AMAZON, "591542846629", "602401143452", "568608671756") else "/dev/sda1"
    return {
        "id": identity,
        "imageId": identity,
        "arn": f"arn:{regions.partition(region)}:ec2:{region}::image/{identity}",
        "name": name,
        "architecture": arch,
        "creationDate": f"{year}-{month}-{day}T00:00:00.000Z",
        "description": name,
        "imageLocation": f"amazon/{name}",
        "imageOwnerAlias": "amazon" if owner in _ALIASES["amazon"] else "",
        "imageType": "machine",
        "ownerId": owner,
        "platform": "windows" if windows else "",
        "platformDetails": "Windows" if windows else "Linux/UNIX",
        "public": True,
        "rootDeviceName": root,
        "rootDeviceType": "ebs",
        "rootSnapshotId": mint.identity("snap-", 17),
        "virtualizationType": "hvm",
        "hypervisor": "xen",
        "enaSupport": True,
        "sriovNetSupport": "simple",
        "state": "available",
        "usageOperation": "RunInstances",
        "blockDeviceMappings": [
            {"deviceName": root, "ebs": {"volume_size": "8", "volume_type": "gp3"}, "noDevice": ""}
        ],
        "productCodes": [],
        "stateReason": {"code": "UNSET", "message": "UNSET"},
        "tags": {},
    }


# Filters whose property has another name than the filter itself.
_FILTERS = {
    "name": "name",
    "architecture": "architecture",
    "owner-id": "ownerId",
    "owner-alias": "imageOwnerAlias",
    "image-id": "id",
    "root-device-type": "rootDeviceType",
    "root-device-name": "rootDeviceName",
    "virtualization-type": "virtualizationType",
    "state": "state",
    "image-type": "imageType",
    "platform": "platform",
    "description": "description",
    "hypervisor": "hypervisor",
    "creation-date": "creationDate",
}


def _fits(candidate: dict[str, Any], arguments: dict[str, Any]) -> bool:
    owners = [str(owner) for owner in listed(arguments.get("owners"))]
    if owners and not any(_owned(candidate, owner) for owner in owners):
        return False
    for condition in map(mapped, listed(arguments.get("filters"))):
        name = str(condition.get("name"))
        patterns = [str(value) for value in listed(condition.get("values"))]
        if name.startswith("tag:"):
            value = str(candidate["tags"].get(name[4:], ""))
        elif name in _FILTERS:
            value = str(candidate.get(_FILTERS[name], ""))
        else:
            # What the sandbox knows nothing about (block-device-mapping...) must not rule an image out.
            continue
        if not any(fnmatchcase(value, pattern) for pattern in patterns):
            return False
    expression = arguments.get("nameRegex")
    return not expression or re.search(str(expression), candidate["name"]) is not None


def _owned(candidate: dict[str, Any], owner: str) -> bool:
    if owner == "self":
        return candidate["ownerId"] == regions.ACCOUNT
    return owner in (candidate["ownerId"], candidate.get("imageOwnerAlias"))


def _candidates(simulation: Any, arguments: dict[str, Any], region: str) -> list[dict[str, Any]]:
    session = simulation.session
    own = [image(e.properties["name"], e.properties["ownerId"], e.properties["architecture"], region) | e.properties
           for e in session.world.existing("aws:ec2/ami:Ami", region) if "name" in e.properties]  # fmt: skip
    made = [
        image(str(outputs.get("name", row.name)), regions.ACCOUNT, str(outputs.get("architecture", "x86_64")), region)
        | {key: value for key, value in outputs.items() if value not in ("", None)}
        | {"id": row.id, "imageId": row.id}
        for row in session.account.of_type(
            "aws:ec2/ami:Ami", "aws:ec2/amiCopy:AmiCopy", "aws:ec2/amiFromInstance:AmiFromInstance"
        )
        for outputs in (session.account.outputs(row),)
    ]
    found = [candidate for candidate in [*own, *made, *built_in(region)] if _fits(candidate, arguments)]
    return sorted(found, key=lambda candidate: (candidate["creationDate"], candidate["name"]))


def _unknown(arguments: dict[str, Any], function: str) -> UnknownLookupError:
    asked = {key: value for key, value in arguments.items() if key in ("owners", "filters", "nameRegex")}
    return UnknownLookupError(
        f"{function}: the simulated account has no image for {asked}. Describe one in sandbox.yaml:\n"
        "  images:\n    - {id: ami-0123456789abcdef0, name: <its name>, owner: <its owner>}"
    )


def get_ami(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The image that fits; the newest with `mostRecent`."""
    found = _candidates(simulation, arguments, region)
    if not found:
        raise _unknown(arguments, "aws:ec2/getAmi:getAmi")
    if len(found) > 1 and arguments.get("mostRecent") is not True:
        raise OperationError(
            "", "Your query returned more than one result. Please try a more specific search criteria, or set"
            " `most_recent` attribute to true."
        )  # fmt: skip
    return {**arguments, **found[-1], "region": region}


def get_ami_ids(simulation: Any, arguments: dict[str, Any], region: str) -> dict[str, Any]:
    """The ids of all images that fit, newest first."""
    ids = [candidate["id"] for candidate in _candidates(simulation, arguments, region)]
    ordered = ids if arguments.get("sortAscending") is True else ids[::-1]
    return {**arguments, "id": "images", "ids": ordered, "region": region}


FUNCTIONS = {
    "aws:ec2/getAmi:getAmi": get_ami,
    "aws:ec2/getAmiIds:getAmiIds": get_ami_ids,
    "aws:index/getAmi:getAmi": get_ami,
    "aws:index/getAmiIds:getAmiIds": get_ami_ids,
}
