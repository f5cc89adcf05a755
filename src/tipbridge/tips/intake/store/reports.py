"""Reports: opened, closed, ended, erased, placed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Row,
    Text,
    any_,
    bindparam,
    delete,
    insert,
    literal,
    select,
    text,
    update,
)

from tipbridge.foundation.access.tables import providers
from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.tips.intake.model import (
    ReportState,
    Standing,
)
from tipbridge.tips.intake.tables import (
    report_files,
    report_numbers,
    report_originals,
    reports,
)
from tipbridge.tips.report.tree import Element, element_json

_STANDING = text("""
    SELECT id, state, opened_at, expires_at, key_id, sandbox, escalated
      FROM reports WHERE id = :id""")
_STANDING_HELD = text(f"{_STANDING.text} FOR UPDATE")
# Built once: building a statement anew costs more than running it.
_OF_SANDBOX = select(providers.c.sandbox).where(providers.c.id == bindparam("owner"))
_INSERT_REPORT = insert(reports).values(sandbox=_OF_SANDBOX.scalar_subquery())
_CHANGE_REPORT = update(reports).where(reports.c.id == bindparam("which"))
_NEXT_NUMBER = select(report_numbers.next_value())


def next_report_id(db: Connection) -> int:
    """A fresh report number."""
    return db.execute(_NEXT_NUMBER).scalar_one()


def insert_report(
    db: Connection, standing: Standing, document: Element, *, provider_id: str, credential_id: str
) -> None:
    """Store a report just opened."""
    db.execute(
        _INSERT_REPORT,
        {
            "id": standing.report_id,
            "provider_id": provider_id,
            "owner": provider_id,
            "credential_id": credential_id,
            "state": standing.state,
            "opened_at": standing.opened_at,
            "modified_at": standing.opened_at,
            "expires_at": standing.expires_at,
            "key_id": standing.key_id,
            "document": element_json(document),
            "unit_id": 1,
            "restricted": False,
            "members": [],
        },
    )


def standing_of(db: Connection, report_id: int, *, hold: bool = False) -> Standing | None:
    """Where a report stands, as far as this actor sees it; `hold` keeps it so."""
    row = db.execute(_STANDING_HELD if hold else _STANDING, {"id": report_id}).one_or_none()
    return None if row is None else _standing(row)


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    return Standing(
        report_id=row.id,
        state=ReportState(row.state),
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        key_id=row.key_id,
        sandbox=row.sandbox,
        escalated=row.escalated,
    )


def finish_report(db: Connection, report_id: int, *, at: datetime, answer: bytes) -> None:
    """Close a report and keep the answer that its provider gets."""
    finished = {"state": ReportState.FINISHED, "finished_at": at, "finish_answer": answer}
    db.execute(_CHANGE_REPORT, {"which": report_id, **finished})


def end_report(db: Connection, report_id: int, state: ReportState, *, at: datetime) -> None:
    """End a report: its text goes with this transaction, its files when its key goes."""
    of_report = {
        table: table.c.report_id == report_id for table in (report_files, report_originals)
    }
    for table, condition in of_report.items():
        db.execute(delete(table).where(condition))
    change = update(reports).where(reports.c.id == report_id)
    db.execute(change.values(state=state, ended_at=at, document=None))
    text_ended(db, reports, report_files)


def known_keys(db: Connection, key_ids: Collection[str]) -> set[str]:
    """Those of these key ids that belong to a report."""
    query = select(reports.c.key_id).where(
        reports.c.key_id == any_(literal([*key_ids], ARRAY(Text)))
    )
    return set(db.execute(query).scalars())


def mark_erased(db: Connection, report_id: int, *, at: datetime) -> None:
    """Note that nothing of an ended report is left in the vault."""
    db.execute(update(reports).where(reports.c.id == report_id).values(erased_at=at))


def expired_reports(db: Connection, now: datetime, *, limit: int = 500) -> list[Standing]:
    """Open reports whose time is over, oldest first, held against anybody else."""
    c = reports.c
    query = (
        select(c.id, c.state, c.opened_at, c.expires_at, c.key_id, c.sandbox, c.escalated)
        .where(c.state == ReportState.OPEN, c.expires_at <= now)
        .order_by(c.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_standing(row) for row in db.execute(query)]


def sandbox_over(db: Connection, before: datetime, *, limit: int = 500) -> list[Standing]:
    """Finished reports of sandboxes from before a time, held against anybody else."""
    c = reports.c
    query = (
        select(c.id, c.state, c.opened_at, c.expires_at, c.key_id, c.sandbox, c.escalated)
        .where(c.sandbox, c.state == ReportState.FINISHED, c.finished_at <= before)
        .order_by(c.finished_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_standing(row) for row in db.execute(query)]


def reports_to_erase(db: Connection, *, limit: int = 500) -> list[Standing]:
    """Ended reports of which the vault may still hold something."""
    c = reports.c
    query = (
        select(c.id, c.state, c.opened_at, c.expires_at, c.key_id, c.sandbox, c.escalated)
        .where(c.ended_at.is_not(None), c.erased_at.is_(None))
        .order_by(c.id)
        .limit(limit)
    )
    return [_standing(row) for row in db.execute(query)]


def filed_reports(db: Connection, numbers: Collection[int]) -> set[int]:
    """Those of these numbers that this actor sees a report of, retracted and expired ones apart."""
    gone = (ReportState.RETRACTED, ReportState.EXPIRED)
    among = reports.c.id == any_(literal([*numbers], ARRAY(BigInteger)))
    return set(
        db.execute(select(reports.c.id).where(among, reports.c.state.not_in(gone))).scalars()
    )


def place_report(
    db: Connection, report_id: int, *, unit_id: int, restricted: bool, members: tuple[str, ...]
) -> bool:
    """Say which unit a report belongs to and who sees it; False when not seen."""
    placed = {"unit_id": unit_id, "restricted": restricted, "members": list(members)}
    return db.execute(_CHANGE_REPORT, {"which": report_id, **placed}).rowcount == 1
