"""That a referral does not belong to a case it fed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Detachment:
    """That a referral fed a case by mistake, and why.

    Shape: `taken` is how it was taken, `numbers` the other agencies' numbers that went with it,
    `people` whom it named there by label, `strikes` those who were struck out with it. With
    `ended_at` the referral feeds the case again.
    """

    id: str
    case_id: str
    referral_id: str
    because: str = field(repr=False)
    detached_by: str
    detached_at: datetime
    taken: Mapping[str, object] = field(repr=False)
    numbers: Sequence[Sequence[str]]
    people: Mapping[str, str]
    strikes: Sequence[str]
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_because: str | None = field(default=None, repr=False)

    @property
    def stands(self) -> bool:
        """Whether the referral feeds the case no more."""
        return self.ended_at is None
