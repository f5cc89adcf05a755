"""Every SQL statement about scanners and scans."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not

from tipbridge.tips.filing.model import FilingState
from tipbridge.tips.filing.scan.model import (
    Alarm,
    Recent,
    ScanLine,
    Scanner,
    ScannerLine,
    Sign,
)
from tipbridge.tips.filing.scan.tables import (
    scan_alarms,
    scan_drafts,
    scan_hits,
    scanners,
    scans,
)
from tipbridge.tips.filing.tables import filings

_WAITS = exists().where(
    filings.c.id == scan_drafts.c.filing_id, filings.c.state == FilingState.DRAFT
)
_RECENT = text("""
    SELECT (SELECT coalesce(sum(asked), 0) FROM scans
             WHERE scanner_id = :scanner AND at > :minute) AS asked,
           (SELECT coalesce(sum(bare_hits), 0) FROM scans
             WHERE scanner_id = :scanner AND at > :hour) AS bare_hits,
           (SELECT coalesce(max(times), 0) FROM (
              SELECT count(*) AS times FROM scan_hits h JOIN scans s ON s.id = h.scan_id
               WHERE s.scanner_id = :scanner AND s.at > :hour GROUP BY h.digest) each_digest)
             AS most_repeats""")
_LINES = text("""
    SELECT c.id, c.name, c.added_at, c.used_at, c.ended_at,
           coalesce(sum(s.asked), 0)::bigint AS asked, coalesce(sum(s.hits), 0)::bigint AS hits
      FROM scanners c LEFT JOIN scans s ON s.scanner_id = c.id AND s.at > :since
     GROUP BY c.id ORDER BY c.name""")


def insert_scanner(
    db: Connection, scanner: Scanner, *, token_digest: bytes, at: datetime, by: str
) -> bool:
    """Keep a new scanner; False when its name is taken."""
    made = db.execute(
        insert_or_not(scanners)
        .values(
            id=scanner.id,
            name=scanner.name,
            token_digest=token_digest,
            unit_id=scanner.unit_id,
            added_at=at,
            added_by=by,
        )
        .on_conflict_do_nothing(index_elements=["name"])
    )
    return made.rowcount == 1


def end_scanner(db: Connection, name: str, at: datetime) -> str | None:
    """End a scanner's token; its id, or None when no such one may ask."""
    ended = (
        update(scanners)
        .where(scanners.c.name == name, scanners.c.ended_at.is_(None))
        .values(ended_at=at)
        .returning(scanners.c.id)
    )
    return db.execute(ended).scalar_one_or_none()


def scanner_by_token(db: Connection, token_digest: bytes) -> Scanner | None:
    """The scanner with this token, while it may ask."""
    c = scanners.c
    query = select(c.id, c.name, c.unit_id).where(
        c.token_digest == token_digest, c.ended_at.is_(None)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else Scanner(id=row.id, name=row.name, unit_id=row.unit_id)


def note_use(db: Connection, scanner_id: str, at: datetime) -> bool:
    """Write down that a scanner asks; False when its token ended. Its next one waits for this."""
    query = update(scanners).where(scanners.c.id == scanner_id, scanners.c.ended_at.is_(None))
    return db.execute(query.values(used_at=at)).rowcount == 1


def recent_of(db: Connection, scanner_id: str, *, minute: datetime, hour: datetime) -> Recent:
    """What a scanner asked since these times."""
    asked = {"scanner": scanner_id, "minute": minute, "hour": hour}
    row = db.execute(_RECENT, asked).one()
    return Recent(
        asked=int(row.asked), bare_hits=int(row.bare_hits), most_repeats=int(row.most_repeats)
    )


def insert_scan(
    db: Connection,
    scan_id: str,
    *,
    scanner_id: str | None,
    at: datetime,
    asked: int,
    hits: Sequence[str],
    bare_hits: int,
) -> None:
    """Keep a scan: counts, and the digests that were hits. Of what was no hit nothing is kept."""
    db.execute(
        insert(scans).values(
            id=scan_id,
            scanner_id=scanner_id,
            at=at,
            asked=asked,
            hits=len(hits),
            bare_hits=bare_hits,
        )
    )
    rows = [
        {"scan_id": scan_id, "position": number, "digest": digest}
        for number, digest in enumerate(hits)
    ]
    if rows:
        db.execute(insert(scan_hits), rows)


def draft_of(db: Connection, offer: bytes) -> str | None:
    """The filing that was drafted for this offer before and still waits for a person."""
    query = select(scan_drafts.c.filing_id).where(scan_drafts.c.offer == offer, _WAITS)
    return db.execute(query).scalar_one_or_none()


def forget_decided(db: Connection, offer: bytes) -> None:
    """Let an offer whose draft a person has decided on be drafted anew."""
    db.execute(delete(scan_drafts).where(scan_drafts.c.offer == offer, ~_WAITS))


def insert_draft(db: Connection, offer: bytes, filing_id: str) -> bool:
    """Keep which filing was drafted for an offer; False when there is one."""
    made = insert_or_not(scan_drafts).values(offer=offer, filing_id=filing_id)
    return db.execute(made.on_conflict_do_nothing()).rowcount == 1


def insert_alarm(db: Connection, alarm_id: str, scanner_id: str, sign: Sign, at: datetime) -> bool:
    """Raise an alarm; False while one of this sign is still to be looked at."""
    made = insert_or_not(scan_alarms).values(
        id=alarm_id, scanner_id=scanner_id, sign=sign.value, at=at
    )
    return db.execute(made.on_conflict_do_nothing()).rowcount == 1


def settle_alarm(db: Connection, alarm_id: str, *, at: datetime, by: str, grounds: str) -> bool:
    """Keep what a person found; False when there is no such alarm to look at."""
    query = update(scan_alarms).where(scan_alarms.c.id == alarm_id, scan_alarms.c.seen_at.is_(None))
    return db.execute(query.values(seen_at=at, seen_by=by, grounds=grounds)).rowcount == 1


def scanner_lines(db: Connection, since: datetime) -> tuple[ScannerLine, ...]:
    """Every scanner by name, with what it asked since then."""
    rows = db.execute(_LINES, {"since": since}).mappings()
    return tuple(ScannerLine(**{str(name): value for name, value in row.items()}) for row in rows)


def newest_scans(db: Connection, limit: int) -> tuple[ScanLine, ...]:
    """The newest scans first."""
    query = (
        select(
            scans.c.id, scanners.c.name.label("by_name"), scans.c.at, scans.c.asked, scans.c.hits
        )
        .outerjoin(scanners, scanners.c.id == scans.c.scanner_id)
        .order_by(scans.c.at.desc(), scans.c.id)
        .limit(limit)
    )
    return tuple(
        ScanLine(**{str(name): value for name, value in row.items()})
        for row in db.execute(query).mappings()
    )


def newest_alarms(db: Connection, limit: int) -> tuple[Alarm, ...]:
    """Alarms, those to be looked at first and the newest first."""
    query = (
        select(scan_alarms, scanners.c.name)
        .join(scanners, scanners.c.id == scan_alarms.c.scanner_id)
        .order_by(scan_alarms.c.seen_at.is_not(None), scan_alarms.c.at.desc(), scan_alarms.c.id)
        .limit(limit)
    )
    return tuple(
        Alarm(
            id=row["id"],
            scanner_name=row["name"],
            sign=Sign(row["sign"]),
            at=row["at"],
            seen_at=row["seen_at"],
            grounds=row["grounds"],
        )
        for row in db.execute(query).mappings()
    )


def count_alarms(db: Connection) -> int:
    """How many alarms nobody has looked at."""
    query = select(func.count()).where(scan_alarms.c.seen_at.is_(None))
    return int(db.execute(query).scalar_one())


def forget_scans(db: Connection, before: datetime) -> int:
    """Drop scans older than this, with their hits; drafts and alarms stay."""
    return db.execute(delete(scans).where(scans.c.at < before)).rowcount
