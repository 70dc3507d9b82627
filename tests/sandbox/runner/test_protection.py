"""What a person reads when a change would replace or delete a protected store: why, and what to type."""

from __future__ import annotations

from blueprints.sandbox import protection
from blueprints.sandbox.events import Finding, Report, Step
from blueprints.sandbox.state import Resource, StackState

ROOT = "urn:pulumi:prod::shop::blueprints:index:SingleServer::web"
VOLUME = "urn:pulumi:prod::shop::blueprints:index:SingleServer$aws:ebs/volume:Volume::web-data-volume"
OWN = "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::own"
REPLACING = (
    'unable to replace resource "{}"\nas it is currently marked for protection. To unprotect the resource, remove the '
    "`protect` flag from the resource in your Pulumi program and run `pulumi up`"
)
DELETING = (
    'Preview failed: resource "{}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove'
    " the `protect` flag from the resource in your Pulumi program and run `pulumi up`"
)


def resource(urn: str, parent: str = "", *, custom: bool = True, retained: bool = False) -> Resource:
    kind, name = urn.split("::")[2].rpartition("$")[2], urn.rpartition("::")[2]
    return Resource(urn, kind, name, parent, name if custom else "", custom, custom, retained, {}, {})


def state(*, retained: bool) -> StackState:
    stores = (resource(VOLUME, ROOT, retained=retained), resource(OWN))
    return StackState((resource(ROOT, custom=False), *stores), ())


def told(words: str, *, retained: bool = False, given: tuple[str, ...] = ()) -> list[str]:
    """What is shown for the engine's refusal of the volume."""
    report = Report(findings=[Finding("error", words.format(VOLUME))])
    stores = protection.refused(report, state(retained=retained))
    assert [one.role for one in stores] == ["data-volume"]
    replacing = Step("replace", VOLUME, "aws:ebs/volume:Volume", real=True, forcing=("availabilityZone",))
    protection.explain(report, stores, Report(steps=[replacing]), "prod", program=".venv/bin/blueprints", given=given)
    assert report.findings[0].urn == VOLUME
    return [finding.message for finding in report.findings]


def test_a_replacement_names_the_property_and_the_commands_that_allow_it() -> None:
    what, fix = told(REPLACING)
    assert what == (
        "this change would replace the store `data-volume` by a new and empty one,"
        " because availabilityZone cannot change in place"
    )
    assert fix == (
        "a store is protected, so nothing was changed\n"
        "fix: take the change of the settings back; or see what it would do, and then let it:\n"
        "  .venv/bin/blueprints preview prod --unprotect data-volume\n"
        "  .venv/bin/blueprints up prod --unprotect data-volume\n"
        "(the same as `unprotect: [data-volume]` in the settings)"
    )


def test_names_that_were_typed_already_are_typed_again() -> None:
    _, fix = told(REPLACING, given=("key-key",))
    assert ".venv/bin/blueprints up prod --unprotect key-key --unprotect data-volume\n" in fix


def test_a_deletion_takes_two_steps_because_the_program_names_the_store_no_more() -> None:
    what, fix = told(DELETING)
    assert what == "this change would delete the store `data-volume` and what is in it"
    assert "  1. with the settings as they were:  .venv/bin/blueprints up prod --unprotect data-volume\n" in fix
    assert "  2. with this change:                .venv/bin/blueprints up prod\n" in fix


def test_a_retained_store_is_not_called_deleted() -> None:
    assert told(DELETING, retained=True)[0] == (
        "this change takes the store `data-volume` out of the stack; it would stay in the account, unmanaged"
    )
    assert told(REPLACING, retained=True)[0].endswith("; the old one would stay in the account, unmanaged")


def test_protected_resources_of_a_users_own_program_keep_the_engines_words() -> None:
    report = Report(findings=[Finding("error", REPLACING.format(OWN)), Finding("error", DELETING.format("urn:gone"))])
    assert protection.refused(report, state(retained=False)) == []
