"""Every SQL statement that reads the ledger of filings."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.tips.filing.model import (
    Ending,
    Filing,
    FilingFile,
    FilingLine,
    FilingState,
    Origin,
    Reason,
    Receipt,
    Try,
    Verb,
)
from tipbridge.tips.filing.rows import file_of
from tipbridge.tips.filing.tables import FINISH_OPEN, filing_files, filing_tries, filings

_F, _FILE, _TRY = filings.c, filing_files.c, filing_tries.c

_LINE = (
    _F.id,
    _F.state,
    _F.reason,
    _F.url,
    _F.sandbox,
    _F.incident_type,
    _F.report_id,
    _F.made_at,
    _F.filed_at,
    _F.preserve_until,
    _F.due_at,
    FINISH_OPEN,
    select(func.count()).where(_FILE.filing_id == _F.id).scalar_subquery().label("files"),
)


def _lines() -> Select[*tuple[Any, ...]]:
    return select(*_LINE)


def filing_lines(
    db: Connection, *, states: Collection[FilingState], limit: int, offset: int
) -> list[FilingLine]:
    """The newest filings first, of these states or of all."""
    query = _lines().order_by(_F.made_at.desc(), _F.id.desc()).limit(limit).offset(offset)
    if states:
        query = query.where(_F.state.in_([state.value for state in states]))
    return [_line(row) for row in db.execute(query).mappings()]


def _line(row: RowMapping) -> FilingLine:
    sending = row["state"] == FilingState.SENDING.value
    return FilingLine(
        id=row["id"],
        state=FilingState(row["state"]),
        reason=Reason(row["reason"]),
        url=row["url"],
        sandbox=row["sandbox"],
        incident_type=row["incident_type"],
        report_id=row["report_id"],
        files=row["files"],
        made_at=row["made_at"],
        filed_at=row["filed_at"],
        preserve_until=row["preserve_until"],
        unanswered=sending and row["finish_open"],
        next_try_at=row["due_at"] if sending else None,
    )


def filing_whole(db: Connection, filing_id: str) -> Filing | None:
    """A filing with its files and tries; its documents' values lie in the vault."""
    row = db.execute(_lines().add_columns(*_MORE).where(_F.id == filing_id)).mappings().first()
    if row is None:
        return None
    return Filing(
        line=_line(row),
        round=row["round"],
        told=row["told"],
        grounds=row["grounds"],
        preserve_rule=row["preserve_rule"],
        receipt=_receipt(row),
        files=_files(db, filing_id, row["key_id"]),
        tries=_tries(db, filing_id),
        hits=tuple(row["hits"]),
        from_facts=Origin(row["origin"]) in {Origin.ROWS, Origin.SCAN, Origin.PAGE},
    )


_MORE = (
    _F.round,
    _F.origin,
    _F.told,
    _F.grounds,
    _F.preserve_rule,
    _F.key_id,
    _F.hits,
    _F.receipt,
    _F.username,
)


def _receipt(row: RowMapping) -> Receipt | None:
    if row["receipt"] is None or row["report_id"] is None:
        return None
    return Receipt(
        at=row["filed_at"],
        username=row["username"] or "",
        url=row["url"],
        report_id=row["report_id"],
        answer=bytes(row["receipt"]),
    )


def _tries(db: Connection, filing_id: str) -> tuple[Try, ...]:
    query = select(filing_tries).where(_TRY.filing_id == filing_id).order_by(_TRY.number)
    return tuple(
        Try(
            number=row["number"],
            round=row["round"],
            verb=Verb(row["verb"]),
            position=row["position"],
            begun_at=row["begun_at"],
            ended_at=row["ended_at"],
            ending=None if row["ending"] is None else Ending(row["ending"]),
            code=row["code"],
        )
        for row in db.execute(query).mappings()
    )


def _files(db: Connection, filing_id: str, key_id: str) -> tuple[FilingFile, ...]:
    query = select(filing_files).where(_FILE.filing_id == filing_id).order_by(_FILE.position)
    return tuple(file_of(row, key_id) for row in db.execute(query).mappings())


def count_states(db: Connection, states: Collection[FilingState]) -> int:
    """How many filings that this actor sees stand in one of these states."""
    query = select(func.count()).where(_F.state.in_([state.value for state in states]))
    return int(db.execute(query).scalar_one())


def document_of(db: Connection, filing_id: str) -> Sealed | None:
    """Where the document of a filing lies in the vault."""
    query = select(_F.key_id, _F.document_id, _F.document_key, _F.document_bytes)
    row = db.execute(query.where(_F.id == filing_id)).one_or_none()
    if row is None:
        return None
    return Sealed(
        key_id=row.key_id,
        file_id=row.document_id,
        wrapped_key=row.document_key,
        size_bytes=row.document_bytes,
    )


def filings_of_reports(db: Connection, url: str, report_ids: Collection[str]) -> dict[str, str]:
    """Our filings that have these numbers at a clearinghouse: filing by report."""
    row = filings.c
    asked = select(row.id, row.report_id).where(
        row.url == url, row.report_id.in_([*report_ids]), row.filed_at.is_not(None)
    )
    return {found.report_id: found.id for found in db.execute(asked)}
