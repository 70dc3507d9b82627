"""The environment of the engine in the sandbox: an allow-list, so that what is not known to be harmless is not there.

No cloud credentials, no kubeconfig, no Docker socket, no metadata service, no proxy and no login of the user is in it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from blueprints.sandbox.errors import BadInput
from blueprints.sandbox.home import Home

PASSPHRASE = "blueprints-sandbox"  # noqa: S105
"""Encrypts placeholders and simulated values only, so it is no secret."""
_ALLOWED = {
    *("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"),
    *("LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "USER", "LOGNAME", "SHELL", "SYSTEMROOT"),
    # Where the program's own modules are; a region is a place and no credential.
    *("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS", "AWS_REGION", "AWS_DEFAULT_REGION"),
    "CI",
}
_ALLOWED_PREFIXES = ("LC_",)
# Engine options that decide how it prints or how many steps it takes at once; none of them names a place.
_ALLOWED_PULUMI = {"PULUMI_PARALLEL", "PULUMI_CONTINUE_ON_ERROR", "PULUMI_ERROR_OUTPUT_STRING", "PULUMI_PARALLEL_DIFF"}
_CREDENTIAL = re.compile(r"(?i)(secret|token|passw|credential|private|api_?key|access_?key|session|kubeconfig|docker)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SYSTEM_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin")


def engine_environment(
    home: Home, token: str, search_path: Sequence[Path], asked: Mapping[str, str], fail_on: str = ""
) -> dict[str, str]:
    """The whole environment of an engine process. `asked` are variables that the user let in by name."""
    environment = {name: value for name, value in os.environ.items() if _allowed(name)}
    nowhere = str(home.user_home / "none")
    environment |= {
        "PATH": os.pathsep.join(map(str, search_path)),
        "HOME": str(home.user_home),
        "USERPROFILE": str(home.user_home),
        "XDG_CONFIG_HOME": str(home.user_home / ".config"),
        "XDG_CACHE_HOME": str(home.user_home / ".cache"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_CONFIG_FILE": nowhere,
        "KUBECONFIG": nowhere,
        "DOCKER_HOST": f"unix://{nowhere}",
        "DOCKER_CONFIG": nowhere,
        # A program's folder belongs to its team: no __pycache__ is left in it.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PULUMI_HOME": str(home.engine_home),
        "PULUMI_BACKEND_URL": home.backend,
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DIY_BACKEND_NO_LEGACY_WARNING": "true",
        "BLUEPRINTS_SANDBOX_HOME": str(home.folder),
        "BLUEPRINTS_SANDBOX_TOKEN": token,
        **asked,
    }
    if fail_on:
        environment["BLUEPRINTS_SANDBOX_FAIL_ON"] = fail_on
    return environment


def asked_variables(requests: Sequence[str]) -> dict[str, str]:
    """Variables that the user lets into the sandbox, from `NAME` or `NAME=value`. Raises `BadInput`."""
    asked: dict[str, str] = {}
    for request in requests:
        name, given, value = request.partition("=")
        if not _NAME.fullmatch(name):
            raise BadInput(f"--env: {name!r} is not the name of a variable\n    fix: --env NAME or --env NAME=value")
        if _CREDENTIAL.search(name) or name.startswith(("PULUMI_", "BLUEPRINTS_")) or name in {"PATH", "HOME"}:
            raise BadInput(
                f"--env: {name} is not let into the sandbox: it names a credential or decides where the engine works\n"
                f"    fix: give the program a harmless value under a name of its own"
            )
        if not given and name not in os.environ:
            raise BadInput(f"--env: {name} is not set here\n    fix: --env {name}=value")
        asked[name] = value if given else os.environ[name]
    return asked


def system_folders() -> list[Path]:
    """The folders of the system's own programs: all of PATH that the sandbox keeps."""
    return [Path(folder) for folder in _SYSTEM_FOLDERS if Path(folder).is_dir()]


def _allowed(name: str) -> bool:
    return name in _ALLOWED or name in _ALLOWED_PULUMI or name.startswith(_ALLOWED_PREFIXES)
