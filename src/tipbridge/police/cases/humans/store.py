"""Every SQL statement about records that are one human's."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, select, text

from tipbridge.police.cases.humans.model import HumanRecord
from tipbridge.police.cases.humans.tables import case_humans
from tipbridge.police.cases.model import Person

_NAMES = tuple(column.name for column in case_humans.c)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('cases.humans'))")
# An address is many people's, so that it makes nobody the same.
_SHARING = text("""
    SELECT DISTINCT o.person_id
      FROM case_identifiers i
      JOIN case_identifiers o USING (kind, scope, value)
      JOIN case_people p ON p.id = o.person_id
     WHERE i.person_id = :person AND o.case_id <> i.case_id AND i.kind <> 'ip'
       AND i.taken_back_at IS NULL AND o.taken_back_at IS NULL AND p.struck_at IS NULL
     ORDER BY o.person_id
""")
_COPY_IDENTIFIERS = text("""
    INSERT INTO case_identifiers (person_id, case_id, kind, scope, value, referral_id, added_at)
    SELECT :person, :case, kind, scope, value, referral_id, added_at FROM case_identifiers
     WHERE person_id = :source AND taken_back_at IS NULL
""")
_COPY_MENTIONS = text("""
    INSERT INTO case_person_referrals (person_id, referral_id, label, case_id)
    SELECT :person, referral_id, label, :case FROM case_person_referrals WHERE person_id = :source
""")
_COPY_SIGHTINGS = text("""
    INSERT INTO case_sightings
           (person_id, case_id, referral_id, label, kind, scope, value, at, port, event)
    SELECT :person, :case, referral_id, label, kind, scope, value, at, port, event
      FROM case_sightings WHERE person_id = :source
""")


def lock_humans(db: Connection) -> None:
    """Let one thing at a time be said of who is whom."""
    db.execute(_LOCK)


def insert_records(db: Connection, records: Iterable[HumanRecord]) -> None:
    """Write down that records are one human's."""
    for each in records:
        values = {name: getattr(each, name) for name in _NAMES}
        db.execute(case_humans.insert().values(values))


def end_record(db: Connection, ended: HumanRecord) -> None:
    """Let what was said of a record stand no more."""
    query = case_humans.update().where(case_humans.c.id == ended.id)
    names = ("ended_by", "ended_at", "ended_because")
    db.execute(query.values({name: getattr(ended, name) for name in names}))


def record_of(db: Connection, person_id: str) -> HumanRecord | None:
    """What stands of one record."""
    found = _found(db, case_humans.c.person_id == person_id, case_humans.c.ended_at.is_(None))
    return found[0] if found else None


def records_of(db: Connection, human_id: str) -> list[HumanRecord]:
    """The records of one human that the actor sees."""
    return _found(db, case_humans.c.human_id == human_id, case_humans.c.ended_at.is_(None))


def sharing(db: Connection, person_id: str) -> list[str]:
    """The people of other cases, as the actor sees them, with an identifier of somebody."""
    return list(db.execute(_SHARING, {"person": person_id}).scalars())


def copy_known(db: Connection, source: Person, made: Person) -> None:
    """Give a record the identifiers, referrals and sightings of another of the same human."""
    given = {"source": source.id, "person": made.id, "case": made.case_id}
    for statement in (_COPY_IDENTIFIERS, _COPY_MENTIONS, _COPY_SIGHTINGS):
        db.execute(statement, given)


def _found(db: Connection, *which: Any) -> list[HumanRecord]:  # noqa: ANN401 - clauses
    table = case_humans.c
    query = select(case_humans).where(*which).order_by(table.said_at, table.id)
    return [_to_record(row) for row in db.execute(query).mappings()]


def _to_record(row: RowMapping) -> HumanRecord:
    return HumanRecord(**{name: row[name] for name in _NAMES})
