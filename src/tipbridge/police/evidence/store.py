"""Every SQL statement of the evidence room; row-level security follows the case."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    RowMapping,
    Text,
    bindparam,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.cases.tables import cases
from tipbridge.police.evidence.model import (
    CustodyEvent,
    CustodyFault,
    CustodyKind,
    Examination,
    Exhibit,
    ExhibitKind,
    FindingKind,
    FoundFile,
    Seizure,
    SkippedEntry,
    SkipReason,
)
from tipbridge.police.evidence.tables import (
    exhibit_custody,
    exhibit_examinations,
    exhibit_files,
    exhibit_unprocessed,
    exhibits,
)

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('evidence.custody'), hashtext(:exhibit_id))")
_TEXTS = ("paths", "md5s", "sha1s", "sha256s", "findings", "lists")
_ADD_FILES = text("""
    INSERT INTO exhibit_files (examination_id, number, exhibit_id, path, size_bytes,
                               md5, sha1, sha256, finding, list_ids)
    SELECT :examination_id, number, :exhibit_id, path, size_bytes, md5, sha1, sha256, finding,
           string_to_array(list, ' ')
      FROM unnest(:numbers, :paths, :sizes, :md5s, :sha1s, :sha256s, :findings, :lists)
        AS line (number, path, size_bytes, md5, sha1, sha256, finding, list)
""").bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in _TEXTS),
    bindparam("numbers", type_=ARRAY(Integer)),
    bindparam("sizes", type_=ARRAY(BigInteger)),
)


def case_found(db: Connection, case: str) -> tuple[str, str] | None:
    """Id and number of the case that the actor sees under this id or number."""
    query = select(cases.c.id, cases.c.number).where(
        or_(cases.c.id == case, cases.c.number == case)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row.id, row.number)


def lock_exhibit(db: Connection, exhibit_id: str) -> None:
    """Let one event at a time join an exhibit's chain."""
    db.execute(_LOCK, {"exhibit_id": exhibit_id})


def insert_exhibit(db: Connection, exhibit: Exhibit) -> bool:
    """Keep an exhibit; False when the case has one of that mark."""
    query = insert(exhibits).values(
        id=exhibit.id,
        case_id=exhibit.case_id,
        mark=exhibit.mark,
        kind=exhibit.kind.value,
        description=exhibit.description,
        identifiers=exhibit.identifiers,
        seized_place=exhibit.seizure.place,
        seized_authority=exhibit.seizure.authority,
        seized_at=exhibit.seizure.at,
        seized_by=exhibit.seizure.by,
        added_at=exhibit.added_at,
    )
    done = db.execute(query.on_conflict_do_nothing(index_elements=["case_id", "mark"]))
    return done.rowcount == 1


def exhibit_by_id(db: Connection, exhibit_id: str) -> tuple[Exhibit, str] | None:
    """An exhibit that the actor sees, and its case's number."""
    query = select(exhibits, cases.c.number).join(cases).where(exhibits.c.id == exhibit_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else (_to_exhibit(row), row["number"])


def exhibits_of(db: Connection, case_id: str | None) -> list[tuple[Exhibit, str]]:
    """The exhibits that the actor sees, of one case or of all, with the case's number."""
    query = select(exhibits, cases.c.number).join(cases)
    if case_id is not None:
        query = query.where(exhibits.c.case_id == case_id)
    rows = db.execute(query.order_by(exhibits.c.added_at.desc(), exhibits.c.mark)).mappings()
    return [(_to_exhibit(row), row["number"]) for row in rows]


def _to_exhibit(row: RowMapping) -> Exhibit:
    return Exhibit(
        id=row["id"],
        case_id=row["case_id"],
        mark=row["mark"],
        kind=ExhibitKind(row["kind"]),
        description=row["description"],
        identifiers=row["identifiers"],
        seizure=Seizure(
            place=row["seized_place"],
            authority=row["seized_authority"],
            at=row["seized_at"],
            by=row["seized_by"],
        ),
        added_at=row["added_at"],
    )


def insert_custody(db: Connection, exhibit_id: str, event: CustodyEvent) -> None:
    """Add an event to an exhibit's chain."""
    db.execute(
        exhibit_custody.insert().values(
            exhibit_id=exhibit_id,
            position=event.position,
            kind=event.kind.value,
            at=event.at,
            giver=event.giver,
            taker=event.taker,
            reason=event.reason,
            faults=[fault.value for fault in event.faults],
            recorded_by=event.recorded_by,
            recorded_at=event.recorded_at,
        )
    )


def custody_of(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, list[CustodyEvent]]:
    """The chains of custody of these exhibits, each in its order."""
    table = exhibit_custody.c
    query = select(exhibit_custody).where(table.exhibit_id.in_(list(exhibit_ids)))
    found: dict[str, list[CustodyEvent]] = {}
    for row in db.execute(query.order_by(table.exhibit_id, table.position)).mappings():
        found.setdefault(row["exhibit_id"], []).append(
            CustodyEvent(
                position=row["position"],
                kind=CustodyKind(row["kind"]),
                at=row["at"],
                giver=row["giver"],
                taker=row["taker"],
                reason=row["reason"],
                faults=tuple(CustodyFault(fault) for fault in row["faults"]),
                recorded_by=row["recorded_by"],
                recorded_at=row["recorded_at"],
            )
        )
    return found


def add_files(
    db: Connection, exhibit_id: str, examination_id: str, files: Sequence[FoundFile]
) -> None:
    """Keep a batch of processed files, in one statement."""
    db.execute(
        _ADD_FILES,
        {
            "examination_id": examination_id,
            "exhibit_id": exhibit_id,
            "numbers": [each.number for each in files],
            "paths": [each.path for each in files],
            "sizes": [each.digests.size_bytes for each in files],
            "md5s": [each.digests.md5 for each in files],
            "sha1s": [each.digests.sha1 for each in files],
            "sha256s": [each.digests.sha256 for each in files],
            "findings": [each.finding for each in files],
            "lists": [" ".join(each.list_ids) for each in files],
        },
    )


def add_skipped(
    db: Connection,
    exhibit_id: str,
    examination_id: str,
    skipped: Iterable[tuple[int, SkippedEntry]],
) -> None:
    """Keep the entries that were not processed, with their reasons."""
    rows = [
        {
            "examination_id": examination_id,
            "number": number,
            "exhibit_id": exhibit_id,
            "path": each.path,
            "reason": each.reason.value,
            "detail": each.detail,
        }
        for number, each in skipped
    ]
    if rows:
        db.execute(exhibit_unprocessed.insert(), rows)


def insert_examination(db: Connection, examination: Examination) -> None:
    """Keep what an examination counted."""
    names = [column.name for column in exhibit_examinations.c]
    values: dict[str, Any] = {name: getattr(examination, name) for name in names}
    db.execute(exhibit_examinations.insert().values(values | {"lists": list(examination.lists)}))


def examinations_of(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, list[Examination]]:
    """The examinations of these exhibits, oldest first."""
    table = exhibit_examinations.c
    query = select(exhibit_examinations).where(table.exhibit_id.in_(list(exhibit_ids)))
    found: dict[str, list[Examination]] = {}
    for row in db.execute(query.order_by(table.at, table.id)).mappings():
        values: dict[str, Any] = {**row, "lists": tuple(row["lists"])}
        examination = Examination(**values)
        found.setdefault(examination.exhibit_id, []).append(examination)
    return found


def item_counts(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, int]:
    """How many different files (by SHA-256) were found on each of these exhibits."""
    table = exhibit_files.c
    query = (
        select(table.exhibit_id, func.count(table.sha256.distinct()).label("items"))
        .where(table.exhibit_id.in_(list(exhibit_ids)), table.finding.is_not(None))
        .group_by(table.exhibit_id)
    )
    return {row.exhibit_id: row.items for row in db.execute(query)}


def skipped_of(db: Connection, exhibit_id: str, limit: int) -> list[SkippedEntry]:
    """The first entries of an exhibit that were not processed."""
    table = exhibit_unprocessed.c
    query = select(table.path, table.reason, table.detail).where(table.exhibit_id == exhibit_id)
    rows = db.execute(query.order_by(table.examination_id, table.number).limit(limit)).mappings()
    return [SkippedEntry(**{**row, "reason": SkipReason(row["reason"])}) for row in rows]


def skipped_counts(db: Connection, exhibit_id: str) -> dict[str, int]:
    """How many entries of an exhibit were not processed, by reason."""
    table = exhibit_unprocessed.c
    query = select(table.reason, func.count().label("number")).where(table.exhibit_id == exhibit_id)
    rows = db.execute(query.group_by(table.reason).order_by(table.reason))
    return {row.reason: row.number for row in rows}


def files_of(
    db: Connection, exhibit_id: str, limit: int, *, findings_only: bool
) -> list[FoundFile]:
    """The first processed files of an exhibit, by digests; never content."""
    table = exhibit_files.c
    query = select(exhibit_files).where(table.exhibit_id == exhibit_id)
    if findings_only:
        query = query.where(table.finding.is_not(None))
    rows = db.execute(query.order_by(table.examination_id, table.number).limit(limit)).mappings()
    return [_to_file(row) for row in rows]


def _to_file(row: RowMapping) -> FoundFile:
    return FoundFile(
        number=row["number"],
        path=row["path"],
        digests=Digests(
            md5=row["md5"], sha1=row["sha1"], sha256=row["sha256"], size_bytes=row["size_bytes"]
        ),
        finding=FindingKind(row["finding"]) if row["finding"] else None,
        list_ids=tuple(row["list_ids"]),
    )
