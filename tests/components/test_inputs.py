"""`In[T]` takes a value and judges it now, or takes an output and judges it once it is known."""

from __future__ import annotations

from typing import Annotated, Any

import pulumi
import pytest
from mocks import build
from pydantic import Field

from blueprints.errors import SettingsError
from blueprints.fields import DomainName
from blueprints.inputs import In, is_known
from blueprints.settings import Settings


class Inner(Settings):
    size: int = 1


class Listener(Settings):
    port: In[Annotated[int, Field(ge=1, le=65535)]] = 443
    domain: In[DomainName] | None = None
    subnets: In[list[str]] = []
    inner: In[Inner] = Inner()


@pytest.mark.parametrize("value", [0, 65536, "443", None])
def test_a_plain_value_is_judged_now(value: Any) -> None:
    with pytest.raises(SettingsError, match=r"args\.port"):
        Listener.load({"port": value})


def test_an_output_passes_and_its_good_value_arrives() -> None:
    arrived: list[Any] = []

    def program() -> None:
        listener = Listener.load({"port": pulumi.Output.from_input(8443), "subnets": pulumi.Output.from_input(["a"])})
        assert not is_known(listener.port)
        pulumi.Output.all(listener.port, listener.subnets).apply(arrived.extend)

    build(program)
    assert arrived == [8443, ["a"]]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"port": 70000}, "port"),
        ({"domain": "not a domain"}, "domain"),
        ({"subnets": "one"}, "subnets"),
        ({"inner": {"size": "x"}}, "inner"),
    ],
)
def test_an_outputs_bad_value_is_refused_once_known(settings: dict[str, Any], field: str) -> None:
    def program() -> None:
        outputs = {name: pulumi.Output.from_input(value) for name, value in settings.items()}
        loaded = Listener.load(outputs)
        pulumi.export("value", getattr(loaded, field))

    with pytest.raises(SettingsError) as caught:
        build(program)
    assert f"output passed as `{field}`" in str(caught.value)


def test_a_secret_output_stays_secret() -> None:
    secret: list[bool] = []

    async def program() -> None:
        listener = Listener.load({"port": pulumi.Output.secret(443)})
        assert isinstance(listener.port, pulumi.Output)
        secret.append(await listener.port.is_secret())

    build(program)
    assert secret == [True]
