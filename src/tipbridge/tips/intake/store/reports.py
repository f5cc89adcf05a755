"""Reports: opened, closed, ended, erased, placed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Row,
    Text,
    any_,
    bindparam,
    delete,
    literal,
    select,
    update,
)

from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.plain import run
from tipbridge.tips.intake.model import (
    ReportState,
    Standing,
)
from tipbridge.tips.intake.tables import (
    report_files,
    report_originals,
    reports,
)
from tipbridge.tips.report.tree import Element, element_json

_STANDING = """
    SELECT id, state, opened_at, expires_at, key_id, sandbox, escalated
      FROM reports WHERE id = %(id)s"""
_STANDING_HELD = f"{_STANDING} FOR UPDATE"
_INSERT_REPORT = """
    INSERT INTO reports (id, provider_id, credential_id, state, opened_at, modified_at, expires_at,
                         key_id, document, unit_id, restricted, members, sandbox)
    VALUES (%(id)s, %(provider_id)s, %(credential_id)s, %(state)s, %(opened_at)s, %(opened_at)s,
            %(expires_at)s, %(key_id)s, %(document)s, 1, false, '{}',
            (SELECT p.sandbox FROM providers p WHERE p.id = %(provider_id)s))"""
_FINISH = """
    UPDATE reports SET state = %(state)s, finished_at = %(at)s, finish_answer = %(answer)s
     WHERE id = %(id)s"""
# Built once: building a statement anew costs more than running it.
_CHANGE_REPORT = update(reports).where(reports.c.id == bindparam("which"))
_NEXT_NUMBER = "SELECT nextval('report_numbers')"


def next_report_id(db: Connection) -> int:
    """A fresh report number."""
    ((number,),) = run(db, _NEXT_NUMBER, {}).fetchall()
    return number


def insert_report(
    db: Connection, standing: Standing, document: Element, *, provider_id: str, credential_id: str
) -> None:
    """Store a report just opened."""
    run(
        db,
        _INSERT_REPORT,
        {
            "id": standing.report_id,
            "provider_id": provider_id,
            "credential_id": credential_id,
            "state": standing.state.value,
            "opened_at": standing.opened_at,
            "expires_at": standing.expires_at,
            "key_id": standing.key_id,
            "document": Jsonb(element_json(document)),
        },
    )


def standing_of(db: Connection, report_id: int, *, hold: bool = False) -> Standing | None:
    """Where a report stands, as far as this actor sees it; `hold` keeps it so."""
    row = run(db, _STANDING_HELD if hold else _STANDING, {"id": report_id}).fetchone()
    if row is None:
        return None
    number, state, opened_at, expires_at, key_id, sandbox, escalated = row
    return Standing(
        report_id=number,
        state=ReportState(state),
        opened_at=opened_at,
        expires_at=expires_at,
        key_id=key_id,
        sandbox=sandbox,
        escalated=escalated,
    )


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
    finished = {"state": ReportState.FINISHED.value, "at": at, "answer": answer}
    run(db, _FINISH, {"id": report_id, **finished})


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
