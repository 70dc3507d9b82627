"""Environments differ only as declared, and production is never weaker than staging, nor staging than dev."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blueprints.environments import PROFILES, weaker

# Allowed values of a log group's retention: CloudWatch Logs API reference, PutRetentionPolicy.
RETENTIONS = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}


def test_each_environment_is_at_least_as_strong_as_the_one_before() -> None:
    assert weaker(than=PROFILES["dev"], this=PROFILES["staging"]) == []
    assert weaker(than=PROFILES["staging"], this=PROFILES["prod"]) == []


def test_the_comparison_sees_every_field() -> None:
    prod = PROFILES["prod"]
    weak = {
        "deletion_protection": False,
        "backup_retention_days": 1,
        "log_retention_days": 1,
        "flow_logs": False,
        "zones": 1,
        "secret_recovery_days": 0,
        "key_deletion_days": 7,
        "disposable": True,
    }
    assert set(weak) == set(vars(prod)) - {"name"}
    for field, value in weak.items():
        assert weaker(than=prod, this=replace(prod, **{field: value})) == [field]


@pytest.mark.parametrize("name", PROFILES)
def test_values_are_ones_that_aws_takes(name: str) -> None:
    profile = next(item for item in PROFILES.values() if item.name == name)
    assert profile.log_retention_days in RETENTIONS
    assert profile.secret_recovery_days == 0 or 7 <= profile.secret_recovery_days <= 30
    assert 7 <= profile.key_deletion_days <= 30
    assert 1 <= profile.backup_retention_days <= 35
