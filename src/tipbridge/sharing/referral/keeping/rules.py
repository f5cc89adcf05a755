"""Which days agreements set for a release, and which of a whole road hold. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from tipbridge.knowledge.agreements.clauses import Clauses
from tipbridge.sharing.referral.keeping.model import Days


def days_of(clauses: Clauses, sent_at: datetime) -> Days | None:
    """The days of what was released then; None where the agreement sets none."""
    retention = clauses.retention
    return _days(
        retention.keep_days,
        retention.review_days,
        clauses.recall.acknowledge_days,
        sent_at,
        proof=retention.proof_of_deletion,
    )


def days_said(said: object, sent_at: datetime) -> Days | None:
    """The days that a sender's mark on the road says of what it released then; None for none.

    Shape: what can't be read as a number of days sets none.
    """
    try:
        conditions = cast("Mapping[str, Any]", said)["conditions"]
        keep, review, answer = (
            _number(conditions[name]) for name in ("keep_days", "review_days", "acknowledge_days")
        )
        proof = conditions["proof_of_deletion"] is True
        return _days(keep, review, answer or 0, sent_at, proof=proof)
    except (KeyError, TypeError, OverflowError):
        return None


def strictest(days: Iterable[Days | None]) -> Days | None:
    """What holds of all of these: the earliest of each, and proof where one asks for it."""
    found = [each for each in days if each is not None]
    if not found:
        return None
    return Days(
        review_at=_first(each.review_at for each in found),
        keep_until=_first(each.keep_until for each in found),
        proof=any(each.proof for each in found),
        proof_due_at=_first(each.proof_due_at for each in found),
    )


def _days(
    keep: int | None, review: int | None, acknowledge: int, sent_at: datetime, *, proof: bool
) -> Days | None:
    if keep is None and review is None:
        return None
    until = _after(sent_at, keep)
    return Days(
        review_at=_after(sent_at, review),
        keep_until=until,
        proof=proof,
        proof_due_at=_after(until, acknowledge) if proof and until is not None else None,
    )


def _number(value: object) -> int | None:
    if value is None or (type(value) is int and value >= 0):
        return value
    raise TypeError("not a number of days")


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)


def _after(at: datetime | None, days: int | None) -> datetime | None:
    return None if at is None or days is None else at + timedelta(days=days)
