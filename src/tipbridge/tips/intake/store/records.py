"""All that is stored of one report, and the feedback on it."""

from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    select,
)
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from tipbridge.foundation.access.tables import providers
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.tips.intake.model import (
    Feedback,
    Original,
    ReportFile,
    ReportRecord,
    ReportState,
)
from tipbridge.tips.intake.tables import (
    report_feedback,
    report_files,
    report_originals,
    reports,
)
from tipbridge.tips.report.read import file_details_of, report_of
from tipbridge.tips.report.tree import element_from_json, flat_values

# Built once: building a statement anew costs more than running it.
_RECORD = (
    select(
        reports.c.id,
        reports.c.provider_id,
        providers.c.name,
        reports.c.state,
        reports.c.opened_at,
        reports.c.modified_at,
        reports.c.expires_at,
        reports.c.finished_at,
        reports.c.ended_at,
        reports.c.key_id,
        reports.c.document,
        reports.c.unit_id,
        reports.c.restricted,
        reports.c.members,
    )
    .join(providers, providers.c.id == reports.c.provider_id)
    .where(reports.c.id == bindparam("id"))
)
_FILES_OF = (
    select(
        report_files.c.id,
        report_files.c.received_at,
        report_files.c.sent_name,
        report_files.c.wrapped_key,
        report_files.c.size_bytes,
        report_files.c.md5,
        report_files.c.sha1,
        report_files.c.sha256,
        report_files.c.details,
        report_files.c.empty,
        report_files.c.claims_differ,
    )
    .where(report_files.c.report_id == bindparam("id"))
    .order_by(report_files.c.received_at, report_files.c.id)
)
_ORIGINALS_OF = (
    select(
        report_originals.c.id,
        report_originals.c.about,
        report_originals.c.file_id,
        report_originals.c.received_at,
        report_originals.c.wrapped_key,
        report_originals.c.size_bytes,
    )
    .where(report_originals.c.report_id == bindparam("id"))
    .order_by(report_originals.c.received_at, report_originals.c.id)
)
_FEEDBACK_OF = (
    select(
        report_feedback.c.id,
        report_feedback.c.at,
        report_feedback.c.sender,
        report_feedback.c.outcome,
        report_feedback.c.facts,
    )
    .where(report_feedback.c.report_id == bindparam("id"))
    .order_by(report_feedback.c.at, report_feedback.c.id)
)


def report_record(db: Connection, report_id: int) -> ReportRecord | None:
    """All that is stored of a report, as far as this actor sees it."""
    row = db.execute(_RECORD, {"id": report_id}).one_or_none()
    if row is None:
        return None
    document = None if row.document is None else element_from_json(row.document)
    return ReportRecord(
        report_id=str(row.id),
        provider_id=row.provider_id,
        provider_name=row.name,
        state=ReportState(row.state),
        opened_at=row.opened_at,
        modified_at=row.modified_at,
        expires_at=row.expires_at,
        finished_at=row.finished_at,
        ended_at=row.ended_at,
        key_id=row.key_id,
        unit_id=row.unit_id,
        restricted=row.restricted,
        members=tuple(row.members),
        report=None if document is None else report_of(document),
        values=() if document is None else tuple(flat_values(document)),
        files=_files(db, report_id, row.key_id),
        originals=_originals(db, report_id, row.key_id),
        feedback=_feedback(db, report_id),
    )


def _files(db: Connection, report_id: int, key_id: str) -> tuple[ReportFile, ...]:
    return tuple(_file(row, key_id) for row in db.execute(_FILES_OF, {"id": report_id}))


def _file(row: Row[*tuple[Any, ...]], key_id: str) -> ReportFile:
    document = None if row.details is None else element_from_json(row.details)
    return ReportFile(
        file_id=row.id,
        received_at=row.received_at,
        md5=row.md5,
        sha1=row.sha1,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        empty=row.empty,
        claims_differ=row.claims_differ,
        sealed=_sealed(row, key_id),
        sent_name=row.sent_name,
        details=None if document is None else file_details_of(document),
        values=() if document is None else tuple(flat_values(document)),
    )


def _sealed(row: Row[*tuple[Any, ...]], key_id: str) -> Sealed:
    return Sealed(
        key_id=key_id, file_id=row.id, wrapped_key=row.wrapped_key, size_bytes=row.size_bytes
    )


def _originals(db: Connection, report_id: int, key_id: str) -> tuple[Original, ...]:
    return tuple(
        Original(
            about=row.about,
            file_id=row.file_id,
            received_at=row.received_at,
            sealed=_sealed(row, key_id),
        )
        for row in db.execute(_ORIGINALS_OF, {"id": report_id})
    )


def _feedback(db: Connection, report_id: int) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(id=row.id, at=row.at, sender=row.sender, outcome=row.outcome, facts=row.facts)
        for row in db.execute(_FEEDBACK_OF, {"id": report_id})
    )


def insert_feedback(db: Connection, report_id: int, feedback: Feedback) -> bool:
    """Store feedback; False when it came before."""
    row = insert_or_not(report_feedback).values(
        id=feedback.id,
        report_id=report_id,
        at=feedback.at,
        sender=feedback.sender,
        outcome=feedback.outcome,
        facts=feedback.facts,
    )
    return db.execute(row.on_conflict_do_nothing()).rowcount == 1
