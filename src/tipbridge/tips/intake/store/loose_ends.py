"""What a lost answer leaves behind, and who filed a report."""

from datetime import datetime

from sqlalchemy import (
    Connection,
    text,
)

from tipbridge.tips.intake.model import (
    Double,
    Orphan,
)

_ORPHANS = text("""
    SELECT CAST(r.id AS text) AS report_id, p.name AS provider_name, c.username, r.opened_at, r.expires_at,
           (SELECT count(*) FROM report_files f WHERE f.report_id = r.id) AS files,
           (SELECT CAST(max(o.id) AS text) FROM reports o
             WHERE o.credential_id = r.credential_id AND o.document_hash = r.document_hash
               AND o.document = r.document AND o.state = 'finished') AS same_as
      FROM reports r JOIN providers p ON p.id = r.provider_id
      JOIN provider_credentials c ON c.id = r.credential_id
     WHERE r.state = 'open' AND r.expires_at > :now
     ORDER BY r.expires_at, r.id LIMIT :limit OFFSET :offset""")
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
     ORDER BY r.finished_at DESC, r.id DESC LIMIT :limit OFFSET :offset""")
_FILED_BY = text("""
    SELECT c.id, c.username, r.sandbox FROM reports r
      JOIN provider_credentials c ON c.id = r.credential_id WHERE r.id = :id""")


def orphans(db: Connection, now: datetime, *, limit: int, offset: int) -> tuple[Orphan, ...]:
    """Open reports with time left, the one that expires next first."""
    found = db.execute(_ORPHANS, {"now": now, "limit": limit, "offset": offset})
    return tuple(
        Orphan(**{str(name): value for name, value in row.items()}) for row in found.mappings()
    )


def doubles(db: Connection, *, since: datetime, limit: int, offset: int) -> tuple[Double, ...]:
    """Reports finished since then whose document the same user name had finished before."""
    found = db.execute(_DOUBLES, {"since": since, "limit": limit, "offset": offset})
    return tuple(
        Double(**{str(name): value for name, value in row.items()}) for row in found.mappings()
    )


def filed_by(db: Connection, report_id: int) -> tuple[str, str, bool] | None:
    """The id and user name of the credential that opened a report, and whether for a test."""
    row = db.execute(_FILED_BY, {"id": report_id}).one_or_none()
    return None if row is None else (row.id, row.username, row.sandbox)
