"""Every SQL statement about people struck out of cases."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from tipbridge.police.cases.struck.model import PersonStrike
from tipbridge.police.cases.struck.tables import case_person_strikes
from tipbridge.police.cases.tables import case_identifiers, case_people


def insert_strike(db: Connection, strike: PersonStrike) -> None:
    """Strike somebody out: their identifiers are not theirs any more, because of the strike."""
    names = ("id", "case_id", "person_id", "because", "struck_by", "struck_at")
    db.execute(case_person_strikes.insert().values({name: getattr(strike, name) for name in names}))
    person, known = case_people.c, case_identifiers.c
    query = case_people.update().where(person.id == strike.person_id)
    db.execute(query.values(struck_at=strike.struck_at))
    gone = case_identifiers.update().where(
        known.person_id == strike.person_id, known.taken_back_at.is_(None)
    )
    db.execute(
        gone.values(
            strike_id=strike.id,
            taken_back_at=strike.struck_at,
            taken_back_by=strike.struck_by,
            taken_back_because=strike.because,
        )
    )


def restore(db: Connection, strike: PersonStrike, *, by: str, at: datetime, because: str) -> None:
    """Let a strike stand no more: what it took back of somebody is theirs again, nothing else."""
    query = case_person_strikes.update().where(case_person_strikes.c.id == strike.id)
    db.execute(query.values(restored_by=by, restored_at=at, restored_because=because))
    person = case_people.update().where(case_people.c.id == strike.person_id)
    db.execute(person.values(struck_at=None))
    again = case_identifiers.update().where(case_identifiers.c.strike_id == strike.id)
    names = ("strike_id", "taken_back_at", "taken_back_by", "taken_back_because")
    db.execute(again.values(dict.fromkeys(names)))


def strikes_of(db: Connection, case_id: str) -> list[PersonStrike]:
    """The strikes of a case's people, oldest first."""
    return _strikes(db, case_person_strikes.c.case_id == case_id)


def strikes_about(db: Connection, person_id: str) -> list[PersonStrike]:
    """The strikes of one person, oldest first."""
    return _strikes(db, case_person_strikes.c.person_id == person_id)


def added_at(db: Connection, person_id: str) -> datetime:
    """When somebody was brought in."""
    query = select(case_people.c.added_at).where(case_people.c.id == person_id)
    return db.execute(query).scalar_one()


def _strikes(db: Connection, which: ColumnElement[bool]) -> list[PersonStrike]:
    table = case_person_strikes.c
    query = select(case_person_strikes).where(which).order_by(table.struck_at, table.id)
    return [PersonStrike(**row) for row in db.execute(query).mappings()]
