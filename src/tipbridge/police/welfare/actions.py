"""Verbs on welfare: open a child's record, write down what is done, close it."""

from dataclasses import fields, replace
from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.rules import law_on, local_day
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.welfare import rules, store
from tipbridge.police.welfare.model import Welfare, WelfareFacts

WORKING = (Role.INVESTIGATOR,)


@action("welfare.case.reviewed", system=True)
def review_case(work: Work, *, case_id: str) -> None:
    """Open the welfare records that a case wants; a repeat changes nothing."""
    case = cases.case_seen(work, case_id)
    people = cases.people_seen(work, case_id)
    opened = sum(ensure_record(work, case, person) for person in people)
    work.record(case_id, people=len(people), opened=opened)


@action("welfare.record.changed", roles=WORKING)
def record_welfare(work: Work, welfare_id: str, facts: WelfareFacts) -> Welfare:
    """Write down agency, contact and talks; what is left None stays as it was.

    Errors: NotFound; Invalid for a day in the future; Conflict when closed.
    """
    welfare = _open_welfare(work, welfare_id)
    changes = {
        field.name: value
        for field in fields(facts)
        if (value := getattr(facts, field.name)) is not None
    }
    today = _today(cases.case_seen(work, welfare.case_id), work)
    if any(name.endswith("_on") and day > today for name, day in changes.items()):
        raise Invalid("A talk lies in the future.")
    changed = replace(welfare, **changes)
    store.update_welfare(work.db, changed)
    work.record(welfare.case_id, welfare=welfare.id, fields=",".join(sorted(changes)))
    return changed


@action("welfare.record.closed", roles=WORKING)
def close_welfare(work: Work, welfare_id: str) -> None:
    """Close a child's welfare record; contact with the agency must have been answered.

    Errors: NotFound; Conflict while nobody said whether contact was made.
    """
    welfare = _open_welfare(work, welfare_id)
    if welfare.contact_made is None:
        raise Conflict("Record first whether contact with the agency was made.")
    store.update_welfare(work.db, replace(welfare, closed_at=work.now))
    work.record(welfare.case_id, welfare=welfare.id)


def records_seen(work: Work, case_id: str) -> dict[str, Welfare]:
    """The welfare records of a case by person, for another room's action."""
    return {record.person_id: record for record in store.welfare_of(work.db, case_id)}


def ensure_record(work: Work, case: Case, person: Person) -> bool:
    """Open the record that somebody's facts want; says whether it was opened now."""
    today = _today(case, work)
    law = law_on(shipped_laws(), case.jurisdiction, today)
    marked = cases.self_production_marked(work, person)
    if not rules.wants_welfare(law, person, today, marked=marked):
        return False
    record = Welfare(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        opened_at=work.now,
        due_on=rules.welfare_due_on(law, today),
        agency=None,
        contact_made=None,
        child_talk_on=None,
        guardian_talk_on=None,
        school_talk_on=None,
        closed_at=None,
    )
    return store.open_welfare(work.db, record)


def _today(case: Case, work: Work) -> date:
    return local_day(shipped_laws(), case.jurisdiction, work.now)


def _open_welfare(work: Work, welfare_id: str) -> Welfare:
    welfare = store.welfare_by_id(work.db, welfare_id)
    if welfare is None:
        raise NotFound("welfare record", welfare_id)
    if welfare.closed_at is not None:
        raise Conflict("This welfare record is closed.")
    return welfare
