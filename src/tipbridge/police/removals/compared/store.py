"""Every statement about authorities and comparisons."""

from typing import Any

from sqlalchemy import Connection, Row, select

from tipbridge.police.removals.compared.tables import removal_authorities, removal_comparisons
from tipbridge.police.removals.model import (
    Authority,
    AuthorityEnd,
    Comparison,
    ComparisonOutcome,
)


def insert_authority(db: Connection, authority: Authority, case_id: str) -> None:
    """Write down a legal authority."""
    db.execute(
        removal_authorities.insert().values(
            id=authority.id,
            removal_id=authority.removal_id,
            case_id=case_id,
            words=authority.words,
            until=authority.until,
            recorded_at=authority.recorded_at,
            recorded_by=authority.recorded_by,
        )
    )


def authorities_of(db: Connection, removal_id: str) -> list[Authority]:
    """The authorities to compare the file at a place, oldest first."""
    table = removal_authorities.c
    query = select(removal_authorities).where(table.removal_id == removal_id)
    return [
        Authority(
            id=row.id,
            removal_id=row.removal_id,
            words=row.words,
            until=row.until,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            ended=_to_end(row),
        )
        for row in db.execute(query.order_by(table.recorded_at, table.id))
    ]


def _to_end(row: Row[Any]) -> AuthorityEnd | None:
    if row.ended_on is None:
        return None
    return AuthorityEnd(
        on=row.ended_on, at=row.ended_at, by=row.ended_by, because=row.ended_because
    )


def end_authority(db: Connection, authority_id: str, end: AuthorityEnd) -> None:
    """Write down that an authority holds no more from a day on."""
    query = removal_authorities.update().where(removal_authorities.c.id == authority_id)
    db.execute(
        query.values(ended_on=end.on, ended_at=end.at, ended_by=end.by, ended_because=end.because)
    )


def insert_comparison(db: Connection, comparison: Comparison, case_id: str) -> None:
    """Write down what a comparison found."""
    db.execute(
        removal_comparisons.insert().values(
            id=comparison.id,
            removal_id=comparison.removal_id,
            case_id=case_id,
            authority_id=comparison.authority_id,
            at=comparison.at,
            by=comparison.by,
            outcome=comparison.outcome.value,
            status=comparison.status,
            size_bytes=comparison.size_bytes,
        )
    )


def comparisons_of(db: Connection, removal_id: str) -> list[Comparison]:
    """What was found when the file at a place was compared, oldest first."""
    table = removal_comparisons.c
    query = select(removal_comparisons).where(table.removal_id == removal_id)
    return [
        Comparison(
            id=row.id,
            removal_id=row.removal_id,
            authority_id=row.authority_id,
            at=row.at,
            by=row.by,
            outcome=ComparisonOutcome(row.outcome),
            status=row.status,
            size_bytes=row.size_bytes,
        )
        for row in db.execute(query.order_by(table.at, table.id))
    ]
