"""Where an installed Pulumi SDK is, and which of its files declares a token."""

from __future__ import annotations

import json
import keyword
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_DECLARED = re.compile(
    r"""super\(\w+, __self__\)\.__init__\(\s*['"]([^'"]+)['"]|pulumi\.runtime\.invoke\(\s*['"]([^'"]+)['"]"""
)


# Names come from programs; nothing else may become a part of a path.
_NAME = re.compile(r"[\w.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Installed:
    """An SDK on disk: the Pulumi package's name, its version, and the folder of the Python package."""

    name: str
    version: str
    root: Path


def find_installed(name: str, search_path: Sequence[str] | None = None) -> Installed | None:
    """The SDK of the Pulumi package `name` on `search_path` (default: `sys.path`); None where it is not installed."""
    if not _NAME.fullmatch(name):
        return None
    usual = f"pulumi_{name.replace('-', '_')}"
    folders = [Path(entry) for entry in (sys.path if search_path is None else search_path) if entry]
    for folder in folders:
        found = _read_plugin(folder / usual)
        if found is not None and found.name == name:
            return found
    # Other publishers use other prefixes (`pulumiverse_time` is the package `time`).
    for folder in folders:
        for manifest in sorted(folder.glob("*/pulumi-plugin.json")):
            found = _read_plugin(manifest.parent)
            if found is not None and found.name == name:
                return found
    return None


def _read_plugin(root: Path) -> Installed | None:
    try:
        plugin = json.loads((root / "pulumi-plugin.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(plugin, dict):
        return None
    # A parameterised provider serves the package that its parameter names.
    source = plugin.get("parameterization") or plugin  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    name, version = source.get("name"), source.get("version")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    if not isinstance(name, str):
        return None
    return Installed(
        name, version if isinstance(version, str) and version[:1].isdigit() else _installed_version(root), root
    )


def _installed_version(root: Path) -> str:
    """The version that pip recorded, for SDKs whose manifest has none."""
    for record in sorted(root.parent.glob(f"{root.name}-*.dist-info")):
        return record.name.removeprefix(f"{root.name}-").removesuffix(".dist-info")
    return "0.0.0"


def snake_case(name: str) -> str:
    """`getAmiIds` -> `get_ami_ids`, as the SDK generator names files."""
    spaced = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", spaced).lower()


def token_file(installed: Installed, token: str) -> Path | None:
    """The file that declares a resource, function or provider token; None where the SDK declares no such token."""
    if token == f"pulumi:providers:{installed.name}":
        path = installed.root / "provider.py"
        return path if path.is_file() else None
    package, _, rest = token.partition(":")
    module, _, member = rest.partition(":")
    parts = [*module.split("/"), member]
    if package != installed.name or not all(_NAME.fullmatch(part) for part in parts):
        return None
    folder = _folder(installed.root, module, member)
    leaf = module.rpartition("/")[2]
    likely = [folder / f"{stem}.py" for stem in dict.fromkeys((snake_case(leaf), snake_case(member), member, leaf))]
    quoted = (f"'{token}'", f'"{token}"')
    for path in [*likely, *(path for path in sorted(folder.glob("*.py")) if path not in likely)]:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            if any(mark in text for mark in quoted) and token in declared_tokens(text):
                return path
    return None


def _folder(root: Path, module: str, member: str) -> Path:
    """`ec2/instance` is in `ec2`, `apps/v1` in `apps/v1`, `index/randomId` in the root, `lambda/x` in `lambda_`."""
    parts = module.split("/")
    # A module that repeats its member (`ec2/instance:Instance`) names a file, not a folder.
    if len(parts) > 1 and parts[-1].lower() == member.lower():
        parts = parts[:-1]
    folder = root
    for part in parts:
        name = "" if part == "index" else snake_case(part)
        # Keywords get an underscore; of a Kubernetes group (`rbac.authorization.k8s.io`) the first label remains.
        candidates = [f"{name}_" if keyword.iskeyword(name) else name, f"{name}_", part, name.partition(".")[0]]
        folder = next((folder / option for option in candidates if (folder / option).is_dir()), folder)
    return folder


def declared_tokens(text: str) -> Iterator[str]:
    """Tokens of the resources and functions that a file declares."""
    for resource, function in _DECLARED.findall(text):
        yield resource or function


def all_tokens(installed: Installed) -> dict[str, Path]:
    """Every token of the package and its file: reads the whole SDK, for tools and tests rather than for each run."""
    found: dict[str, Path] = {}
    for path in sorted(installed.root.rglob("*.py")):
        if path.name in ("_inputs.py", "outputs.py", "_enums.py", "__init__.py", "_utilities.py"):
            continue
        for token in declared_tokens(path.read_text(encoding="utf-8")):
            if ":" in token:  # the provider registers itself under the bare name
                found.setdefault(token, path)
    return found
