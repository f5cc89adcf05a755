"""Every SQL statement about questions between cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases.asking.model import Asking, Hit
from tipbridge.police.cases.asking.tables import case_askings, case_hits
from tipbridge.police.cases.model import IdentifierKind


def insert_asking(db: Connection, asking: Asking) -> None:
    """Keep a question."""
    names = ("id", "case_id", "grounds", "asked_by", "asked_at")
    db.execute(case_askings.insert().values({name: getattr(asking, name) for name in names}))


def answer(db: Connection, asking: Asking, hits: Sequence[Hit], at: datetime) -> bool:
    """Keep what was found, once; false when it was answered before."""
    query = case_askings.update().where(
        case_askings.c.id == asking.id, case_askings.c.answered_at.is_(None)
    )
    if db.execute(query.values(answered_at=at)).rowcount == 0:
        return False
    rows = [
        {
            "asking_id": asking.id,
            "case_id": asking.case_id,
            "kind": hit.kind.value,
            "unit_id": hit.unit_id,
        }
        for hit in hits
    ]
    insert_rows(db, case_hits, rows)
    return True


def asking_by_id(db: Connection, asking_id: str) -> Asking | None:
    """A question, without its answer."""
    query = select(case_askings).where(case_askings.c.id == asking_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else Asking(**row)


def askings_of(db: Connection, case_id: str) -> list[Asking]:
    """The questions of a case with their answers, newest first."""
    found: dict[str, list[Hit]] = {}
    hits = select(case_hits).where(case_hits.c.case_id == case_id)
    for row in db.execute(hits.order_by(case_hits.c.kind, case_hits.c.unit_id)).mappings():
        hit = Hit(kind=IdentifierKind(row["kind"]), unit_id=row["unit_id"])
        found.setdefault(row["asking_id"], []).append(hit)
    query = select(case_askings).where(case_askings.c.case_id == case_id)
    order = (case_askings.c.asked_at.desc(), case_askings.c.id.desc())
    return [
        Asking(**row, hits=tuple(found.get(row["id"], ())))
        for row in db.execute(query.order_by(*order)).mappings()
    ]
