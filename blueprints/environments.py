"""The three environments as data, and the rule between them: production is never weaker than staging.

Only what differs between environments stands here; everything that is the same in all is a default of its setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Environment = Literal["dev", "staging", "prod"]


@dataclass(frozen=True)
class Profile:
    """What an environment asks of every blueprint."""

    name: Environment
    disposable: bool
    """Whether a teardown may delete stores and keys for good. Elsewhere they are kept, or leave a snapshot."""
    deletion_protection: bool
    """Whether resources that AWS itself can protect (instances, databases, load balancers) are."""
    backup_retention_days: int
    """How long daily backups are kept."""
    log_retention_days: int
    """How long application logs are kept; one of the values CloudWatch Logs allows."""
    flow_logs: bool
    """Whether network flow logs are recorded (they cost by volume)."""
    zones: int
    """In how many availability zones a topology that can spread does."""
    secret_recovery_days: int
    """How long a deleted secret can be brought back; 0 deletes at once (Secrets Manager: 0 or 7 to 30)."""
    key_deletion_days: int
    """How long a deleted key can be brought back (KMS: 7 to 30)."""


PROFILES: dict[Environment, Profile] = {
    "dev": Profile(
        name="dev",
        disposable=True,
        deletion_protection=False,
        backup_retention_days=7,
        log_retention_days=30,
        flow_logs=False,
        zones=2,
        secret_recovery_days=0,
        key_deletion_days=7,
    ),
    "staging": Profile(
        name="staging",
        disposable=False,
        deletion_protection=True,
        backup_retention_days=14,
        log_retention_days=90,
        flow_logs=False,
        zones=2,
        secret_recovery_days=7,
        key_deletion_days=30,
    ),
    "prod": Profile(
        name="prod",
        disposable=False,
        deletion_protection=True,
        backup_retention_days=35,
        log_retention_days=365,
        flow_logs=True,
        zones=3,
        secret_recovery_days=30,
        key_deletion_days=30,
    ),
}


def weaker(than: Profile, this: Profile) -> list[str]:
    """The fields in which `this` asks for less than `than`; empty where it is at least as strong."""
    found = [
        name
        for name in (
            "deletion_protection",
            "backup_retention_days",
            "log_retention_days",
            "flow_logs",
            "zones",
            "secret_recovery_days",
            "key_deletion_days",
        )
        if getattr(this, name) < getattr(than, name)
    ]
    return found + (["disposable"] if this.disposable and not than.disposable else [])
