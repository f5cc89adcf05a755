"""Every SQL statement of the cases room; row-level security keeps each reader to their own."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Connection,
    Text,
    Update,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases import identifiers
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.model import (
    Case,
    CaseLine,
    Identifier,
    IdentifierKind,
    Person,
    Stage,
    TakenBack,
    TakenReferral,
)
from tipbridge.police.cases.referred import Match
from tipbridge.police.cases.rows import person_values, to_case, to_match, to_person, to_taken
from tipbridge.police.cases.tables import (
    case_foreign_numbers,
    case_identifiers,
    case_people,
    case_person_referrals,
    case_referrals,
    case_tasks,
    cases,
)

# Built once: building a statement anew costs more than running it.
_CASE_BY_ID = select(cases).where(cases.c.id == bindparam("id"))
_ID_BY_NUMBER = select(cases.c.id).where(cases.c.number == bindparam("number"))
_PERSON_BY_ID = select(case_people).where(case_people.c.id == bindparam("id"))
_PEOPLE_OF = (
    select(case_people)
    .where(case_people.c.case_id == bindparam("id"))
    .order_by(case_people.c.position)
)
_INSERT_PERSON = case_people.insert()
_CHANGE_PERSON = case_people.update().where(case_people.c.id == bindparam("which"))
_IDENTIFIERS_OF = (
    select(
        case_identifiers.c.person_id,
        case_identifiers.c.kind,
        case_identifiers.c.scope,
        case_identifiers.c.value,
    )
    .where(
        case_identifiers.c.case_id == bindparam("id"), case_identifiers.c.taken_back_at.is_(None)
    )
    .order_by(case_identifiers.c.kind, case_identifiers.c.scope, case_identifiers.c.value)
)
_SELF_PRODUCTION = (
    select(func.count())
    .select_from(case_person_referrals)
    .join(
        case_referrals,
        (case_referrals.c.referral_id == case_person_referrals.c.referral_id)
        & (case_referrals.c.case_id == case_person_referrals.c.case_id),
    )
    .where(
        case_person_referrals.c.person_id == bindparam("id"),
        case_referrals.c.possible_self_production,
    )
)
_CASE_OF_REFERRAL = (
    select(case_referrals.c.case_id)
    .where(case_referrals.c.referral_id == bindparam("id"))
    .order_by(case_referrals.c.taken_at, case_referrals.c.case_id)
    .limit(1)
)
_CASES_OF_REFERRAL = _CASE_OF_REFERRAL.limit(None)
_INSERT_REFERRAL = insert(case_referrals).on_conflict_do_nothing()
_MENTION = insert(case_person_referrals).on_conflict_do_nothing()
_MERGED = """
    EXISTS (SELECT 1 FROM case_relations r WHERE r.other_id = cases.id
               AND r.relation = 'merged' AND r.undone_at IS NULL) AS merged"""
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('cases.taking'))")
_NEXT_NUMBER = text("SELECT nextval('case_numbers')")
_MATCHES = text("""
    SELECT DISTINCT c.id AS case_id, c.unit_id, c.restricted, c.opened_at, i.kind
      FROM unnest(:kinds, :scopes, :values) AS wanted (kind, scope, value)
      JOIN case_identifiers i USING (kind, scope, value)
      JOIN cases c ON c.id = i.case_id
     WHERE i.taken_back_at IS NULL
""").bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("kinds", "scopes", "values")))
# A device is written with separators and in capitals or without: it is the same one of its type.
_DEVICE_MATCHES = text("""
    SELECT DISTINCT c.id AS case_id, c.unit_id, c.restricted, c.opened_at, i.kind
      FROM unnest(:scopes, :codes) AS wanted (scope, code)
      JOIN case_identifiers i ON i.kind = 'device' AND i.scope = wanted.scope
       AND upper(regexp_replace(i.value, '[^0-9A-Za-z]', '', 'g')) = wanted.code
      JOIN cases c ON c.id = i.case_id
     WHERE i.taken_back_at IS NULL
""").bindparams(*(bindparam(name, type_=ARRAY(Text)) for name in ("scopes", "codes")))
_CARRY_NUMBERS = text("""
    INSERT INTO case_foreign_numbers (case_id, agency, number)
    SELECT :target, agency, number
      FROM case_foreign_numbers WHERE case_id = :source AND number = :number
       AND taken_back_at IS NULL
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("number", type_=Text))


def lock_taking(db: Connection) -> None:
    """Let one referral at a time look for its case, so that two never open two."""
    db.execute(_LOCK)


def case_of_referral(db: Connection, referral_id: str) -> str | None:
    """The first case a referral was taken into."""
    return db.execute(_CASE_OF_REFERRAL, {"id": referral_id}).scalar_one_or_none()


def cases_of_referral(db: Connection, referral_id: str) -> list[str]:
    """The cases that a referral feeds, the first one first."""
    return list(db.execute(_CASES_OF_REFERRAL, {"id": referral_id}).scalars())


def next_number(db: Connection, year: int) -> str:
    """A number for a new case of a year; never given twice."""
    return f"{year}-{db.execute(_NEXT_NUMBER).scalar_one():06d}"


def insert_case(db: Connection, case: Case) -> None:
    """Open a case."""
    db.execute(
        cases.insert().values(
            id=case.id,
            number=case.number,
            unit_id=case.unit_id,
            restricted=case.restricted,
            members=list(case.members),
            jurisdiction=case.jurisdiction,
            opened_at=case.opened_at,
        )
    )


def insert_referral(db: Connection, taken: TakenReferral) -> None:
    """Note, once, that a referral was taken into a case, with the times of its steps."""
    names = [column.name for column in case_referrals.c]
    db.execute(_INSERT_REFERRAL, {name: getattr(taken, name) for name in names})


def carry_referral(db: Connection, taken: TakenReferral, case_id: str) -> None:
    """Let a referral feed another case as it fed its own: with its times, files and number."""
    insert_referral(db, replace(taken, case_id=case_id))
    items.carry_items(db, taken.case_id, taken.referral_id, case_id)
    given = {"number": taken.report_number, "source": taken.case_id, "target": case_id}
    db.execute(_CARRY_NUMBERS, given)


def take_out_referrals(
    db: Connection, referral_ids: Collection[str], case_id: str
) -> list[tuple[str, str]]:
    """Let referrals feed a case no more; with them goes what they alone named, and which numbers."""
    table, numbers = case_referrals.c, case_foreign_numbers.c
    these = (table.case_id == case_id, table.referral_id.in_(referral_ids))
    gone = {each.report_number for each in referrals_of(db, case_id)}
    db.execute(case_referrals.delete().where(*these))
    gone -= {each.report_number for each in referrals_of(db, case_id)}
    query = case_foreign_numbers.delete().where(numbers.case_id == case_id)
    query = query.where(numbers.number.in_(gone - {None}), numbers.taken_back_at.is_(None))
    removed = db.execute(query.returning(numbers.agency, numbers.number)).mappings()
    went = [(row["agency"], row["number"]) for row in removed]
    items.remove_items(db, case_id, referral_ids)
    return went


def cases_knowing(db: Connection, keys: Sequence[Identifier]) -> list[Match]:
    """The cases that hold one of these identifiers."""
    found = db.execute(
        _MATCHES,
        {
            "kinds": [key.kind.value for key in keys],
            "scopes": [key.scope for key in keys],
            "values": [key.value for key in keys],
        },
    )
    matches = [to_match(row) for row in found.mappings()]
    coded = [(key.scope, code) for key in keys if (code := identifiers.device_code(key))]
    if not coded:
        return matches
    asked = {"scopes": [scope for scope, _ in coded], "codes": [code for _, code in coded]}
    spelt = (to_match(row) for row in db.execute(_DEVICE_MATCHES, asked).mappings())
    return list(dict.fromkeys((*matches, *spelt)))


def insert_person(db: Connection, person: Person, at: datetime) -> None:
    """Add somebody to a case."""
    values = {"id": person.id, "case_id": person.case_id, "position": person.position}
    db.execute(_INSERT_PERSON, {**values, **person_values(person), "added_at": at})


def update_person(db: Connection, person: Person) -> None:
    """Write down what is now known of a person."""
    db.execute(_CHANGE_PERSON, {"which": person.id, **person_values(person)})


def move_person(db: Connection, person_id: str, case_id: str, *, position: int) -> None:
    """Bring somebody into another case; what other tables say of them follows by cascade."""
    db.execute(_CHANGE_PERSON, {"which": person_id, "case_id": case_id, "position": position})


def add_identifiers(
    db: Connection,
    person: Person,
    found: Iterable[Identifier],
    *,
    at: datetime,
    referral_id: str | None = None,
) -> None:
    """Add identifiers to a person; those known already stay as they are."""
    rows = [
        {
            "person_id": person.id,
            "case_id": person.case_id,
            "kind": each.kind.value,
            "scope": each.scope,
            "value": each.value,
            "referral_id": referral_id,
            "added_at": at,
        }
        for each in found
    ]
    insert_rows(db, case_identifiers, rows, or_not=True)


def take_back_identifier(
    db: Connection, person_id: str, found: Identifier, *, because: str, by: str, at: datetime
) -> bool:
    """Say that an identifier is not somebody's; says whether it was known as theirs."""
    query = _this_identifier(person_id, found).where(case_identifiers.c.taken_back_at.is_(None))
    query = query.values(taken_back_at=at, taken_back_by=by, taken_back_because=because)
    return db.execute(query).rowcount == 1


def restore_identifier(db: Connection, person_id: str, found: Identifier) -> None:
    """An identifier that was taken back is somebody's after all."""
    query = _this_identifier(person_id, found)
    db.execute(query.values(taken_back_at=None, taken_back_by=None, taken_back_because=None))


def _this_identifier(person_id: str, found: Identifier) -> Update:
    table = case_identifiers.c
    return case_identifiers.update().where(
        table.person_id == person_id,
        table.kind == found.kind.value,
        table.scope == found.scope,
        table.value == found.value,
    )


def taken_back_of(db: Connection, person_id: str) -> list[TakenBack]:
    """The identifiers that turned out not to be somebody's, newest first."""
    table = case_identifiers.c
    query = select(
        table.kind, table.scope, table.value, table.taken_back_because, table.taken_back_at
    ).where(table.person_id == person_id, table.taken_back_at.is_not(None))
    return [
        TakenBack(
            identifier=Identifier(
                kind=IdentifierKind(row["kind"]), scope=row["scope"], value=row["value"]
            ),
            because=row["taken_back_because"],
            at=row["taken_back_at"],
        )
        for row in db.execute(query.order_by(table.taken_back_at.desc())).mappings()
    ]


def note_mention(db: Connection, person: Person, referral_id: str, label: str) -> None:
    """Note under which label a referral speaks of a person."""
    mention = {"person_id": person.id, "case_id": person.case_id, "referral_id": referral_id}
    db.execute(_MENTION, {**mention, "label": label})


def referrals_about(db: Connection, person_id: str) -> list[str]:
    """The referrals that speak of a person."""
    table = case_person_referrals.c
    query = select(table.referral_id).where(table.person_id == person_id).distinct()
    return list(db.execute(query.order_by(table.referral_id)).scalars())


def mentions_of(db: Connection, case_id: str) -> dict[tuple[str, str], str]:
    """Whom a case's referrals speak of: person by referral and label; who is struck out, if nobody else."""
    table, person = case_person_referrals.c, case_people.c
    query = select(table.referral_id, table.label, table.person_id)
    query = query.join(case_people, person.id == table.person_id).where(table.case_id == case_id)
    rows = db.execute(query.order_by(person.struck_at.is_(None), table.person_id)).mappings()
    return {(row["referral_id"], row["label"]): row["person_id"] for row in rows}


def self_production_marked(db: Connection, person_id: str) -> bool:
    """Whether a referral that speaks of a person is marked possible self-production."""
    return db.execute(_SELF_PRODUCTION, {"id": person_id}).scalar_one() > 0


def set_unit(db: Connection, case_id: str, unit_id: int) -> None:
    """Give a case to another unit."""
    db.execute(cases.update().where(cases.c.id == case_id).values(unit_id=unit_id))


def set_members(db: Connection, case_id: str, members: Sequence[str], *, restricted: bool) -> None:
    """Restrict a case to these members, or lift the restriction."""
    query = cases.update().where(cases.c.id == case_id)
    db.execute(query.values(restricted=restricted, members=list(members)))


def case_by_id(db: Connection, case_id: str) -> Case | None:
    """A case that the actor sees."""
    row = db.execute(_CASE_BY_ID, {"id": case_id}).mappings().one_or_none()
    return None if row is None else to_case(row)


def case_id_by_number(db: Connection, number: str) -> str | None:
    """The id of the case with an own number."""
    return db.execute(_ID_BY_NUMBER, {"number": number}).scalar_one_or_none()


def case_lines(db: Connection) -> list[CaseLine]:
    """The cases that the actor sees, newest first."""
    units = text("(SELECT code FROM units u WHERE u.id = cases.unit_id) AS unit")
    here = case_people.c.struck_at.is_(None)
    undecided = case_people.c.stage == Stage.INQUIRY.value
    query = select(
        cases,
        units,
        _count_of(case_people).where(here).label("people_count"),
        _count_of(case_people).where(here & undecided).label("undecided_count"),
        items.items_in(cases.c.id).label("item_count"),
        _count_of(case_tasks).where(case_tasks.c.done_at.is_(None)).label("task_count"),
        text(_MERGED),
    ).order_by(cases.c.opened_at.desc(), cases.c.number.desc())
    return [
        CaseLine(
            id=row["id"],
            number=row["number"],
            unit=row["unit"],
            restricted=row["restricted"],
            opened_at=row["opened_at"],
            people_count=row["people_count"],
            undecided_count=row["undecided_count"],
            item_count=row["item_count"],
            task_count=row["task_count"],
            merged=row["merged"],
        )
        for row in db.execute(query).mappings()
    ]


def undecided_count(db: Connection) -> int:
    """How many people that the actor sees are still in inquiry."""
    query = select(func.count()).select_from(case_people)
    here, undecided = case_people.c.struck_at.is_(None), case_people.c.stage == Stage.INQUIRY.value
    return db.execute(query.where(here, undecided)).scalar_one()


def people_of(db: Connection, case_id: str) -> list[Person]:
    """The people of a case in the order in which they came into it, those struck out too."""
    return [to_person(row) for row in db.execute(_PEOPLE_OF, {"id": case_id}).mappings()]


def person_by_id(db: Connection, person_id: str) -> Person | None:
    """Somebody in a case that the actor sees."""
    row = db.execute(_PERSON_BY_ID, {"id": person_id}).mappings().one_or_none()
    return None if row is None else to_person(row)


def identifiers_of(db: Connection, case_id: str) -> dict[str, list[Identifier]]:
    """The identifiers known in a case, by person."""
    found: dict[str, list[Identifier]] = {}
    for row in db.execute(_IDENTIFIERS_OF, {"id": case_id}).mappings():
        identifier = Identifier(
            kind=IdentifierKind(row["kind"]), scope=row["scope"], value=row["value"]
        )
        found.setdefault(row["person_id"], []).append(identifier)
    return found


def referrals_of(db: Connection, case_id: str) -> list[TakenReferral]:
    """The referrals taken into a case, oldest first."""
    query = select(case_referrals).where(case_referrals.c.case_id == case_id)
    order = (case_referrals.c.taken_at, case_referrals.c.referral_id)
    rows = db.execute(query.order_by(*order)).mappings()
    return [to_taken(row) for row in rows]


def _count_of(table: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own generics say no more here
    return (
        select(func.count()).select_from(table).where(table.c.case_id == cases.c.id)
    ).scalar_subquery()
