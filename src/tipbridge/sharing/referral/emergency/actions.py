"""Verbs of an emergency: call it before the release, look at it after."""

from tipbridge.foundation.access.store import person_of, staff_by_id
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import agreements_between
from tipbridge.sharing.referral import releasing
from tipbridge.sharing.referral.actions import PAGE_LINES, SENDERS, to_send
from tipbridge.sharing.referral.emergency import calling, store
from tipbridge.sharing.referral.emergency.model import Call, Danger, Emergency, Finding, Review
from tipbridge.sharing.referral.model import Direction, Referral
from tipbridge.sharing.referral.rules import DECIDABLE


@action("referral.emergency.called", roles=SENDERS)
def call_emergency(work: Work, referral_id: str, *, danger: Danger) -> Emergency:
    """Say that a referral can't wait; once as many people as the agreement asks say so, more may leave.

    Shape: a call is about exactly what the source holds and what would leave by the agreement as it
    is now, and lapses after its hours of review; decide again when enough called.
    Errors: NotFound; Conflict once it was released; Invalid where no agreement in force allows
    an override, and for who is no member of staff.
    """
    referral = to_send(work, referral_id)
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("Only a named member of staff can call an emergency.")
    if _needed(work, referral) is None:
        raise Invalid(f"No agreement in force with {referral.peer_id} allows more in an emergency.")
    judged, person_id = releasing.judge(work, referral), person_of(work.db, work.actor.id)
    fresh = person_id not in calling.people_of(judged.calls)
    call = Call(
        referral_id=referral_id,
        person_id=person_id,
        staff_id=work.actor.id,
        danger=danger,
        content_sha256=judged.called_about,
        called_at=work.now,
    )
    if fresh:
        store.insert_call(work.db, call)
    found = emergency_of(work, referral)
    work.record(referral_id, danger=danger.value, fresh=fresh, people=len(found.calls))
    return found


@action("referral.emergency.taken-back", roles=SENDERS)
def take_back_call(work: Work, referral_id: str) -> Emergency:
    """Take back what one said of an emergency, before the release; the call stays as one that was.

    Shape: by whatever account of theirs; decide again after it, since less may leave.
    Errors: NotFound; Conflict once it was released, or where this person has no call that stands.
    """
    referral = to_send(work, referral_id)
    person_id = person_of(work.db, work.actor.id)
    taken = store.take_back(work.db, referral_id, person_id, by=work.actor.id, at=work.now)
    if not taken:
        raise Conflict("You have no call of an emergency here to take back.", id=referral_id)
    found = emergency_of(work, referral)
    work.record(referral_id, calls=taken, people=len(found.calls))
    return found


@action("referral.emergency.reviewed", roles=SENDERS)
def review_emergency(work: Work, referral_id: str, *, finding: Finding) -> Review:
    """Say what another person found of an emergency release.

    Errors: NotFound when it was none; Conflict when it was reviewed; Invalid for who called,
    approved or released it, by whatever account, and for who is no member of staff.
    """
    review = store.review_of(work.db, referral_id, hold=True)
    if review is None:
        raise NotFound("emergency release", referral_id)
    if review.finding is not None:
        raise Conflict(f"This was reviewed: {review.finding}.", id=referral_id)
    if staff_by_id(work.db, work.actor.id) is None:
        raise Invalid("Only a named member of staff can review an emergency release.")
    if person_of(work.db, work.actor.id) in review.people:
        raise Invalid("Who called, approved or released it does not review it; ask another person.")
    store.keep_finding(work.db, referral_id, finding, by=work.actor.id, at=work.now)
    late = review.is_overdue(work.now)
    work.record(referral_id, finding=finding.value, late=late, package=review.package_id)
    kept = store.review_of(work.db, referral_id)
    assert kept is not None
    return kept


@action("referral.emergency.missed", system=True, idle=True)
def miss_reviews(work: Work) -> int:
    """Put on record, once each, the emergency releases whose hours went by with nobody looking."""
    late = store.mark_missed(work.db, work.now)
    for review in late:
        work.record(review.referral_id, due_at=review.due_at.isoformat(), package=review.package_id)
    return len(late)


@action("referral.emergencies.listed", roles=SENDERS)
def list_emergencies(work: Work, *, page: int = 1) -> list[Review]:
    """Emergency releases, newest first, a hundred at a time, with what was found of each."""
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.reviews_newest(work.db, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


def emergency_of(work: Work, referral: Referral) -> Emergency:
    """What there is to an emergency of a referral, for an action or page that read it."""
    every = store.calls_of(work.db, referral.id)
    calls = [each for each in every if each.taken_back_at is None]
    now = tuple(calls)
    if referral.state in DECIDABLE and referral.source is not None and calls:
        now = releasing.judge(work, referral).calls
    sends = referral.direction is Direction.OUT and referral.state in DECIDABLE
    return Emergency(
        needed=_needed(work, referral) if sends else None,
        calls=now,
        stale=len(calling.people_of(calls) - calling.people_of(now)),
        review=store.review_of(work.db, referral.id),
        taken_back=tuple(each for each in every if each.taken_back_at is not None),
    )


def reviews_waiting(work: Work) -> list[Review]:
    """The emergency releases that nobody has looked at, the first due first; for the list's page."""
    return store.reviews_open(work.db)


def count_waiting(work: Work) -> int:
    """How many emergency releases nobody has looked at, for the start page."""
    return store.count_open(work.db)


def _needed(work: Work, referral: Referral) -> int | None:
    """How many people must call, by the agreement that asks the fewest; None where none allows it."""
    agreements = agreements_between(
        work,
        sender=work.node.id,
        receiver=referral.peer_id,
        purpose=referral.purpose,
        at=work.now,
    )
    clauses = [agreement.terms.clauses.emergency for agreement in agreements]
    return min((clause.people for clause in clauses if clause.widens), default=None)
