"""Calls of an emergency, and what came of looking at the release afterwards."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Danger(StrEnum):
    """Why it can't wait. Closed."""

    LIFE_IN_DANGER = "life-in-danger"
    ABUSE_GOES_ON = "abuse-goes-on"
    CHILD_MISSING = "child-missing"
    MAY_HARM_THEMSELVES = "may-harm-themselves"


class Finding(StrEnum):
    """What another person found of an emergency release. Closed."""

    JUSTIFIED = "justified"
    COULD_HAVE_WAITED = "could-have-waited"
    TOO_WIDE = "too-wide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One person's word that a referral can't wait.

    Shape: `content_sha256` is the digest of all that the source held and of what would have left
    by the agreement then; a call says nothing of anything else. `person_id` is who it was, by
    whatever account. One that was taken back counts no more.
    """

    referral_id: str
    person_id: str
    staff_id: str
    danger: Danger
    content_sha256: str
    called_at: datetime
    taken_back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An emergency release, and what another person found of it by its day.

    Shape: `people` are those who called, approved or released it, none of whom may review it.
    """

    referral_id: str
    package_id: str
    peer_id: str
    people: frozenset[str]
    released_at: datetime
    due_at: datetime
    finding: Finding | None = None
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        """Whether its day went by with nobody looking."""
        return self.finding is None and now > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What there is to an emergency of one referral, for its page.

    Shape: `needed` is how many people must call, None where no agreement allows an override;
    `stale` people called of something else, or so long ago that it lapsed; `taken_back` are the
    calls that who made them took back.
    """

    needed: int | None
    calls: tuple[Call, ...]
    stale: int
    review: Review | None
    taken_back: tuple[Call, ...] = ()
