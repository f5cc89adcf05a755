"""Files of reports, what is said of them, and exact originals."""

from datetime import datetime

from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from tipbridge.foundation.storage.plain import run
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.intake.model import (
    Original,
    Standing,
)
from tipbridge.tips.report.tree import Element, element_json

_TOUCH = """
    UPDATE reports SET modified_at = greatest(modified_at, %(at)s),
                       expires_at = greatest(expires_at, %(expires_at)s)
    WHERE id = %(report_id)s AND state = 'open' AND expires_at > %(at)s RETURNING id"""
_INSERT_FILE = f"""
    WITH open_one AS ({_TOUCH})
    INSERT INTO report_files (id, report_id, received_at, sent_name, wrapped_key, size_bytes,
                              md5, sha1, sha256, empty, claims_differ)
    SELECT %(id)s, id, %(at)s, %(sent_name)s, %(wrapped_key)s, %(size_bytes)s, %(md5)s, %(sha1)s,
           %(sha256)s, %(size_bytes)s = 0, false
    FROM open_one"""  # noqa: S608 - joined of our own constants
_SET_DETAILS = f"""
    WITH open_one AS ({_TOUCH}),
    described AS (UPDATE report_files SET details = %(document)s, details_at = %(at)s,
                                          claims_differ = %(claims_differ)s
                  WHERE id = %(file_id)s AND report_id IN (SELECT id FROM open_one)
                  RETURNING report_id)
    INSERT INTO report_originals (id, report_id, about, file_id, received_at, wrapped_key,
                                  size_bytes)
    SELECT %(id)s, report_id, 'file', %(file_id)s, %(at)s, %(wrapped_key)s, %(size_bytes)s
    FROM described"""  # noqa: S608 - joined of our own constants
_INSERT_ORIGINAL = """
    INSERT INTO report_originals (id, report_id, about, file_id, received_at, wrapped_key,
                                  size_bytes)
    VALUES (%(id)s, %(report_id)s, %(about)s, %(file_id)s, %(received_at)s, %(wrapped_key)s,
            %(size_bytes)s)"""
_BATCHED = """coalesce(jsonb_path_exists(r.document,
    '$.children[*] ? (@.name == "batchedReport")'), false)"""
_DIGESTS_OF = f"""
    SELECT f.md5, f.sha1, f.sha256, f.size_bytes, {_BATCHED}
      FROM report_files f JOIN reports r ON r.id = f.report_id
     WHERE f.id = %(id)s AND f.report_id = %(report_id)s"""  # noqa: S608 - as above
_IS_BATCHED = f"SELECT {_BATCHED} FROM reports r WHERE r.id = %(id)s"  # noqa: S608 - as above
_FILE_IDS_OF = "SELECT id FROM report_files WHERE report_id = %(id)s ORDER BY received_at, id"


def insert_original(db: Connection, report_id: int, original: Original) -> None:
    """Store where exact bytes lie sealed."""
    run(
        db,
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
    return run(db, _INSERT_FILE, values).rowcount == 1


def digests_of(db: Connection, report_id: int, file_id: str) -> tuple[Digests, bool] | None:
    """What we computed of one file of a report, and whether the report is batched."""
    row = run(db, _DIGESTS_OF, {"id": file_id, "report_id": report_id}).fetchone()
    if row is None:
        return None
    md5, sha1, sha256, size_bytes, batched = row
    return Digests(md5=md5, sha1=sha1, sha256=sha256, size_bytes=size_bytes), batched


def is_batched(db: Connection, report_id: int) -> bool:
    """Whether a report that has its text is batched."""
    ((batched,),) = run(db, _IS_BATCHED, {"id": report_id}).fetchall()
    return batched


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
        "document": Jsonb(element_json(document)),
        "claims_differ": differ,
        "file_id": original.file_id,
        "id": original.sealed.file_id,
        "wrapped_key": original.sealed.wrapped_key,
        "size_bytes": original.sealed.size_bytes,
    }
    return run(db, _SET_DETAILS, values).rowcount == 1


def file_ids_of(db: Connection, report_id: int) -> tuple[str, ...]:
    """The ids of a report's files, in order of arrival."""
    return tuple(row[0] for row in run(db, _FILE_IDS_OF, {"id": report_id}))
