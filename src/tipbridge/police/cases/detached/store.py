"""Every SQL statement about referrals taken out of cases."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, text, update

from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.police.cases.detached.model import Detachment
from tipbridge.police.cases.detached.tables import case_detachments
from tipbridge.police.cases.model import Identifier
from tipbridge.police.cases.sightings.tables import case_sightings
from tipbridge.police.cases.tables import case_identifiers, case_person_referrals

_BEHIND = text("SELECT * FROM tb_parts_in_case(:case_id, :referral_id) ORDER BY label")
_TELL_AGAIN = text("""
    UPDATE case_identifiers i
       SET taken_back_at = NULL, taken_back_by = NULL, taken_back_because = NULL,
           referral_id = :referral
     WHERE i.person_id = :person AND i.kind = :kind AND i.scope = :scope AND i.value = :value
       AND i.strike_id IS NULL AND EXISTS (
           SELECT 1 FROM case_detachments d
            WHERE d.case_id = i.case_id AND d.referral_id = i.referral_id
              AND d.detached_at = i.taken_back_at AND d.detached_by = i.taken_back_by
              AND d.because = i.taken_back_because)
""")
_NAMES = [each.name for each in fields(Detachment)]


def insert_detachment(db: Connection, made: Detachment) -> None:
    """Keep that a referral was taken out of a case."""
    values = {name: getattr(made, name) for name in _NAMES}
    values |= {"strikes": list(made.strikes), "taken": dict(made.taken)}
    db.execute(case_detachments.insert().values(values | {"people": dict(made.people)}))


def end_detachment(db: Connection, made_id: str, *, by: str, at: datetime, because: str) -> None:
    """Keep that it feeds the case again."""
    query = update(case_detachments).where(case_detachments.c.id == made_id)
    db.execute(query.values(ended_by=by, ended_at=at, ended_because=because))


def detachments_of(db: Connection, case_id: str) -> list[Detachment]:
    """What was taken out of a case, oldest first, also what feeds it again."""
    return _detachments(db, case_detachments.c.case_id == case_id)


def standing_of(db: Connection, referral_id: str) -> list[Detachment]:
    """From which cases a referral was taken out, as far as the actor sees them."""
    table = case_detachments.c
    return _detachments(db, (table.referral_id == referral_id) & table.ended_at.is_(None))


def parts_behind(db: Connection, case_id: str, referral_id: str) -> list[Part]:
    """All that a referral says that feeds or fed a case, to work out what it alone told; never shown."""
    rows = db.execute(_BEHIND, {"case_id": case_id, "referral_id": referral_id}).mappings()
    return [
        Part(
            label=row["label"],
            value=row["value"],
            data_class=DataClass(row["data_class"]),
            form=Form(row["form"]),
        )
        for row in rows
    ]


def remove_mentions(db: Connection, case_id: str, referral_id: str) -> None:
    """Let a referral speak of nobody in a case any more, nor say when anything was seen."""
    for table in (case_person_referrals, case_sightings):
        query = delete(table).where(table.c.case_id == case_id)
        db.execute(query.where(table.c.referral_id == referral_id))


def take_back_told(
    db: Connection, person_id: str, made: Detachment, kept: Collection[tuple[Identifier, str]]
) -> None:
    """Take back what a referral alone told of somebody; what others told too is theirs since.

    Shape: `kept` are the identifiers that another referral names too, each with that referral.
    """
    known = case_identifiers.c
    here = (
        known.person_id == person_id,
        known.referral_id == made.referral_id,
        known.taken_back_at.is_(None),
    )
    for identifier, other in kept:
        this = (
            known.kind == identifier.kind.value,
            known.scope == identifier.scope,
            known.value == identifier.value,
        )
        db.execute(update(case_identifiers).where(*here, *this).values(referral_id=other))
    db.execute(
        update(case_identifiers)
        .where(*here)
        .values(
            taken_back_at=made.detached_at,
            taken_back_by=made.detached_by,
            taken_back_because=made.because,
        )
    )


def tell_again(
    db: Connection, person_id: str, found: Iterable[Identifier], *, referral_id: str
) -> None:
    """Let what went with a detached referral be somebody's where another one tells it too."""
    for each in found:
        given = {"person": person_id, "kind": each.kind.value, "scope": each.scope}
        db.execute(_TELL_AGAIN, {**given, "value": each.value, "referral": referral_id})


def restore_told(db: Connection, person_id: str, made: Detachment) -> None:
    """Let what a detachment took back be somebody's again."""
    known = case_identifiers.c
    query = update(case_identifiers).where(
        known.person_id == person_id,
        known.referral_id == made.referral_id,
        known.taken_back_at == made.detached_at,
        known.taken_back_by == made.detached_by,
        known.taken_back_because == made.because,
    )
    names = ("taken_back_at", "taken_back_by", "taken_back_because")
    db.execute(query.values(dict.fromkeys(names)))


def _detachments(db: Connection, which: ColumnElement[bool]) -> list[Detachment]:
    table = case_detachments.c
    query = select(case_detachments).where(which).order_by(table.detached_at, table.id)
    return [Detachment(**row) for row in db.execute(query).mappings()]
