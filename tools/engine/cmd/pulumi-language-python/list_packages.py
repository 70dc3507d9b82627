"""Print, as JSON, the Pulumi packages that this Python finds: name, version and pulumi-plugin.json of each.

A package is Pulumi's when it ships a pulumi-plugin.json or is called pulumi-<something>. Runs with `python -c`, in any
Python 3 that a project uses, and imports nothing that is slow.
"""

import json
import sys
from pathlib import Path

# Known to have no provider plugin and to ship no pulumi-plugin.json that says so.
WITHOUT_PLUGIN = ("pulumi-policy", "pulumi-esc-sdk")


def canonical(name):
    return name.replace("_", "-").replace(".", "-").lower()


def distributions(folder):
    """(canonical name, version) of what is installed in one folder of sys.path, from its metadata folders' names."""
    for entry in sorted(folder.iterdir()):
        if entry.suffix in (".dist-info", ".egg-info") and "-" in entry.stem:
            name, version = entry.stem.split("-")[:2]
            yield canonical(name), version


def described(folders, name):
    """The pulumi-plugin.json of a distribution: its import name is its own name with underscores."""
    for folder in folders:
        file = folder / name.replace("-", "_") / "pulumi-plugin.json"
        if file.is_file():
            return json.loads(file.read_text(encoding="utf-8"))
    return None


def main():
    folders = [folder for folder in map(Path, filter(None, sys.path)) if folder.is_dir()]
    found = {}
    for folder in folders:
        for name, version in distributions(folder):
            if name in found or name in WITHOUT_PLUGIN:
                continue
            plugin = described(folders, name)
            if plugin is not None or name.startswith("pulumi-"):
                found[name] = {"name": name, "version": version, "plugin": plugin}
    print(json.dumps(list(found.values())))


main()
