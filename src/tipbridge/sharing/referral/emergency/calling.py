"""Who calls an emergency of exactly what would leave now; for the decision and its release."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.decisions import ReleaseDecision, decision_document
from tipbridge.knowledge.agreements.model import Part
from tipbridge.sharing.referral.emergency import store
from tipbridge.sharing.referral.emergency.model import Call, Review
from tipbridge.sharing.referral.model import Referral


def digest_of(referral: Referral, parts: Iterable[Part], widest: ReleaseDecision) -> str:
    """What a call is about: receiver, purpose, every value of the source, and what would leave.

    Shape: `widest` is the decision once enough people called; it names its agreement's version.
    """
    found = {
        "recipient": referral.peer_id,
        "purpose": referral.purpose.value,
        "values": {part.label: [part.data_class.value, part.value] for part in parts},
        "decision": {**decision_document(widest), "decided_at": None},
    }
    return hashlib.sha256(canonical_json(found)).hexdigest()


def standing(
    calls: Iterable[Call], about: str, widest: ReleaseDecision, now: datetime
) -> tuple[Call, ...]:
    """The calls that count now, one of each person: about exactly this, and not lapsed.

    Shape: what could not wait is released within the agreement's hours of review, or called again.
    """
    hours = _review_hours(widest)
    found = {
        call.person_id: call
        for call in calls
        if call.content_sha256 == about
        and call.taken_back_at is None
        and (hours is None or now < call.called_at + timedelta(hours=hours))
    }
    return tuple(found.values())


def people_of(calls: Iterable[Call]) -> frozenset[str]:
    """Who called, by whatever account."""
    return frozenset(call.person_id for call in calls)


def is_emergency(decision: ReleaseDecision) -> bool:
    """Whether something leaves only because an emergency was called."""
    return _review_hours(decision) is not None


def note_release(
    work: Work,
    referral: Referral,
    decision: ReleaseDecision,
    *,
    package_id: str,
    people: frozenset[str],
) -> None:
    """Keep that another person must look at an emergency release within the agreement's hours."""
    hours = _review_hours(decision)
    if hours is None:
        return
    store.insert_review(
        work.db,
        Review(
            referral_id=referral.id,
            package_id=package_id,
            peer_id=referral.peer_id,
            people=people,
            released_at=work.now,
            due_at=work.now + timedelta(hours=hours),
        ),
    )


def _review_hours(decision: ReleaseDecision) -> int | None:
    conditions = decision.conditions
    return None if conditions is None else conditions.emergency_review_hours
