"""The engine's environment: an allow-list in which no credential, socket, proxy or login of the user is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprints.errors import BlueprintError
from blueprints.sandbox.environment import asked_variables, engine_environment
from blueprints.sandbox.home import Home

PLANTED = {
    "AWS_ACCESS_KEY_ID": "AKIAPL4NTED",
    "AWS_SECRET_ACCESS_KEY": "pl4nted",
    "AWS_SESSION_TOKEN": "pl4nted",
    "AWS_PROFILE": "pl4nted",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/pl4nted",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://pl4nted",
    "AWS_ENDPOINT_URL": "http://pl4nted",
    "GOOGLE_APPLICATION_CREDENTIALS": "/pl4nted",
    "ARM_CLIENT_SECRET": "pl4nted",
    "AZURE_CLIENT_SECRET": "pl4nted",
    "KUBECONFIG": "/pl4nted",
    "DOCKER_HOST": "unix:///pl4nted.sock",
    "PULUMI_ACCESS_TOKEN": "pul-pl4nted",
    "PULUMI_BACKEND_URL": "s3://pl4nted",
    "PULUMI_HOME": "/pl4nted",
    "PULUMI_CONFIG_PASSPHRASE": "pl4nted",
    "PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES": ".*=http://pl4nted",
    "GITHUB_TOKEN": "pl4nted",
    "HTTPS_PROXY": "http://pl4nted",
    "https_proxy": "http://pl4nted",
    "SSH_AUTH_SOCK": "/pl4nted",
    "XDG_RUNTIME_DIR": "/pl4nted",
    "SOMETHING_NEW": "pl4nted",
    "HOME": "/pl4nted",
}


@pytest.fixture
def environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LC_TIME", "C")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    return engine_environment(home, "token", [Path("/first"), Path("/second")], {"MINE": "1"}, "server:create")


def test_nothing_planted_is_left(environment: dict[str, str]) -> None:
    assert [name for name, value in environment.items() if "pl4nted" in value.lower()] == []


def test_what_libraries_look_for_when_a_variable_is_not_set_leads_nowhere(
    environment: dict[str, str], home: Home
) -> None:
    assert environment["HOME"] == str(home.user_home)
    assert list(home.user_home.iterdir()) == []
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "KUBECONFIG", "DOCKER_CONFIG"):
        assert not Path(environment[name]).exists()
    assert environment["DOCKER_HOST"].startswith(f"unix://{home.user_home}")


def test_the_engine_is_the_sandboxs_own(environment: dict[str, str], home: Home) -> None:
    assert environment["PULUMI_BACKEND_URL"] == f"file://{home.state}"
    assert environment["PULUMI_HOME"] == str(home.engine_home)
    assert environment["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert environment["PATH"] == "/first:/second"
    assert environment["BLUEPRINTS_SANDBOX_TOKEN"] == "token"
    assert environment["BLUEPRINTS_SANDBOX_FAIL_ON"] == "server:create"


def test_what_is_harmless_passes(environment: dict[str, str]) -> None:
    assert environment["LC_TIME"] == "C"
    assert environment["AWS_REGION"] == "eu-central-1"
    assert environment["MINE"] == "1"


def test_variables_are_let_in_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICAS", "3")
    assert asked_variables(["REPLICAS", "TIER=gold=1", "EMPTY="]) == {"REPLICAS": "3", "TIER": "gold=1", "EMPTY": ""}


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ("NOT_SET_ANYWHERE", "NOT_SET_ANYWHERE is not set here"),
        ("AWS_SECRET_ACCESS_KEY=x", "it names a credential or decides where the engine works"),
        ("GITHUB_TOKEN=x", "it names a credential"),
        ("KUBECONFIG=x", "it names a credential"),
        ("DOCKER_HOST=x", "it names a credential"),
        ("PULUMI_BACKEND_URL=s3://x", "decides where the engine works"),
        ("PATH=/x", "decides where the engine works"),
        ("1x=y", "'1x' is not the name of a variable"),
        ("=y", "'' is not the name of a variable"),
    ],
)
def test_credentials_and_what_steers_the_engine_are_not_let_in(request_: str, said: str) -> None:
    with pytest.raises(BlueprintError) as caught:
        asked_variables([request_])
    assert said in str(caught.value)
