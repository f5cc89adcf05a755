"""Every SQL statement about referrals that wait: which are in a case, and which none could take."""

import contextlib
from collections.abc import Collection, Generator
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from tipbridge.police.cases.tables import case_referrals
from tipbridge.police.cases.waiting.model import UnfitReason, UnfitReferral
from tipbridge.police.cases.waiting.tables import case_unfit_referrals

_TOO_LARGE = "54"
"""The class of what is longer than an index or a row holds."""


class Unstorable(Exception):
    """The database refuses a value: another try of the same one is refused again."""


@contextlib.contextmanager
def storing() -> Generator[None]:
    """Say of a value that the database can't keep that it can't. Errors: Unstorable."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise Unstorable(type(error.orig).__name__) from error
    except OperationalError as error:
        if not str(getattr(error.orig, "sqlstate", "")).startswith(_TOO_LARGE):
            raise
        raise Unstorable(type(error.orig).__name__) from error


def taken_of(db: Connection, referral_ids: Collection[str]) -> set[str]:
    """Those of these referrals that a case which the actor sees was opened by or is fed by."""
    query = select(case_referrals.c.referral_id).where(
        case_referrals.c.referral_id.in_([*referral_ids])
    )
    return set(db.execute(query).scalars())


def note_unfit(db: Connection, referral_id: str, reason: UnfitReason, at: datetime) -> None:
    """Keep that no case could take a referral; again, that it was tried again."""
    table = case_unfit_referrals
    values = {"reason": reason.value, "noted_at": at}
    query = insert(table).values(values | {"referral_id": referral_id, "tries": 1})
    db.execute(
        query.on_conflict_do_update(
            index_elements=[table.c.referral_id], set_=values | {"tries": table.c.tries + 1}
        )
    )


def end_unfit(db: Connection, referral_id: str) -> None:
    """A case has it after all, or none will."""
    db.execute(
        delete(case_unfit_referrals).where(case_unfit_referrals.c.referral_id == referral_id)
    )


def unfit(db: Connection) -> list[UnfitReferral]:
    """The referrals that no case could take and that the actor sees, oldest first."""
    order = (case_unfit_referrals.c.noted_at, case_unfit_referrals.c.referral_id)
    rows = db.execute(select(case_unfit_referrals).order_by(*order)).mappings()
    return [
        UnfitReferral(
            referral_id=row["referral_id"],
            reason=UnfitReason(row["reason"]),
            tries=row["tries"],
            noted_at=row["noted_at"],
        )
        for row in rows
    ]


def is_unfit(db: Connection, referral_id: str) -> bool:
    """Whether a referral that the actor sees is one of them."""
    table = case_unfit_referrals.c
    query = select(table.referral_id).where(table.referral_id == referral_id)
    return db.execute(query).first() is not None
