"""Every SQL statement of intake."""

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
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from tipbridge.foundation.access.tables import providers
from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.intake.model import (
    Double,
    Feedback,
    Original,
    Orphan,
    ReportFile,
    ReportRecord,
    ReportState,
    Standing,
)
from tipbridge.tips.intake.tables import (
    report_feedback,
    report_files,
    report_numbers,
    report_originals,
    reports,
)
from tipbridge.tips.report.read import file_details_of, report_of
from tipbridge.tips.report.tree import Element, element_from_json, element_json, flat_values

_STANDING = text("SELECT id, state, opened_at, expires_at, key_id FROM reports WHERE id = :id")
_STANDING_HELD = text(f"{_STANDING.text} FOR UPDATE")
_BATCH = cast('$.children[*] ? (@.name == "batchedReport")', JSONPATH)
_BATCHED = func.coalesce(func.jsonb_path_exists(reports.c.document, _BATCH), False)
_TOUCH = """
    UPDATE reports SET modified_at = greatest(modified_at, :at),
                       expires_at = greatest(expires_at, :expires_at)
    WHERE id = :report_id AND state = 'open' AND expires_at > :at RETURNING id"""
_INSERT_FILE = text(f"""
    WITH open_one AS ({_TOUCH})
    INSERT INTO report_files (id, report_id, received_at, sent_name, wrapped_key, size_bytes,
                              md5, sha1, sha256, empty, claims_differ)
    SELECT :id, id, :at, :sent_name, :wrapped_key, :size_bytes, :md5, :sha1, :sha256,
           :size_bytes = 0, false
    FROM open_one""")  # noqa: S608 - joined of our own constants
_SET_DETAILS = text(
    f"""
    WITH open_one AS ({_TOUCH}),
    described AS (UPDATE report_files SET details = :document, details_at = :at,
                                          claims_differ = :claims_differ
                  WHERE id = :file_id AND report_id IN (SELECT id FROM open_one)
                  RETURNING report_id)
    INSERT INTO report_originals (id, report_id, about, file_id, received_at, wrapped_key,
                                  size_bytes)
    SELECT :id, report_id, 'file', :file_id, :at, :wrapped_key, :size_bytes
    FROM described"""  # noqa: S608 - joined of our own constants
).bindparams(bindparam("document", type_=JSONB))
_ORPHANS = text("""
    SELECT CAST(r.id AS text) AS report_id, p.name AS provider_name, c.username, r.opened_at, r.expires_at,
           (SELECT count(*) FROM report_files f WHERE f.report_id = r.id) AS files,
           (SELECT CAST(max(o.id) AS text) FROM reports o
             WHERE o.credential_id = r.credential_id AND o.document_hash = r.document_hash
               AND o.document = r.document AND o.state = 'finished') AS same_as
      FROM reports r JOIN providers p ON p.id = r.provider_id
      JOIN provider_credentials c ON c.id = r.credential_id
     WHERE r.state = 'open' AND r.expires_at > :now
     ORDER BY r.expires_at, r.id LIMIT :limit""")
_DOUBLES = text("""
    SELECT CAST(r.id AS text) AS report_id, CAST(e.id AS text) AS earlier_id, p.name AS provider_name,
           c.username, r.finished_at, e.finished_at AS earlier_at,
           (SELECT array_agg(f.sha256 ORDER BY f.sha256) FROM report_files f
             WHERE f.report_id = r.id) IS NOT DISTINCT FROM
           (SELECT array_agg(f.sha256 ORDER BY f.sha256) FROM report_files f
             WHERE f.report_id = e.id) AS same_files
      FROM reports r
      JOIN LATERAL (
            SELECT o.id, o.finished_at FROM reports o
             WHERE o.credential_id = r.credential_id AND o.document_hash = r.document_hash
               AND o.document = r.document AND o.state = 'finished' AND o.id < r.id
             ORDER BY o.id DESC LIMIT 1) e ON true
      JOIN providers p ON p.id = r.provider_id
      JOIN provider_credentials c ON c.id = r.credential_id
     WHERE r.state = 'finished' AND r.finished_at >= :since
     ORDER BY r.finished_at DESC, r.id DESC LIMIT :limit""")
_FILED_BY = text("""
    SELECT c.id, c.username FROM reports r
      JOIN provider_credentials c ON c.id = r.credential_id WHERE r.id = :id""")
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
_INSERT_REPORT, _INSERT_ORIGINAL = insert(reports), insert(report_originals)
_CHANGE_REPORT = update(reports).where(reports.c.id == bindparam("which"))
_NEXT_NUMBER = select(report_numbers.next_value())
_DIGESTS_OF = (
    select(
        report_files.c.md5,
        report_files.c.sha1,
        report_files.c.sha256,
        report_files.c.size_bytes,
        _BATCHED.label("batched"),
    )
    .join(reports, reports.c.id == report_files.c.report_id)
    .where(report_files.c.id == bindparam("id"), report_files.c.report_id == bindparam("report_id"))
)
_FILE_IDS_OF = (
    select(report_files.c.id)
    .where(report_files.c.report_id == bindparam("id"))
    .order_by(report_files.c.received_at, report_files.c.id)
)


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
        select(c.id, c.state, c.opened_at, c.expires_at, c.key_id)
        .where(c.state == ReportState.OPEN, c.expires_at <= now)
        .order_by(c.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_standing(row) for row in db.execute(query)]


def reports_to_erase(db: Connection, *, limit: int = 500) -> list[Standing]:
    """Ended reports of which the vault may still hold something."""
    c = reports.c
    query = (
        select(c.id, c.state, c.opened_at, c.expires_at, c.key_id)
        .where(c.ended_at.is_not(None), c.erased_at.is_(None))
        .order_by(c.id)
        .limit(limit)
    )
    return [_standing(row) for row in db.execute(query)]


def orphans(db: Connection, now: datetime, *, limit: int = 500) -> tuple[Orphan, ...]:
    """Open reports with time left, the one that expires next first."""
    found = db.execute(_ORPHANS, {"now": now, "limit": limit})
    return tuple(
        Orphan(**{str(name): value for name, value in row.items()}) for row in found.mappings()
    )


def doubles(db: Connection, *, since: datetime, limit: int = 500) -> tuple[Double, ...]:
    """Reports finished since then whose document the same user name had finished before."""
    found = db.execute(_DOUBLES, {"since": since, "limit": limit})
    return tuple(
        Double(**{str(name): value for name, value in row.items()}) for row in found.mappings()
    )


def filed_by(db: Connection, report_id: int) -> tuple[str, str] | None:
    """The id and user name of the credential that opened a report."""
    row = db.execute(_FILED_BY, {"id": report_id}).one_or_none()
    return None if row is None else (row.id, row.username)


def insert_original(db: Connection, report_id: int, original: Original) -> None:
    """Store where exact bytes lie sealed."""
    db.execute(
        _INSERT_ORIGINAL,
        {
            "id": original.sealed.file_id,
            "report_id": report_id,
            "about": original.about,
            "file_id": original.file_id,
            "received_at": original.received_at,
            "wrapped_key": original.sealed.wrapped_key,
            "size_bytes": original.sealed.size_bytes,
        },
    )


def insert_file(
    db: Connection,
    standing: Standing,
    sealed: Sealed,
    digests: Digests,
    *,
    sent_name: str | None,
    at: datetime,
) -> bool:
    """Store an uploaded file and note the modification; False when the report is not open.

    Shape: `standing` says when the report will now expire.
    """
    values = {
        "report_id": standing.report_id,
        "expires_at": standing.expires_at,
        "at": at,
        "id": sealed.file_id,
        "sent_name": sent_name,
        "wrapped_key": sealed.wrapped_key,
        "size_bytes": digests.size_bytes,
        "md5": digests.md5,
        "sha1": digests.sha1,
        "sha256": digests.sha256,
    }
    return db.execute(_INSERT_FILE, values).rowcount == 1


def digests_of(db: Connection, report_id: int, file_id: str) -> tuple[Digests, bool] | None:
    """What we computed of one file of a report, and whether the report is batched."""
    for row in db.execute(_DIGESTS_OF, {"id": file_id, "report_id": report_id}):
        found = Digests(md5=row.md5, sha1=row.sha1, sha256=row.sha256, size_bytes=row.size_bytes)
        return found, row.batched
    return None


def is_batched(db: Connection, report_id: int) -> bool:
    """Whether a report that has its text is batched."""
    return db.execute(select(_BATCHED).where(reports.c.id == report_id)).scalar_one()


def filed_reports(db: Connection, numbers: Collection[int]) -> set[int]:
    """Those of these numbers that this actor sees a report of, retracted and expired ones apart."""
    gone = (ReportState.RETRACTED, ReportState.EXPIRED)
    among = reports.c.id == any_(literal([*numbers], ARRAY(BigInteger)))
    return set(
        db.execute(select(reports.c.id).where(among, reports.c.state.not_in(gone))).scalars()
    )


def set_details(
    db: Connection, standing: Standing, document: Element, original: Original, *, differ: bool
) -> bool:
    """Store what the provider says of a file; a later word replaces an earlier one.

    Shape: False when the report is not open; both exact originals stay.
    """
    values = {
        "report_id": standing.report_id,
        "expires_at": standing.expires_at,
        "at": original.received_at,
        "document": element_json(document),
        "claims_differ": differ,
        "file_id": original.file_id,
        "id": original.sealed.file_id,
        "wrapped_key": original.sealed.wrapped_key,
        "size_bytes": original.sealed.size_bytes,
    }
    return db.execute(_SET_DETAILS, values).rowcount == 1


def file_ids_of(db: Connection, report_id: int) -> tuple[str, ...]:
    """The ids of a report's files, in order of arrival."""
    return tuple(db.execute(_FILE_IDS_OF, {"id": report_id}).scalars())


def place_report(
    db: Connection, report_id: int, *, unit_id: int, restricted: bool, members: tuple[str, ...]
) -> bool:
    """Say which unit a report belongs to and who sees it; False when not seen."""
    placed = {"unit_id": unit_id, "restricted": restricted, "members": list(members)}
    return db.execute(_CHANGE_REPORT, {"which": report_id, **placed}).rowcount == 1


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
