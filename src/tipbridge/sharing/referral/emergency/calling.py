"""Who calls an emergency of exactly what a source holds now; for the decision and its release."""

import hashlib
from datetime import timedelta

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.decisions import ReleaseDecision
from tipbridge.sharing.referral.emergency import store
from tipbridge.sharing.referral.emergency.model import Call, Review
from tipbridge.sharing.referral.model import Referral, SourceContent


def digest_of(referral: Referral, content: SourceContent) -> str:
    """What a call is about: receiver, purpose, and every value that the source holds."""
    found = {
        "recipient": referral.peer_id,
        "purpose": referral.purpose.value,
        "values": {part.label: [part.data_class.value, part.value] for part in content.all_parts},
    }
    return hashlib.sha256(canonical_json(found)).hexdigest()


def calls_now(work: Work, referral: Referral, content: SourceContent) -> list[Call]:
    """The calls about exactly what the source holds now."""
    calls = store.calls_of(work.db, referral.id)
    about = digest_of(referral, content) if calls else ""
    return [call for call in calls if call.content_sha256 == about]


def people_calling(work: Work, referral: Referral, content: SourceContent) -> frozenset[str]:
    """The people who call an emergency of exactly what the source holds now."""
    return frozenset(call.person_id for call in calls_now(work, referral, content))


def is_emergency(decision: ReleaseDecision) -> bool:
    """Whether something leaves only because an emergency was called."""
    conditions = decision.conditions
    return conditions is not None and conditions.emergency_review_hours is not None


def note_release(
    work: Work,
    referral: Referral,
    decision: ReleaseDecision,
    *,
    package_id: str,
    people: frozenset[str],
) -> None:
    """Keep that another person must look at an emergency release within the agreement's hours."""
    conditions = decision.conditions
    hours = None if conditions is None else conditions.emergency_review_hours
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
