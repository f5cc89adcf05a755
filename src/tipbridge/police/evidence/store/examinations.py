"""Examinations: what was processed, what was not, and what no entry could say."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    RowMapping,
    Text,
    bindparam,
    exists,
    func,
    select,
    text,
)

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.doubts import Doubt, DoubtKind
from tipbridge.police.evidence.hits import BY_DIGEST, FileHit, Looked
from tipbridge.police.evidence.model import (
    Examination,
    FindingKind,
    FoundFile,
    SkippedEntry,
    SkipReason,
    UnreadRange,
    Verdict,
)
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind, EntryState, Times
from tipbridge.police.evidence.sayings import Saying
from tipbridge.police.evidence.store.hits import add_hits, hits_of
from tipbridge.police.evidence.tables import (
    exhibit_examinations,
    exhibit_files,
    exhibit_hits,
    exhibit_unprocessed,
    exhibit_unread,
)

_TEXTS = (
    "paths",
    "md5s",
    "sha1s",
    "sha256s",
    "findings",
    "lists",
    "places",
    "states",
    "looks",
    "looked",
    "reasons",
)
_BIG = ("sizes", "starts", "modified", "accessed", "created", "changed")
_ADD_FILES = text("""
    INSERT INTO exhibit_files (examination_id, number, exhibit_id, path, size_bytes,
                               md5, sha1, sha256, finding, list_ids, place, state, looks,
                               start_byte, modified_ns, accessed_ns, created_ns, changed_ns, looked,
                               look_reasons)
    SELECT :examination_id, number, :exhibit_id, path, size_bytes, md5, sha1, sha256, finding,
           string_to_array(list, ' '), place, state, look, start_byte,
           modified, accessed, created, changed, as_looked, string_to_array(why, chr(10))
      FROM unnest(:numbers, :paths, :sizes, :md5s, :sha1s, :sha256s, :findings, :lists,
                  :places, :states, :looks, :starts, :modified, :accessed, :created, :changed,
                  :looked, :reasons)
        AS line (number, path, size_bytes, md5, sha1, sha256, finding, list, place, state, look,
                 start_byte, modified, accessed, created, changed, as_looked, why)
""").bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in _TEXTS),
    *(bindparam(name, type_=ARRAY(BigInteger)) for name in _BIG),
    bindparam("numbers", type_=ARRAY(Integer)),
)


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
            "places": [each.place.value for each in files],
            "states": [each.state.value for each in files],
            "looks": [each.looks for each in files],
            "starts": [each.start_byte for each in files],
            "modified": [each.times.modified for each in files],
            "accessed": [each.times.accessed for each in files],
            "created": [each.times.created for each in files],
            "changed": [each.times.changed for each in files],
            "looked": [each.looked.value for each in files],
            "reasons": ["\n".join(each.look_reasons) for each in files],
        },
    )
    add_hits(db, exhibit_id, examination_id, files)


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
            "place": each.place.value,
            "state": each.state.value,
            "start_byte": each.start_byte,
            "size_bytes": each.size_bytes,
        }
        for number, each in skipped
    ]
    if rows:
        db.execute(exhibit_unprocessed.insert(), rows)


def insert_examination(db: Connection, examination: Examination) -> None:
    """Keep what an examination counted."""
    apart: dict[str, Any] = {
        "lists": list(examination.lists),
        "doubt_kinds": [each.kind.value for each in examination.doubts],
        "doubt_details": [each.detail for each in examination.doubts],
        "doubt_sayings": [_written(each) for each in examination.doubts],
    }
    names = [column.name for column in exhibit_examinations.c if column.name not in apart]
    values: dict[str, Any] = {name: getattr(examination, name) for name in names}
    db.execute(exhibit_examinations.insert().values(values | apart))


def examinations_of(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, list[Examination]]:
    """The examinations of these exhibits, oldest first."""
    table = exhibit_examinations.c
    query = select(exhibit_examinations).where(table.exhibit_id.in_(list(exhibit_ids)))
    found: dict[str, list[Examination]] = {}
    for row in db.execute(query.order_by(table.at, table.id)).mappings():
        values: dict[str, Any] = {**row}
        kept = [values.pop(name) for name in ("doubt_kinds", "doubt_details", "doubt_sayings")]
        values |= {
            "lists": tuple(row["lists"]),
            "verdict": Verdict(row["verdict"]),
            "doubts": tuple(_doubt(*each) for each in zip_longest(*kept, fillvalue="[]")),
        }
        examination = Examination(**values)
        found.setdefault(examination.exhibit_id, []).append(examination)
    return found


def _written(doubt: Doubt) -> str:
    return json.dumps([asdict(each) for each in doubt.said], ensure_ascii=False)


def _doubt(kind: str, detail: str, said: str) -> Doubt:
    sayings = tuple(Saying(**each) for each in json.loads(said))
    return Doubt(kind=DoubtKind(kind), detail=detail, said=sayings)


def item_counts(db: Connection, exhibit_ids: Iterable[str]) -> dict[str, int]:
    """How many different files (by SHA-256) were found on each of these exhibits."""
    table = exhibit_files.c
    query = (
        select(table.exhibit_id, func.count(table.sha256.distinct()).label("items"))
        .where(table.exhibit_id.in_(list(exhibit_ids)), table.finding.is_not(None))
        .group_by(table.exhibit_id)
    )
    return {row.exhibit_id: row.items for row in db.execute(query)}


def skipped_of(
    db: Connection,
    exhibit_id: str,
    limit: int,
    *,
    examination: str | None = None,
    offset: int = 0,
) -> list[SkippedEntry]:
    """Entries of an exhibit, or of one examination of it, that were not processed, behind so many."""
    table = exhibit_unprocessed.c
    query = select(exhibit_unprocessed).where(table.exhibit_id == exhibit_id)
    if examination is not None:
        query = query.where(table.examination_id == examination)
    query = query.order_by(table.examination_id, table.number).limit(limit).offset(offset)
    rows = db.execute(query).mappings()
    return [_to_skipped(row) for row in rows]


def _to_skipped(row: RowMapping) -> SkippedEntry:
    reason = row["reason"]
    return SkippedEntry(
        path=row["path"],
        reason=SkipReason(reason) if reason in set(SkipReason) else EntryFault(reason),
        detail=row["detail"],
        place=EntryKind(row["place"]),
        state=EntryState(row["state"]),
        start_byte=row["start_byte"],
        size_bytes=row["size_bytes"],
    )


def skipped_counts(db: Connection, exhibit_id: str) -> dict[str, int]:
    """How many entries of an exhibit were not processed, by reason."""
    table = exhibit_unprocessed.c
    query = select(table.reason, func.count().label("number")).where(table.exhibit_id == exhibit_id)
    rows = db.execute(query.group_by(table.reason).order_by(table.reason))
    return {row.reason: row.number for row in rows}


def files_of(
    db: Connection,
    exhibit_id: str,
    limit: int,
    *,
    findings_only: bool,
    near_only: bool = False,
    examination: str | None = None,
) -> list[FoundFile]:
    """The first processed files of an exhibit, by digests; never content."""
    table = exhibit_files.c
    query = select(exhibit_files).where(table.exhibit_id == exhibit_id)
    if examination is not None:
        query = query.where(table.examination_id == examination)
    if findings_only:
        query = query.where(table.finding.is_not(None))
    if near_only:
        query = query.where(
            exists().where(
                exhibit_hits.c.examination_id == table.examination_id,
                exhibit_hits.c.number == table.number,
                exhibit_hits.c.by != BY_DIGEST,
            )
        )
    ordered = query.order_by(table.examination_id, table.number).limit(limit)
    rows = db.execute(ordered).mappings().all()
    keys = [(row["examination_id"], row["number"]) for row in rows]
    hits = hits_of(db, examination=examination, keys=keys)
    return [_to_file(row, hits.get(key, ())) for row, key in zip(rows, keys, strict=True)]


def _to_file(row: RowMapping, hits: tuple[FileHit, ...]) -> FoundFile:
    return FoundFile(
        number=row["number"],
        path=row["path"],
        digests=Digests(
            md5=row["md5"], sha1=row["sha1"], sha256=row["sha256"], size_bytes=row["size_bytes"]
        ),
        finding=FindingKind(row["finding"]) if row["finding"] else None,
        list_ids=tuple(row["list_ids"]),
        place=EntryKind(row["place"]),
        state=EntryState(row["state"]),
        start_byte=row["start_byte"],
        looks=row["looks"],
        looked=Looked(row["looked"]),
        look_reasons=tuple(row["look_reasons"]),
        hits=hits,
        times=Times(
            modified=row["modified_ns"] or 0,
            accessed=row["accessed_ns"] or 0,
            created=row["created_ns"] or 0,
            changed=row["changed_ns"] or 0,
        ),
    )


def insert_unread(
    db: Connection, exhibit_id: str, examination_id: str, ranges: Sequence[UnreadRange]
) -> None:
    """Keep the ranges of a medium that no processed entry covers."""
    rows = [
        {
            "examination_id": examination_id,
            "number": number,
            "exhibit_id": exhibit_id,
            "start_byte": each.start_byte,
            "length": each.length,
            "reason": each.reason,
        }
        for number, each in enumerate(ranges, start=1)
    ]
    if rows:
        db.execute(exhibit_unread.insert(), rows)


def unread_of(db: Connection, examination_id: str) -> list[UnreadRange]:
    """The ranges of an examination's medium that no processed entry covers."""
    table = exhibit_unread.c
    query = select(table.start_byte, table.length, table.reason).where(
        table.examination_id == examination_id
    )
    return [UnreadRange(**row) for row in db.execute(query.order_by(table.number)).mappings()]


def found_in(db: Connection, examination_id: str) -> list[str]:
    """The SHA-256 of what an examination found, each once."""
    table = exhibit_files.c
    query = select(table.sha256).where(
        table.examination_id == examination_id, table.finding.is_not(None)
    )
    return list(db.execute(query.distinct().order_by(table.sha256)).scalars())
