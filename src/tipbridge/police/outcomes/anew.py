"""Whose matter waits to be decided anew, because an appeal was upheld: the task of it."""

from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import asking, closing, store


def ensure_decision(work: Work, case: Case, person: Person) -> None:
    """Open the task to decide about somebody anew while an upheld appeal waits for it; else close it."""
    waits = _waits(work, case, person)
    cases.ensure_task(work, person, TaskKind.DECIDE_ANEW, wanted=waits)


def _waits(work: Work, case: Case, person: Person) -> bool:
    appeals = [each for each in store.appeals_of(work.db, case.id) if each.person_id == person.id]
    if not appeals:
        return False
    try:
        law = asking.law_of(work, case)
    except NoLaw:
        return False
    duties = [each for each in store.duties_of(work.db, case.id) if each.person_id == person.id]
    made = [each for each in store.decisions_of(work.db, case.id) if each.person_id == person.id]
    standing = closing.standing_as_decided(made)
    return any(closing.awaits_decision(law, each, duties, standing) for each in appeals)
