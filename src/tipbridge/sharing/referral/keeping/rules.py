"""Which days an agreement sets for a release. Pure."""

from datetime import datetime, timedelta

from tipbridge.knowledge.agreements.clauses import Clauses
from tipbridge.sharing.referral.keeping.model import Days


def days_of(clauses: Clauses, sent_at: datetime) -> Days | None:
    """The days of what was released then; None where the agreement sets none."""
    retention = clauses.retention
    if retention.keep_days is None and retention.review_days is None:
        return None
    until = _after(sent_at, retention.keep_days)
    owes = retention.proof_of_deletion and until is not None
    return Days(
        review_at=_after(sent_at, retention.review_days),
        keep_until=until,
        proof=retention.proof_of_deletion,
        proof_due_at=_after(until, clauses.recall.acknowledge_days) if owes else None,
    )


def _after(at: datetime | None, days: int | None) -> datetime | None:
    return None if at is None or days is None else at + timedelta(days=days)
