"""What the law of a case says of somebody in it, for every verb of this room."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Advice, Duty, Outcome, Permitted, Source, Stage
from tipbridge.knowledge.law.own_picture import MAKING
from tipbridge.knowledge.law.rules import advise, law_on, local_day
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.acts import PersonAct, acts_of
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.model import Case, Person, PersonRole
from tipbridge.police.outcomes import clearing, rules, stages, store
from tipbridge.police.outcomes.combining import combined
from tipbridge.police.outcomes.model import Decision


def decidable(work: Work, person_id: str) -> Person:
    """Somebody about whom something is to be decided, or who is to be cleared.

    Errors: NotFound; StruckOut; Conflict.
    """
    person = cases.person_in(work, None, person_id)
    if not rules.may_be_decided(person):
        case = cases.case_seen(work, person.case_id)
        if only_cleared(work, case, person) is None:
            raise Conflict("Nothing is decided about somebody who is neither reported nor suspect.")
    return person


def only_cleared(work: Work, case: Case, person: Person) -> Source | None:
    """Why nothing but no suspicion may be decided about somebody; None for everybody else.

    Shape: who was corrected as the wrong person, and who was decided about and is neither
    reported nor suspect any more.
    Errors: NoLaw.
    """
    at = fairness.corrected_at(work, person.id)
    if at is not None:
        return clearing.corrected_on(local_day(shipped_laws(), case.jurisdiction, at))
    if rules.may_be_decided(person) or store.standing_about(work.db, person.id) is None:
        return None
    return clearing.without_role()


def check_outcome(work: Work, case: Case, person: Person, outcome: Outcome) -> None:
    """Refuse to decide anything but no suspicion about who is only to be cleared.

    Errors: WrongPerson; OutcomeForbidden; NoLaw.
    """
    why = only_cleared(work, case, person)
    if why is not None and outcome is not Outcome.NO_SUSPICION:
        clearing.refuse(why)


def check_step(work: Work, case: Case, person: Person, stage: Stage) -> None:
    """Refuse a step to where somebody is accused who is only to be cleared.

    Errors: WrongPerson; OutcomeForbidden; NoLaw.
    """
    why = only_cleared(work, case, person)
    if why is not None and stages.is_accused(law_of(work, case), stage):
        clearing.refuse(why)


def today(work: Work, case: Case) -> date:
    """The day it is where a case is.

    Errors: NoLaw.
    """
    return local_day(shipped_laws(), case.jurisdiction, work.now)


def law_of(work: Work, case: Case, on: date | None = None) -> LawVersion:
    """The law where a case is, of a day or of today.

    Errors: NoLaw.
    """
    return law_on(shipped_laws(), case.jurisdiction, on or today(work, case))


def advice_on(case: Case, person: Person, day: date, acts: Collection[str] = ()) -> Advice:
    """What the law says of somebody when it is decided on a day, about some acts or all of them.

    Shape: acts that are not as they were any more are left out; with none left, all are asked. An own act
    of production before every loaded law is not asked about, and that is said.
    Errors: NoLaw.
    """
    found = [act for act in acts_of(person) if act.text in acts] or acts_of(person)
    asked = [act for act in found if not only_dates(case, act)] or found
    advice = combined([each for act in asked for each in _of_act(case, person, act, day)])
    if len(asked) == len(found):
        return advice
    return replace(advice, unknowns=(*advice.unknowns, "law-of-the-act"))


def only_dates(case: Case, act: PersonAct) -> bool:
    """Whether an own act of production lies before every loaded law: it says when the picture was made.

    Shape: no law of then can be asked about it, so nothing is decided about it here.
    """
    if not act.self_produced or act.offence not in MAKING or act.last_on is None:
        return False
    loaded = [law.valid_from for law in shipped_laws() if law.jurisdiction == case.jurisdiction]
    return act.last_on < min(loaded, default=act.last_on)


def left_open(case: Case, person: Person, decision: Decision | None) -> tuple[PersonAct, ...]:
    """The acts about which something is to be decided and nothing is yet."""
    acts = rules.left_open(person, decision)
    return tuple(act for act in acts if not only_dates(case, act))


def act_advice(case: Case, person: Person, act: PersonAct, day: date) -> Advice:
    """What the law says of one act of somebody when it is decided on a day.

    Errors: NoLaw.
    """
    return combined(_of_act(case, person, act, day))


def _of_act(case: Case, person: Person, act: PersonAct, day: date) -> list[Advice]:
    """The advice for the first and for the last day of an act."""
    facts, laws = rules.act_facts(person, act), shipped_laws()
    return [advise(laws, case.jurisdiction, facts, act_on, day) for act_on in act.days]


def advice_of(
    work: Work, case: Case, person: Person, acts: Collection[str] = (), on: date | None = None
) -> Advice:
    """What the law of a day, or of today, says of somebody; of who is only to be cleared, nothing else.

    Errors: NoLaw.
    """
    advice = advice_on(case, person, on or today(work, case), acts)
    why = only_cleared(work, case, person)
    return advice if why is None else clearing.narrowed(law_of(work, case, on), advice, why)


def allowed_before(case: Case, person: Person, advice: Advice) -> tuple[Permitted, ...]:
    """What is forbidden now and was permitted on the day of the last act: a body may have decided it since."""
    closed = {each.outcome for each in advice.forbidden}
    days = [day for act in acts_of(person) for day in act.days if day is not None]
    if not closed or not days:
        return ()
    try:
        first = advice_on(case, person, max(days))
    except NoLaw:
        return ()
    return tuple(each for each in first.permitted if each.outcome in closed)


def duties_to(
    work: Work, case: Case, person: Person, *, since: datetime | None
) -> tuple[Duty, ...]:
    """What the law asks for of somebody about whom nothing is decided, as a victim only, from a time on."""
    if PersonRole.VICTIM not in person.roles or person.struck_at is not None:
        return ()
    try:
        day = local_day(shipped_laws(), case.jurisdiction, since or work.now)
        return advice_on(case, person, day).duties
    except NoLaw:
        return ()


def advice_if_any(work: Work, case: Case, person: Person) -> Advice | None:
    """Advice for those about whom something is to be decided; None without a law to ask."""
    try:
        if not rules.may_be_decided(person) and only_cleared(work, case, person) is None:
            return None
        return advice_of(work, case, person)
    except NoLaw:
        return None
