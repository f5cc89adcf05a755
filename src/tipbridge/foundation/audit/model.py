"""What an audit event says, and what a verification found."""

from dataclasses import dataclass
from datetime import datetime

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Who did what to what, when. Holds ids, numbers and words of closed lists only."""

    id: str
    at: datetime
    machine_at: datetime
    actor_kind: str
    actor_id: str
    event: str
    subject: str
    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An event with its place in the log; no place yet while it is not sequenced."""

    position: int | None
    event: AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What recomputing the whole log found.

    Shape: `broken` says in words what does not fit and `broken_at` is the position of the
    first entry that does not; both empty when the log is intact.
    """

    size: int
    root: str
    checkpoints: int
    unsequenced: tuple[str, ...]
    broken_at: int | None = None
    broken: str | None = None

    @property
    def intact(self) -> bool:
        """Whether every entry and checkpoint fits."""
        return self.broken is None
