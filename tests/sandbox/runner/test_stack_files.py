"""Derived stack files: encryption replaced, secrets become placeholders, everything else stays as it was spelled."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from blueprints.errors import BlueprintError
from blueprints.sandbox.home import Home
from blueprints.sandbox.project import Project, derive
from blueprints.sandbox.stack_files import ENCRYPTION_SALT, derive_named_file, derive_stack_file, placeholder


def encrypt(texts: list[str]) -> list[str]:
    return [f"v1:{text}" for text in texts]


@pytest.fixture
def shop(home: Home) -> Project:
    return derive(home, ("aws",))


def derived(project: Project, stack: str = "dev") -> dict[str, object]:
    return yaml.safe_load(derived_text(project, stack))


def derived_text(project: Project, stack: str = "dev") -> str:
    return (project.home.project / f"Pulumi.{stack}.yaml").read_text()


def write(project: Project, text: str, stack: str = "dev") -> Path:
    file = project.config_dir / f"Pulumi.{stack}.yaml"
    file.write_text(text)
    return file


def test_encryption_of_the_user_is_replaced_and_the_file_keeps_every_byte(shop: Project) -> None:
    text = (
        "# a comment\nsecretsprovider: awskms://alias/x?region=eu-central-1\nencryptedkey: AQICAHh\nconfig: {a:b: 1}\n"
    )
    file = write(shop, text)
    derive_stack_file(shop, "dev", encrypt)
    assert derived(shop) == {"encryptionsalt": ENCRYPTION_SALT, "config": {"a:b": 1}}
    assert file.read_text() == text


def test_every_secure_value_becomes_a_placeholder_of_its_own_however_deep(shop: Project) -> None:
    write(
        shop,
        "encryptionsalt: v1:abc\n"
        "config:\n"
        "  shop:password: {secure: v1:one}\n"
        "  shop:deep:\n"
        "    list:\n"
        "      - plain\n"
        "      - secure: v1:two\n"
        "    map: {key.with.dots: {secure: v1:one}}\n",
    )
    notes = derive_stack_file(shop, "dev", encrypt)
    config = derived(shop)["config"]
    assert config == {
        "shop:password": {"secure": f"v1:{placeholder('shop:password')}"},
        "shop:deep": {
            "list": ["plain", {"secure": f"v1:{placeholder('shop:deep.list[1]')}"}],
            "map": {"key.with.dots": {"secure": f"v1:{placeholder('shop:deep.map.key.with.dots')}"}},
        },
    }
    assert notes == ["secrets: 3 replaced by placeholders, for example shop:password"]


def test_placeholders_are_encrypted_once_so_that_a_second_preview_is_empty(shop: Project) -> None:
    write(shop, "config:\n  shop:a: {secure: v1:x}\n")
    asked: list[list[str]] = []

    def counting(texts: list[str]) -> list[str]:
        asked.append(texts)
        return [f"v1:{len(asked)}:{text}" for text in texts]

    derive_stack_file(shop, "dev", counting)
    first = derived_text(shop)
    derive_stack_file(shop, "dev", counting)
    assert derived_text(shop) == first
    assert asked == [[placeholder("shop:a")]]


def test_a_mapping_that_only_looks_like_a_secret_is_left_alone(shop: Project) -> None:
    write(shop, "config:\n  shop:tls: {secure: v1:x, port: 443}\n  shop:deep: {secure: {a: 1}}\n")
    derive_stack_file(shop, "dev", encrypt)
    assert derived(shop)["config"] == {"shop:tls": {"secure": "v1:x", "port": 443}, "shop:deep": {"secure": {"a": 1}}}


@pytest.mark.parametrize("value", ["yes", "on", "12:30:45", "2026-11-21", "0644", "1_000", "~", "'yes'", "1e3", "0o17"])
def test_plain_values_are_spelled_as_before(shop: Project, value: str) -> None:
    write(shop, f"config:\n  shop:value: {value}\n")
    derive_stack_file(shop, "dev", encrypt)
    assert f"shop:value: {value}\n" in derived_text(shop)


def test_esc_environments_are_left_out_with_a_note(shop: Project) -> None:
    write(shop, "environment:\n  - acme/prod\nconfig: {a:b: c}\n")
    assert derive_stack_file(shop, "dev", encrypt) == [
        "environment: left out; ESC environments are not read in the sandbox"
    ]
    assert "environment" not in derived(shop)


def test_what_was_set_in_the_sandbox_survives_a_change_of_the_users_file(shop: Project) -> None:
    write(shop, "config:\n  shop:size: 1\n  shop:gone: 1\n  shop:kept: 1\n")
    derive_stack_file(shop, "dev", encrypt)
    target = shop.home.project / "Pulumi.dev.yaml"
    target.write_text(
        target.read_text().replace("shop:size: 1", "shop:size: 2\n  shop:new: 3").replace("  shop:gone: 1\n", "")
    )
    write(shop, "config:\n  shop:size: 1\n  shop:gone: 1\n  shop:kept: 7\n")
    derive_stack_file(shop, "dev", encrypt)
    assert derived(shop)["config"] == {"shop:size": 2, "shop:kept": 7, "shop:new": 3}


def test_settings_of_one_run_are_laid_over_and_gone_in_the_next(shop: Project) -> None:
    write(shop, "config:\n  blueprints:settings:\n    environment: prod\n")
    derive_stack_file(shop, "dev", encrypt, {"unprotect": ["data-volume"]})
    assert derived(shop)["config"] == {"blueprints:settings": {"environment": "prod", "unprotect": ["data-volume"]}}
    derive_stack_file(shop, "dev", encrypt)
    assert derived(shop)["config"] == {"blueprints:settings": {"environment": "prod"}}


def test_a_stack_without_a_file_has_the_sandbox_encryption_and_nothing_else(shop: Project) -> None:
    derive_stack_file(shop, "new", encrypt)
    assert derived(shop, "new") == {"encryptionsalt": ENCRYPTION_SALT}


def test_a_named_settings_file_is_derived_beside_and_not_changed(shop: Project, tmp_path: Path) -> None:
    source = tmp_path / "elsewhere.yaml"
    source.write_text("secretsprovider: gcpkms://x\nconfig: {shop:a: {secure: v1:x}}\n")
    target = derive_named_file(shop.home, source, encrypt)
    assert yaml.safe_load(target.read_text()) == {
        "encryptionsalt": ENCRYPTION_SALT,
        "config": {"shop:a": {"secure": f"v1:{placeholder('shop:a')}"}},
    }
    assert shop.home.folder in target.parents
    assert source.read_text() == "secretsprovider: gcpkms://x\nconfig: {shop:a: {secure: v1:x}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [("a: [1\n", "not readable as YAML"), ("- 1\n", "must be a mapping"), ("a: \x00\n", "not readable as YAML")],
)
def test_an_unreadable_file_is_named(shop: Project, text: str, said: str) -> None:
    file = write(shop, text)
    with pytest.raises(BlueprintError, match=said) as caught:
        derive_stack_file(shop, "dev", encrypt)
    assert str(file) in str(caught.value)
