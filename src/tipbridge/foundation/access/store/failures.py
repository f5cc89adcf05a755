"""Failures to sign in, counted by name and place; and the places that once got in."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.access.model import ANYWHERE, Failures
from tipbridge.foundation.access.tables import sign_in_failures


def failures_of(db: Connection, username: str, place: str = ANYWHERE) -> Failures | None:
    """Failures in a row under this name: of this place, if it once got in; else of all others."""
    query = (
        select(sign_in_failures.c.place, sign_in_failures.c.failures, sign_in_failures.c.last_at)
        .where(sign_in_failures.c.username == username)
        .where(sign_in_failures.c.place.in_({place, ANYWHERE}))
        .order_by(sign_in_failures.c.place.desc())
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else Failures(place=row[0], count=row[1], last_at=row[2])


def count_failure(db: Connection, username: str, at: datetime, *, place: str = ANYWHERE) -> None:
    """One more failure in a row: at a place that once got in, or at any other."""
    statement = upsert(sign_in_failures).values(
        username=username, place=place, failures=1, last_at=at
    )
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[sign_in_failures.c.username, sign_in_failures.c.place],
            set_={"failures": sign_in_failures.c.failures + 1, "last_at": at},
        )
    )


def clear_failures(db: Connection, username: str) -> None:
    """A sign-in worked: failures that were no known place's are over."""
    db.execute(
        delete(sign_in_failures).where(
            sign_in_failures.c.username == username, sign_in_failures.c.place == ANYWHERE
        )
    )


def note_place(
    db: Connection, username: str, place: str, at: datetime, *, kept_for: timedelta
) -> None:
    """Somebody got in at this place: it counts for itself from now on; old ones are forgotten."""
    db.execute(
        delete(sign_in_failures)
        .where(sign_in_failures.c.username == username)
        .where(sign_in_failures.c.place != ANYWHERE)
        .where(sign_in_failures.c.last_at < at - kept_for)
    )
    noted = upsert(sign_in_failures).values(username=username, place=place, failures=0, last_at=at)
    db.execute(
        noted.on_conflict_do_update(
            index_elements=[sign_in_failures.c.username, sign_in_failures.c.place],
            set_={"failures": 0, "last_at": at},
        )
    )
