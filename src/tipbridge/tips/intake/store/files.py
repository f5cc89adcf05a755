"""Files of reports, what is said of them, and exact originals."""

from datetime import datetime

from sqlalchemy import (
    Connection,
    bindparam,
    cast,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.intake.model import (
    Original,
    Standing,
)
from tipbridge.tips.intake.tables import (
    report_files,
    report_originals,
    reports,
)
from tipbridge.tips.report.tree import Element, element_json

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
# Built once: building a statement anew costs more than running it.
_INSERT_ORIGINAL = insert(report_originals)
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
