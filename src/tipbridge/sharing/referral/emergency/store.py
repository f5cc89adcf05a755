"""Every SQL statement about emergencies."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.sharing.referral.emergency.model import Call, Danger, Finding, Review
from tipbridge.sharing.referral.emergency.tables import emergency_calls, emergency_reviews
from tipbridge.sharing.referral.tables import referrals

_CALLS = (
    select(*emergency_calls.c)
    .where(emergency_calls.c.referral_id == bindparam("referral"))
    .order_by(emergency_calls.c.called_at, emergency_calls.c.person_id)
)
_REVIEWS = select(*emergency_reviews.c, referrals.c.peer_id).join(
    referrals, referrals.c.id == emergency_reviews.c.referral_id
)
_OPEN = _REVIEWS.where(emergency_reviews.c.finding.is_(None)).order_by(
    emergency_reviews.c.due_at, emergency_reviews.c.referral_id
)


def insert_call(db: Connection, call: Call) -> None:
    """Keep a call."""
    values = {
        "referral_id": call.referral_id,
        "content_sha256": call.content_sha256,
        "person_id": call.person_id,
        "staff_id": call.staff_id,
        "danger": call.danger.value,
        "called_at": call.called_at,
    }
    db.execute(upsert(emergency_calls).values(values).on_conflict_do_nothing())


def calls_of(db: Connection, referral_id: str) -> list[Call]:
    """All calls about a referral, of whatever content, oldest first."""
    rows = db.execute(_CALLS, {"referral": referral_id}).mappings()
    return [
        Call(
            referral_id=row["referral_id"],
            person_id=row["person_id"],
            staff_id=row["staff_id"],
            danger=Danger(row["danger"]),
            content_sha256=row["content_sha256"],
            called_at=row["called_at"],
            taken_back_at=row["taken_back_at"],
        )
        for row in rows
    ]


def take_back(db: Connection, referral_id: str, person_id: str, *, by: str, at: datetime) -> int:
    """Let no call of this person about a referral count any more; how many there were."""
    column = emergency_calls.c
    query = (
        emergency_calls.update()
        .where(
            column.referral_id == referral_id,
            column.person_id == person_id,
            column.taken_back_at.is_(None),
        )
        .values(taken_back_at=at, taken_back_by=by)
        .returning(column.called_at)
    )
    return len(db.execute(query).all())


def insert_review(db: Connection, review: Review) -> None:
    """Keep that a release went out as an emergency and has to be looked at."""
    db.execute(
        emergency_reviews.insert().values(
            referral_id=review.referral_id,
            package_id=review.package_id,
            people=sorted(review.people),
            released_at=review.released_at,
            due_at=review.due_at,
        )
    )


def review_of(db: Connection, referral_id: str, *, hold: bool = False) -> Review | None:
    """The review that a referral's release waits for or had; None when it was no emergency."""
    query = _REVIEWS.where(emergency_reviews.c.referral_id == referral_id)
    held = query.with_for_update(of=emergency_reviews) if hold else query
    row = db.execute(held).mappings().one_or_none()
    return None if row is None else _to_review(row)


def reviews_open(db: Connection) -> list[Review]:
    """Every emergency release that nobody has looked at, the first due first."""
    return [_to_review(row) for row in db.execute(_OPEN).mappings()]


def count_open(db: Connection) -> int:
    """How many emergency releases nobody has looked at."""
    query = select(func.count()).select_from(_OPEN.order_by(None).subquery())
    return int(db.execute(query).scalar_one())


def reviews_newest(db: Connection, *, limit: int, offset: int) -> list[Review]:
    """Emergency releases, newest first."""
    column = emergency_reviews.c
    query = _REVIEWS.order_by(column.released_at.desc(), column.referral_id)
    return [_to_review(row) for row in db.execute(query.limit(limit).offset(offset)).mappings()]


def mark_missed(db: Connection, now: datetime) -> list[Review]:
    """The emergency releases whose hours are over and that were not marked so before; all are now."""
    column = emergency_reviews.c
    query = (
        emergency_reviews.update()
        .where(column.finding.is_(None), column.missed_at.is_(None), column.due_at < now)
        .values(missed_at=now)
        .returning(column.referral_id)
    )
    ids = sorted(db.execute(query).scalars())
    found = (review_of(db, each) for each in ids)
    return [review for review in found if review is not None]


def keep_finding(
    db: Connection, referral_id: str, finding: Finding, *, by: str, at: datetime
) -> None:
    """Keep what was found of an emergency release."""
    db.execute(
        emergency_reviews.update()
        .where(emergency_reviews.c.referral_id == referral_id)
        .values(finding=finding.value, reviewed_by=by, reviewed_at=at)
    )


def _to_review(row: RowMapping) -> Review:
    return Review(
        referral_id=row["referral_id"],
        package_id=row["package_id"],
        peer_id=row["peer_id"],
        people=frozenset(row["people"]),
        released_at=row["released_at"],
        due_at=row["due_at"],
        finding=None if row["finding"] is None else Finding(row["finding"]),
        reviewed_by=row["reviewed_by"],
        reviewed_at=row["reviewed_at"],
    )
