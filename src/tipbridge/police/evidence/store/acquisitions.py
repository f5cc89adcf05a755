"""Acquisitions: how each was begun, and what was made of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.acquiring.model import (
    Acquisition,
    AcquisitionFacts,
    Copied,
    Recorded,
)
from tipbridge.police.evidence.sources.model import Gap, GapReason
from tipbridge.police.evidence.tables import exhibit_acquired, exhibit_acquisitions

_FACTS = ("source", "image", "size_bytes", "segment_bytes")


def insert_acquisition(db: Connection, begun: Acquisition) -> None:
    """Keep how an acquisition begins."""
    facts: dict[str, Any] = {name: getattr(begun.facts, name) for name in _FACTS}
    db.execute(
        exhibit_acquisitions.insert().values(
            id=begun.id,
            exhibit_id=begun.exhibit_id,
            at=begun.at,
            examiner=begun.examiner,
            tool=begun.tool,
            recorded_by=None if begun.recorded is None else begun.recorded.by,
            recorded_at=None if begun.recorded is None else begun.recorded.at,
            stated=[] if begun.recorded is None else list(begun.recorded.stated),
            **facts,
        )
    )


def insert_acquired(db: Connection, begun: Acquisition, copied: Copied, *, at: datetime) -> None:
    """Keep what an acquisition made."""
    db.execute(
        exhibit_acquired.insert().values(
            acquisition_id=begun.id,
            exhibit_id=begun.exhibit_id,
            finished_at=at,
            md5=copied.digests.md5,
            sha1=copied.digests.sha1,
            sha256=copied.digests.sha256,
            segments=list(copied.segments),
            bad_starts=[each.offset for each in copied.bad],
            bad_lengths=[each.length for each in copied.bad],
            bad_reasons=[each.reason.value for each in copied.bad],
        )
    )


def acquisition_by_id(db: Connection, acquisition_id: str) -> Acquisition | None:
    """An acquisition whose exhibit the actor sees."""
    query = _every().where(exhibit_acquisitions.c.id == acquisition_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_acquisition(row)


def acquisitions_of(db: Connection, exhibit_id: str) -> list[Acquisition]:
    """The acquisitions of an exhibit, finished or not, oldest first."""
    table = exhibit_acquisitions.c
    query = _every().where(table.exhibit_id == exhibit_id).order_by(table.at, table.id)
    return [_to_acquisition(row) for row in db.execute(query).mappings()]


def _every() -> Select[Any]:
    begun, made = exhibit_acquisitions.c, exhibit_acquired.c
    columns = [each for each in made if each.name not in {"acquisition_id", "exhibit_id"}]
    return select(exhibit_acquisitions, *columns).outerjoin(
        exhibit_acquired, made.acquisition_id == begun.id
    )


def _to_acquisition(row: RowMapping) -> Acquisition:
    facts: dict[str, Any] = {name: row[name] for name in _FACTS}
    return Acquisition(
        id=row["id"],
        exhibit_id=row["exhibit_id"],
        at=row["at"],
        examiner=row["examiner"],
        tool=row["tool"],
        facts=AcquisitionFacts(**facts),
        finished_at=row["finished_at"],
        copied=None if row["finished_at"] is None else _to_copied(row),
        recorded=None if row["recorded_by"] is None else _to_recorded(row),
    )


def _to_recorded(row: RowMapping) -> Recorded:
    return Recorded(by=row["recorded_by"], at=row["recorded_at"], stated=tuple(row["stated"]))


def _to_copied(row: RowMapping) -> Copied:
    bad = zip(row["bad_starts"], row["bad_lengths"], row["bad_reasons"], strict=True)
    return Copied(
        digests=Digests(
            md5=row["md5"], sha1=row["sha1"], sha256=row["sha256"], size_bytes=row["size_bytes"]
        ),
        segments=tuple(row["segments"]),
        bad=tuple(
            Gap(offset=offset, length=length, reason=GapReason(reason))
            for offset, length, reason in bad
        ),
    )
