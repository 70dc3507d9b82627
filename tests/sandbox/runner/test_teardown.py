"""Which stores go with their stack, which are refused, and how the refusal reads."""

from __future__ import annotations

import pytest

from blueprints.errors import BlueprintError
from blueprints.sandbox import state, teardown
from blueprints.sandbox.home import Home
from blueprints.sandbox.project import derive
from blueprints.sandbox.session import Options, Sandbox
from blueprints.sandbox.state import Resource, StackState

ROOT = "urn:pulumi:prod::shop::blueprints:index:SingleServer::web"
PART = "urn:pulumi:prod::shop::blueprints:index:SingleServer$blueprints:index:Bucket::web-backups"


def resource(urn: str, parent: str = "", **more: object) -> Resource:
    fields: dict[str, object] = {
        "type": urn.split("::")[2].rpartition("$")[2],
        "name": urn.rpartition("::")[2],
        "id": "",
        "custom": True,
        "protected": False,
        "retained": False,
        "inputs": {},
        "outputs": {},
    }
    return Resource(urn=urn, parent=parent, **{**fields, **more})  # pyright: ignore[reportArgumentType]


def stack(environment: str | None, *others: Resource) -> StackState:
    inputs = {} if environment is None else {"environment": environment}
    return StackState(
        (
            resource(ROOT, custom=False, inputs=inputs),
            resource(PART, ROOT, custom=False),
            resource(
                f"{PART.rpartition('::')[0]}$aws:s3/bucket:Bucket::web-backups-bucket", PART, protected=True, id="b-1"
            ),
            *others,
        ),
        (),
    )


OWN = resource("urn:pulumi:prod::shop::aws:s3/bucket:Bucket::own", protected=True, id="own-1")


@pytest.fixture
def sandbox(home: Home, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    (home.project_root / "Pulumi.prod.yaml").write_text("config: {}\n")
    return Sandbox(home, derive(home, ("aws",)), lambda _: None, Options())


def refuse(sandbox: Sandbox, found: StackState, monkeypatch: pytest.MonkeyPatch) -> list[Resource]:
    monkeypatch.setattr(state, "read", lambda *_: found)
    return teardown.refuse_protected(sandbox, "prod")


@pytest.mark.parametrize("environment", [None, "dev"])
def test_stores_of_dev_go_with_their_stack(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, environment: str | None
) -> None:
    found = stack(environment)
    assert [store.id for store in refuse(sandbox, found, monkeypatch)] == ["b-1"]
    assert teardown.is_disposable(found)


@pytest.mark.parametrize("environment", ["staging", "prod", "unheard-of"])
def test_stores_of_other_environments_are_listed_with_the_two_steps(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    found = stack(environment)
    assert not teardown.is_disposable(found)
    with pytest.raises(BlueprintError) as caught:
        refuse(sandbox, found, monkeypatch)
    assert str(caught.value) == (
        "prod is not destroyed: 1 store is protected\n"
        "  backups-bucket  aws:s3/bucket:Bucket  b-1\n"
        "\n"
        "To take it down, in two steps:\n"
        "  1. blueprints up prod --unprotect backups-bucket\n"
        "     (the same as `unprotect: [backups-bucket]` in the settings; name only what may go)\n"
        "  2. blueprints destroy prod\n"
        "     ends with the exact list of what is kept"
    )


def test_a_teams_own_protected_resource_is_never_taken_for_disposable(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BlueprintError) as caught:
        refuse(sandbox, stack("dev", OWN), monkeypatch)
    assert str(caught.value) == (
        "prod is not destroyed: 1 store is protected\n"
        "  own  aws:s3/bucket:Bucket  own-1\n"
        "\n"
        "Resources of your own program: take `protect` off there, or, in the sandbox only:\n"
        f"  blueprints sandbox run -- state unprotect --stack prod '{OWN.urn}'"
    )
    assert not teardown.is_disposable(StackState((OWN,), ()))


def test_a_stack_that_is_not_there_has_nothing_to_refuse(sandbox: Sandbox) -> None:
    assert teardown.refuse_protected(sandbox, "never") == []
