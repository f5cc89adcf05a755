"""Passes over images: how they began, and how far each has come."""

from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.police.evidence.hits import BY_DIGEST, Looked
from tipbridge.police.evidence.model import (
    Checkpoint,
    Pass,
    PassCounts,
    Running,
    SourceFacts,
)
from tipbridge.police.evidence.reading.model import NOWHERE, EntryState
from tipbridge.police.evidence.readings import GivenUp, Reading
from tipbridge.police.evidence.store.openings import last_mark
from tipbridge.police.evidence.tables import (
    exhibit_checkpoints,
    exhibit_examinations,
    exhibit_files,
    exhibit_given_up,
    exhibit_hits,
    exhibit_passes,
    exhibit_unprocessed,
)

_FACTS = (
    "source",
    "source_kind",
    "size_bytes",
    "entries",
    "md5",
    "sha1",
    "sha256",
    "stored_md5",
    "stored_sha1",
)


def insert_pass(db: Connection, begun: Pass) -> None:
    """Keep how a pass begins."""
    values: dict[str, Any] = {name: getattr(begun.facts, name) for name in _FACTS}
    values["notes"] = list(begun.facts.notes)
    values["header"] = list(begun.facts.header)
    db.execute(
        exhibit_passes.insert().values(
            id=begun.id,
            exhibit_id=begun.exhibit_id,
            at=begun.at,
            examiner=begun.examiner,
            tool=begun.tool,
            sorted_material=begun.sorted_material,
            **values,
        )
    )


def open_passes(db: Connection, exhibit_id: str) -> list[Pass]:
    """The passes of an exhibit that were begun, not finished and not given up, oldest first."""
    table = exhibit_passes.c
    done = select(exhibit_examinations.c.id).where(exhibit_examinations.c.id == table.id)
    left = select(exhibit_given_up.c.pass_id).where(exhibit_given_up.c.pass_id == table.id)
    query = select(exhibit_passes).where(
        table.exhibit_id == exhibit_id, ~done.exists(), ~left.exists()
    )
    return [_to_pass(row) for row in db.execute(query.order_by(table.at, table.id)).mappings()]


def pass_by_id(db: Connection, pass_id: str) -> Pass | None:
    """A pass whose exhibit the actor sees."""
    query = select(exhibit_passes).where(exhibit_passes.c.id == pass_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_pass(row)


def facts_of(db: Connection, exhibit_id: str) -> dict[str, SourceFacts]:
    """What each image of an exhibit was when a pass over it began, by pass."""
    query = select(exhibit_passes).where(exhibit_passes.c.exhibit_id == exhibit_id)
    return {row["id"]: _to_pass(row).facts for row in db.execute(query).mappings()}


def _to_pass(row: RowMapping) -> Pass:
    facts: dict[str, Any] = {name: row[name] for name in _FACTS}
    return Pass(
        id=row["id"],
        exhibit_id=row["exhibit_id"],
        at=row["at"],
        examiner=row["examiner"],
        tool=row["tool"],
        facts=SourceFacts(**facts, notes=tuple(row["notes"]), header=tuple(row["header"])),
        sorted_material=row["sorted_material"],
    )


def insert_checkpoint(db: Connection, exhibit_id: str, point: Checkpoint) -> None:
    """Keep how far a pass has come."""
    names = ("pass_id", "position", "at", "entries", "bytes_read", "findings", "answered")
    values: dict[str, Any] = {name: getattr(point, name) for name in names}
    db.execute(exhibit_checkpoints.insert().values(exhibit_id=exhibit_id, **values))


def last_checkpoint(db: Connection, pass_id: str) -> Checkpoint | None:
    """How far a pass has come."""
    return next(iter(_last_checkpoints(db, pass_id, 1)), None)


def _last_checkpoints(db: Connection, pass_id: str, most: int) -> list[Checkpoint]:
    table = exhibit_checkpoints.c
    columns = [each for each in table if each.name != "exhibit_id"]
    query = select(*columns).where(table.pass_id == pass_id)
    rows = db.execute(query.order_by(table.position.desc()).limit(most)).mappings()
    return [Checkpoint(**row) for row in rows]


def running_of(db: Connection, exhibit_id: str) -> tuple[Running, ...]:
    """The passes of an exhibit that are not finished, as far as each has come."""
    return tuple(_running(db, begun) for begun in open_passes(db, exhibit_id))


def _running(db: Connection, begun: Pass) -> Running:
    points = _last_checkpoints(db, begun.id, 2)
    reached, newest = points[0] if points else None, last_mark(db, begun.id)
    is_newer = newest is not None and (reached is None or newest.at >= reached.at)
    resumed = last_mark(db, begun.id, reading=Reading.FILES)
    return Running(
        begun=begun,
        reached=reached,
        before=points[1] if len(points) > 1 else None,
        now=newest if is_newer else None,
        resumed_at=None if resumed is None else resumed.at,
    )


def insert_given_up(db: Connection, pass_id: str, exhibit_id: str, given_up: GivenUp) -> None:
    """Keep that a pass is not gone on with."""
    db.execute(
        exhibit_given_up.insert().values(
            pass_id=pass_id,
            exhibit_id=exhibit_id,
            at=given_up.at,
            given_up_by=given_up.by,
            reason=given_up.reason,
        )
    )


def given_up_of(db: Connection, exhibit_id: str) -> tuple[Running, ...]:
    """The passes of an exhibit that were given up, oldest first, as far as each came."""
    left = exhibit_given_up.c
    query = (
        select(exhibit_passes, left.at.label("left_at"), left.given_up_by, left.reason)
        .join(exhibit_given_up, left.pass_id == exhibit_passes.c.id)
        .where(exhibit_passes.c.exhibit_id == exhibit_id)
    )
    rows = db.execute(query.order_by(left.at, left.pass_id)).mappings()
    return tuple(
        Running(
            begun=_to_pass(row),
            reached=last_checkpoint(db, row["id"]),
            given_up=GivenUp(at=row["left_at"], by=row["given_up_by"], reason=row["reason"]),
        )
        for row in rows
    )


def counts_of(db: Connection, pass_id: str) -> PassCounts:
    """What a pass has found so far, counted from what it kept."""
    files, skipped = exhibit_files.c, exhibit_unprocessed.c
    found = files.finding.is_not(None)
    row = db.execute(
        select(
            func.count().label("processed"),
            func.coalesce(func.sum(files.size_bytes), 0).label("size_bytes"),
            func.count().filter(found).label("findings"),
            func.count(files.sha256.distinct()).filter(found).label("items"),
            func.count().filter(files.looked == Looked.NOT_COMPARED).label("not_compared"),
        ).where(files.examination_id == pass_id)
    ).one()
    left = db.execute(
        select(func.count())
        .select_from(exhibit_unprocessed)
        .where(skipped.examination_id == pass_id)
    ).scalar_one()
    hits = exhibit_hits.c
    near = db.execute(
        select(func.count(hits.number.distinct())).where(
            hits.examination_id == pass_id, hits.by != BY_DIGEST
        )
    ).scalar_one()
    ids = func.unnest(files.list_ids)
    lists = db.execute(select(ids).distinct().where(files.examination_id == pass_id)).scalars()
    return PassCounts(
        processed=row.processed,
        unprocessed=left,
        size_bytes=int(row.size_bytes),
        findings=row.findings,
        items=row.items,
        lists=tuple(sorted(lists)),
        near=near,
        not_compared=row.not_compared,
    )


def left_of(db: Connection, pass_id: str) -> dict[str, int]:
    """How many entries that exist a pass did not process, by reason."""
    table = exhibit_unprocessed.c
    query = select(table.reason, func.count().label("number")).where(
        table.examination_id == pass_id, table.state == EntryState.PRESENT
    )
    return {row.reason: row.number for row in db.execute(query.group_by(table.reason))}


def closed_archives(db: Connection, pass_id: str) -> int:
    """How many archives that exist could not be opened."""
    table = exhibit_files.c
    query = select(func.count()).where(
        table.examination_id == pass_id,
        table.state == EntryState.PRESENT,
        table.looks == Content.ARCHIVE,
        table.looked == Looked.NOT_COMPARED,
    )
    return db.execute(query).scalar_one()


def unprocessed_places(db: Connection, pass_id: str) -> set[tuple[str, int]]:
    """Path and first byte of every entry that a pass did not process."""
    table = exhibit_unprocessed.c
    query = select(table.path, table.start_byte).where(table.examination_id == pass_id)
    return {
        (row.path, NOWHERE if row.start_byte is None else row.start_byte)
        for row in db.execute(query)
    }
