"""Coercive steps: on a child they come after contact, or with a named person's reason."""

from contextlib import suppress
from datetime import date

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice, Source
from tipbridge.knowledge.law.model import PersonFacts as LawFacts
from tipbridge.knowledge.law.rules import advise, law_on
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.knowledge.law.words import cited_plainly
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.acts import acts_of
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import telling
from tipbridge.police.cases.fairness.model import Target
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.welfare import rules, store
from tipbridge.police.welfare.errors import ContactFirst, NotAccusable, WronglySuspected
from tipbridge.police.welfare.model import CoerciveStep, StepTaken
from tipbridge.police.welfare.opening import day_of, ensure_record, reasons_now

_ACCUSING = frozenset({CoerciveStep.BOOKING, CoerciveStep.DETENTION, CoerciveStep.ARREST})


@action("welfare.step.recorded", roles=(Role.INVESTIGATOR,))
def record_step(
    work: Work,
    person_id: str,
    step: CoerciveStep,
    *,
    on: date | None = None,
    grounds: str | None = None,
) -> StepTaken:
    """Write down a coercive step on somebody, before it is taken.

    Shape: `grounds` is the actor's own reason why it can't wait for contact with the agency.
    Errors: NotFound; NotAccusable; ContactFirst; WronglySuspected from the day of a correction
    on; Invalid.
    """
    person = cases.person_in(work, None, person_id)
    case = cases.case_seen(work, person.case_id)
    today = day_of(work, case.jurisdiction)
    if on is not None and on > today:
        raise Invalid("A day lies in the future.")
    taken = _take(work, case, person, step, on=on or today, grounds=grounds)
    work.record(case.id, person=person.id, step=step, contacted=taken.contacted)
    return taken


def _take(
    work: Work, case: Case, person: Person, step: CoerciveStep, *, on: date, grounds: str | None
) -> StepTaken:
    _check_not_corrected(work, case, person, on)
    _check_accusable(case, person, step, on)
    waits = _waits(work, case, person, on)
    rules.check_step(step, grounds, waits=waits)
    taken = StepTaken(
        id=work.ids.new(),
        case_id=case.id,
        person_id=person.id,
        step=step,
        on=on,
        contacted=not waits,
        grounds=grounds,
        by=work.actor.id,
        at=work.now,
    )
    store.insert_step(work.db, taken)
    return taken


def _check_not_corrected(work: Work, case: Case, person: Person, on: date) -> None:
    at = fairness.corrected_at(work, person.id)
    if at is not None and on >= (since := day_of(work, case.jurisdiction, at=at)):
        raise WronglySuspected(
            f"Corrected as the wrong person on {since}: nothing coercive is done to them any more."
        )


def _check_accusable(case: Case, person: Person, step: CoerciveStep, on: date) -> None:
    """Refuse to book, hold or arrest whom the law forbids to accuse; no reason opens it.

    Shape: one act for which the law allows it is enough; while it is open whether somebody's age allows it, an arrest alone can be written down.
    """
    if step not in _ACCUSING:
        return
    asked = _advice_on_acts(case, person, on)
    if asked is None:
        return
    law, said = asked
    closed: list[Source] = []
    for advice in said:
        closed = [each.source for each in advice.forbidden if each.outcome in law.accusing]
        if len(closed) < len(law.accusing) or (
            step is CoerciveStep.ARREST and advice.punishable is not False
        ):
            return
    raise NotAccusable(f"No {step}: {cited_plainly(closed[0])}.")


def _advice_on_acts(case: Case, person: Person, on: date) -> tuple[LawVersion, list[Advice]] | None:
    """The law of the day, and its advice on each act of which a law is known; None without any.

    Shape: an act older than every loaded law opens nothing that the law forbids for another.
    """
    laws, where, found = shipped_laws(), case.jurisdiction, list[Advice]()
    facts = LawFacts(birth=person.birth, offence=None)
    for day in dict.fromkeys(day for act in acts_of(person) for day in act.days):
        with suppress(NoLaw):
            found.append(advise(laws, where, facts, day, on))
    return (law_on(laws, where, on), found) if found else None


@action("welfare.agency.told", system=True)
def tell_agency(work: Work, *, correction_id: str) -> int:
    """Open a task to tell the agency that was contacted about somebody that it was the wrong person.

    Shape: how many tasks; again opens none. Errors: NotFound.
    """
    correction = fairness.corrected(work, correction_id)
    told = 0
    for each in store.records_of(work.db, correction.case_id):
        if each.person_id == correction.person_id and each.agency is not None:
            given = (Target.WELFARE, each.id, each.agency)
            told += telling.tell(work, correction, *given) is not None
    work.record(correction.case_id, correction=correction_id, tasks=told)
    return told


def take_from(
    work: Work, case_id: str, person: str | None, *, on: date, grounds: str | None
) -> str | None:
    """Write down a seizure on whom it was from, for another room's action; the person's id.

    Shape: `person` is an id, or the number in the case. A reason that was written down for a
    seizure of the same day serves too.
    Errors: NotFound for somebody who is not in the case; ContactFirst for a child nobody stands
    beside yet, and where nobody is named while the case has such a child; Invalid.
    """
    case, people = cases.case_seen(work, case_id), cases.people_seen(work, case_id)
    if person is None:
        if any(_waits(work, case, each, on) for each in people):
            raise ContactFirst(
                "A child of this case had no contact with the child-protection agency by then:"
                " say of whom this was seized, or record the contact first."
            )
        return None
    found = next((p for p in people if person in {p.id, str(p.position)}), None)
    if found is None:
        raise NotFound("person", person)
    excused = grounds is None and _excused(work, found, CoerciveStep.SEIZURE, on)
    if excused and _waits(work, case, found, on):
        return found.id
    _take(work, case, found, CoerciveStep.SEIZURE, on=on, grounds=grounds)
    return found.id


def _waits(work: Work, case: Case, person: Person, on: date) -> bool:
    ensure_record(work, case, person)
    standing = store.standing_of(work.db, person.id)
    return rules.needs_grounds(standing, reasons_now(work, case, person), on)


def check_case(work: Work, case_id: str, person_id: str) -> None:
    """Refuse what was done to somebody under another case's address; nothing of it is kept.

    Errors: NotFound.
    """
    if cases.person_seen(work, person_id).case_id != cases.case_seen(work, case_id).id:
        raise NotFound("person", person_id)


def steps_seen(work: Work, case_id: str) -> list[StepTaken]:
    """The coercive steps of a case, for another room's action."""
    return store.steps_of(work.db, case_id)


def removal_waits(work: Work, person_id: str) -> bool:
    """Whether a request for removal of what shows somebody has yet to go out.

    For another room's action.
    """
    standing = store.standing_of(work.db, person_id)
    return standing is not None and standing.removal_waits


def check_contact(
    work: Work, case: Case, person: Person, step: CoerciveStep | None, on: date | None = None
) -> None:
    """Open a child's record; refuse a step before contact, unless excused on the same day.

    For another room's action that takes the step itself, today or on a day.
    Errors: ContactFirst.
    """
    day = on or day_of(work, case.jurisdiction)
    waits = _waits(work, case, person, day)
    if step is None or not waits:
        return
    if not _excused(work, person, step, day):
        rules.check_step(step, None, waits=waits)


def _excused(work: Work, person: Person, step: CoerciveStep, on: date) -> bool:
    """Whether a named person's reason for such a step was written down on the same day."""
    return any(
        taken.step is step and taken.on == on and taken.grounds is not None
        for taken in store.steps_about(work.db, person.id)
    )
