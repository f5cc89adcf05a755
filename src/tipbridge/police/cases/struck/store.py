"""Every SQL statement about people struck out of cases."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, Table, literal, select, text

from tipbridge.police.cases.demands.tables import case_demands, case_facts
from tipbridge.police.cases.diary.tables import case_notes
from tipbridge.police.cases.fairness.tables import case_defence, case_favours
from tipbridge.police.cases.sightings.tables import case_sightings
from tipbridge.police.cases.struck.model import PersonStrike
from tipbridge.police.cases.struck.tables import case_person_strikes
from tipbridge.police.cases.tables import case_identifiers, case_people, case_person_referrals

_GIVEN = (
    case_person_referrals,
    case_sightings,
    case_demands,
    case_facts,
    case_favours,
    case_defence,
    case_notes,
)
"""What goes to the record that is kept: whoever is told of that one is told of both."""
_SHARE = text("""
    INSERT INTO case_identifiers AS known
           (person_id, kind, scope, value, case_id, referral_id, added_at, joined_by)
    SELECT :target, kind, scope, value, case_id, referral_id, added_at, :strike
      FROM case_identifiers WHERE person_id = :source AND taken_back_at IS NULL
    ON CONFLICT (person_id, kind, scope, value) DO UPDATE
       SET taken_back_at = NULL, taken_back_by = NULL, taken_back_because = NULL,
           joined_by = excluded.joined_by
     WHERE known.joined_by IS NOT NULL AND known.taken_back_at IS NOT NULL
""")


def insert_strike(db: Connection, strike: PersonStrike) -> None:
    """Strike somebody out: their identifiers are not theirs any more, because of the strike."""
    names = ("id", "case_id", "person_id", "because", "struck_by", "struck_at", "same_as")
    values = {name: getattr(strike, name) for name in names} | {"given": dict(strike.given)}
    db.execute(case_person_strikes.insert().values(values))
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
    joined = case_identifiers.update().where(
        case_identifiers.c.joined_by == strike.id, case_identifiers.c.taken_back_at.is_(None)
    )
    db.execute(joined.values(taken_back_at=at, taken_back_by=by, taken_back_because=because))


def share_identifiers(db: Connection, strike: PersonStrike) -> None:
    """Let what is known to be somebody's be the other record's too, since when it is known.

    Shape: what staff took back of the other record stays taken back; what an earlier join of the
    two brought and its end took back is theirs again.
    """
    given = {"strike": strike.id, "source": strike.person_id, "target": strike.same_as}
    db.execute(_SHARE, given)


def give_rows(db: Connection, source: str, target: str) -> dict[str, list[str]]:
    """Let what was asked, told and said of somebody be about another record; which rows.

    Shape: what a referral says of both stays with both, as of one human of two cases.
    """
    found: dict[str, list[str]] = {}
    for table in _GIVEN:
        theirs = table.alias("theirs")
        held = select(_key(theirs, of=table)).where(theirs.c.person_id == target)
        query = table.update().where(table.c.person_id == source, _key(table).not_in(held))
        query = query.values(person_id=target)
        found[table.name] = list(db.execute(query.returning(_key(table))).scalars())
    return found


def return_rows(db: Connection, strike: PersonStrike) -> None:
    """Let what went to another record be about the first one again, where it is still there."""
    for table in _GIVEN:
        query = table.update().where(
            table.c.person_id == strike.same_as,
            _key(table).in_(strike.given.get(table.name, ())),
        )
        db.execute(query.values(person_id=strike.person_id))


def _key(table: FromClause, of: Table | None = None) -> ColumnElement[str]:
    """What names a row of a table, or of an alias `of` one, in one word."""
    if (table if of is None else of) in (case_person_referrals, case_sightings):
        return table.c.referral_id + literal(" ") + table.c.label
    return table.c.id


def strikes_of(db: Connection, case_id: str) -> list[PersonStrike]:
    """The strikes of a case's people, oldest first."""
    return _strikes(db, case_person_strikes.c.case_id == case_id)


def strikes_about(db: Connection, person_id: str) -> list[PersonStrike]:
    """The strikes of one person, oldest first."""
    return _strikes(db, case_person_strikes.c.person_id == person_id)


def strikes_into(db: Connection, person_id: str) -> list[PersonStrike]:
    """The strikes that stand and say that a record is the same human's as this one."""
    table = case_person_strikes.c
    return _strikes(db, (table.same_as == person_id) & table.restored_at.is_(None))


def added_at(db: Connection, person_id: str) -> datetime:
    """When somebody was brought in."""
    query = select(case_people.c.added_at).where(case_people.c.id == person_id)
    return db.execute(query).scalar_one()


def _strikes(db: Connection, which: ColumnElement[bool]) -> list[PersonStrike]:
    table = case_person_strikes.c
    query = select(case_person_strikes).where(which).order_by(table.struck_at, table.id)
    return [PersonStrike(**row) for row in db.execute(query).mappings()]
