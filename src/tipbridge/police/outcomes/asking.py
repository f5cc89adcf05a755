"""What the law of a case says of somebody in it, for every verb of this room."""

from datetime import date

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice
from tipbridge.knowledge.law.rules import advise, law_on, local_day
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.outcomes import rules


def decidable(work: Work, person_id: str) -> Person:
    """Somebody about whom something is to be decided.

    Errors: NotFound; Conflict.
    """
    person = cases.person_seen(work, person_id)
    if not rules.may_be_decided(person):
        raise Conflict("Nothing is decided about somebody who is neither reported nor suspect.")
    return person


def today(work: Work, case: Case) -> date:
    """The day it is where a case is.

    Errors: NoLaw.
    """
    return local_day(shipped_laws(), case.jurisdiction, work.now)


def law_of(work: Work, case: Case) -> LawVersion:
    """The law of today where a case is.

    Errors: NoLaw.
    """
    return law_on(shipped_laws(), case.jurisdiction, today(work, case))


def advice_on(case: Case, person: Person, day: date) -> Advice:
    """What the law says of somebody when it is decided on a day.

    Errors: NoLaw.
    """
    facts = rules.law_facts(person)
    return advise(shipped_laws(), case.jurisdiction, facts, person.act_on, day)


def advice_of(work: Work, case: Case, person: Person) -> Advice:
    """What the law of today says of somebody.

    Errors: NoLaw.
    """
    return advice_on(case, person, today(work, case))


def advice_if_any(work: Work, case: Case, person: Person) -> Advice | None:
    """Advice for those about whom something is to be decided; None without a law to ask."""
    if not rules.may_be_decided(person):
        return None
    try:
        return advice_of(work, case, person)
    except NoLaw:
        return None
