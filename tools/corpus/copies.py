"""Takes a program's files out of a copy of its repository into a scratch folder; they never enter this repository."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import Any

import yaml

from tools.corpus.manifest import Program, Repository

_VENDORED = {"node_modules", "site-packages", "venv", ".venv", ".terraform", "__pycache__", ".git"}
_LARGEST_FILE = 5_000_000
"""Bytes. Binaries that were committed by mistake are no part of a program."""


class NoCopyError(Exception):
    """The repository, or the commit of it, is not among the copies."""


def take(repository: Repository, copies: Path, target: Path) -> None:
    """Writes the files of the commit under `target`. Raises `NoCopyError`."""
    git = ["git", "--git-dir", str(_git_folder(repository.repository, copies))]
    listing = subprocess.run([*git, "ls-tree", "-r", "-z", repository.commit], capture_output=True, check=False)
    if listing.returncode:
        raise NoCopyError(f"the copy of {repository.repository} has no commit {repository.commit}")
    entries = [_entry(line) for line in listing.stdout.decode(errors="surrogateescape").split("\0") if line]
    blobs = [
        (mode, identity, path)
        for mode, kind, identity, path in entries
        if kind == "blob" and not _VENDORED.intersection(path.split("/"))
    ]
    asked = "".join(f"{identity}\n" for _, identity, _ in blobs)
    answer = subprocess.run(
        [*git, "cat-file", "--batch"], input=asked.encode(), capture_output=True, check=False
    ).stdout
    position = 0
    for mode, _, path in blobs:
        end = answer.index(b"\n", position)
        header = answer[position:end].split()
        position = end + 1
        if header[-1] == b"missing":  # a copy may lack large files
            continue
        size = int(header[2])
        content = answer[position : position + size]
        position += size + 1
        if size <= _LARGEST_FILE:
            _write(target / path, content, mode)


def prepare(program: Program, folder: Path, defaults: dict[str, Any]) -> None:
    """Adds to a program's folder what the manifest gives for its author: settings, account, files."""
    file = folder / "Pulumi.yaml"
    file.write_text(file.read_text().replace("${PROJECT}", folder.name))  # what `pulumi new` does with a template
    project: dict[str, Any] = yaml.safe_load(file.read_text())
    config_folder = folder / str(project.get("stackConfigDir") or ".")
    stack_file = config_folder / f"Pulumi.{program.stack}.yaml"
    document: dict[str, Any] = (yaml.safe_load(stack_file.read_text()) if stack_file.exists() else None) or {}
    config = {**defaults, **(document.get("config") or {}), **program.config}
    stack_file.parent.mkdir(parents=True, exist_ok=True)
    stack_file.write_text(yaml.safe_dump({**document, "config": config}, sort_keys=False))
    if program.account:
        (folder / "sandbox.yaml").write_text(yaml.safe_dump(program.account, sort_keys=False))
    for name, content in program.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".zip":
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr("stand-in.txt", content)
        else:
            file.write_text(content)


def _git_folder(name: str, copies: Path) -> Path:
    owner, _, short = name.partition("/")
    for base in (copies / f"{owner}+{short}", copies / owner / short, copies / f"{owner}+{short}" / "repo"):
        for folder in (base / ".git", base):
            if (folder / "objects").is_dir():
                return folder
    raise NoCopyError(f"no copy of {name} under {copies}\n    fix: git clone it to {copies / f'{owner}+{short}'}")


def _entry(line: str) -> tuple[str, str, str, str]:
    meta, _, path = line.partition("\t")
    mode, kind, identity = meta.split()
    return mode, kind, identity, path


def _write(file: Path, content: bytes, mode: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if mode == "120000":
        target = Path(content.decode())
        if not target.is_absolute() and not file.exists():
            file.symlink_to(target)
        return
    file.write_bytes(content)
    if mode == "100755":
        file.chmod(0o755)
