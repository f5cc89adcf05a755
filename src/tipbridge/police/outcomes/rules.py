"""May this be decided, and on which rule does it rest: pure decisions."""

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Advice, Custody, Mark, Offence, Outcome, Part, Stage
from tipbridge.knowledge.law.model import PersonFacts as LawFacts
from tipbridge.knowledge.law.own_picture import MAKING
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.knowledge.law.words import cited_plainly
from tipbridge.police.cases.acts import PersonAct, acts_of
from tipbridge.police.cases.model import (
    EXPLOITING,
    Act,
    Exploiting,
    Motive,
    Person,
    PersonRole,
    TaskKind,
    WelfareFlag,
)
from tipbridge.police.outcomes.errors import (
    ConditionsMissing,
    GroundsMissing,
    OutcomeForbidden,
)
from tipbridge.police.outcomes.model import (
    Decision,
    Ground,
    Meaning,
    StageStep,
)
from tipbridge.police.welfare.model import CoerciveStep

OUTSIDE = "OUTSIDE-ADVICE"
REMOVAL_DUTY = "removal-of-own-material"
"""The duty of every law to ask for removal of what shows a child."""

_MADE = MAKING - {Offence.ATTEMPTED_PRODUCTION}
_GROUNDS_LENGTH = range(10, 2001)


def may_be_decided(person: Person) -> bool:
    """Whether an outcome is to be decided: somebody who is a victim only has none."""
    return bool(person.roles & {PersonRole.REPORTED_USER, PersonRole.SUSPECT})


def law_facts(person: Person) -> LawFacts:
    """A person as the law room asks about them."""
    parts = {Part.SUSPECT} if may_be_decided(person) else set[Part]()
    if PersonRole.VICTIM in person.roles:
        parts.add(Part.DEPICTED)
    return LawFacts(
        birth=person.birth,
        offence=person.offence,
        school_level=person.school_level,
        prepared_sales_site=person.act is Act.PREPARED_SALES_SITE,
        self_produced=person.self_produced,
        exploitation=_exploitation(person),
        coerced=_was_coerced(person),
        at_risk=WelfareFlag.LIKELY_TO_OFFEND in person.flags,
        depicted_on=depicted_on(person),
        depicted_born=person.depicted_born,
        parts=frozenset(parts),
    )


def act_facts(person: Person, act: PersonAct) -> LawFacts:
    """A person as the law room asks about them for one of their acts.

    Shape: what is known of the first act alone is not known of a further one.
    """
    facts, first = law_facts(person), acts_of(person)[0]
    if act == first:
        return facts
    parts = {Part.SUSPECT} if act.is_decided else set[Part]()
    if PersonRole.VICTIM in act.roles:
        parts.add(Part.DEPICTED)
    return replace(
        facts,
        offence=act.offence,
        self_produced=act.self_produced,
        prepared_sales_site=False,
        parts=frozenset(parts),
    )


def depicted_on(person: Person) -> tuple[date, date] | None:
    """From which to which day somebody made what shows themselves, as their acts say.

    Shape: None where no act does, or one of no known day does too: that picture may be the oldest.
    """
    days = [
        day
        for act in acts_of(person)
        if act.self_produced and act.offence in _MADE
        for day in act.days
    ]
    known = [day for day in days if day is not None]
    return (min(known), max(known)) if known and len(known) == len(days) else None


def covered_acts(person: Person, named: Collection[str]) -> tuple[PersonAct, ...]:
    """The acts that a decision is about: those named, or all.

    Errors: Invalid naming the acts there are.
    """
    known = {act.text: act for act in acts_of(person)}
    missing = [text for text in named if text not in known]
    if missing:
        raise Invalid(f"No act of theirs: {'; '.join(missing)}. There are: {'; '.join(known)}.")
    return tuple(act for text, act in known.items() if not named or text in named)


def left_open(person: Person, decision: Decision | None) -> tuple[PersonAct, ...]:
    """The acts about which nothing is decided yet; of one act alone, none once it is."""
    acts = acts_of(person)
    if decision is None:
        return acts
    covered = decision.acts or (acts[0].text,)
    return tuple(act for act in acts if len(acts) > 1 and act.text not in covered)


def _exploitation(person: Person) -> bool | None:
    """Whether there was exploitation; None: it is not known, or what is recorded contradicts.

    Shape: the act, a motive or a flag can only say that there was; that there was none is for a
    named member of staff to state.
    """
    stated = None if person.exploiting is None else person.exploiting.answer
    if person.act is Act.PREPARED_SALES_SITE:
        return True
    if person.motive in EXPLOITING or WelfareFlag.COERCED in person.flags:
        return None if stated is Exploiting.NONE else True
    return None if stated is None else stated is not Exploiting.NONE


def _was_coerced(person: Person) -> bool:
    """Whether somebody was made to do it by others, and nothing says that they exploited any."""
    if person.act is Act.PREPARED_SALES_SITE:
        return False
    if person.exploiting is not None:
        return person.exploiting.answer is Exploiting.OF_THE_PERSON
    return person.motive is Motive.COERCED or WelfareFlag.COERCED in person.flags


def meaning_of(law: LawVersion, outcome: Outcome) -> Meaning:
    """What an outcome is on the three axes.

    Errors: OutcomeForbidden for an outcome that this jurisdiction does not have.
    """
    rule = law.outcome_of(outcome)
    if rule is None:
        known = ", ".join(each.outcome for each in law.outcomes)
        raise OutcomeForbidden(f"{outcome} is no outcome of {law.id}; there are: {known}.")
    return Meaning(stage=rule.stage, custody=rule.custody, reason=rule.reason)


def coercive_step(meaning: Meaning) -> CoerciveStep | None:
    """The coercive step that an outcome is, if it is one."""
    if meaning.custody is Custody.DETAINED:
        return CoerciveStep.DETENTION
    forced = {Stage.BOOKED, Stage.SENT_TO_PROSECUTOR}
    return CoerciveStep.BOOKING if meaning.stage in forced else None


def outside(law: LawVersion, advice: Advice) -> tuple[Outcome, ...]:
    """The outcomes of a law that the advice neither permits nor forbids."""
    said = {each.outcome for each in (*advice.permitted, *advice.forbidden)}
    return tuple(rule.outcome for rule in law.outcomes if rule.outcome not in said)


def ground_of(
    advice: Advice, outcome: Outcome, *, grounds: str | None, conditions: Collection[str]
) -> Ground:
    """The rule a decision rests on.

    Errors: OutcomeForbidden (an unresolved age forbids booking too, and no reason opens it);
    ConditionsMissing; GroundsMissing outside the advice.
    """
    check_grounds(grounds)
    for forbidden in advice.forbidden:
        if forbidden.outcome is outcome:
            raise OutcomeForbidden(f"Not allowed: {cited_plainly(forbidden.source)}.")
    for permitted in advice.permitted:
        if permitted.outcome is outcome:
            missing = [each for each in permitted.conditions if each not in conditions]
            if missing:
                raise ConditionsMissing(f"Record these conditions too: {', '.join(missing)}.")
            return Ground(
                rule=permitted.source.rule,
                citation=permitted.source.citation,
                citation_ko=permitted.source.citation_ko,
                mark=permitted.source.mark,
                decides=permitted.decides,
                within_advice=True,
                conditions=permitted.conditions,
            )
    if grounds is None:
        raise GroundsMissing("This is outside the advice: give the reason in your own words.")
    return Ground(
        rule=OUTSIDE,
        citation="The decider's own reason",
        citation_ko="결정자 본인의 판단",
        mark=Mark.CONFIRMED,
        decides="investigator",
        within_advice=False,
        conditions=(),
    )


def check_order(on: date, taken: Iterable[StageStep]) -> None:
    """Refuse a day before the last step of a matter, a decision's too.

    Errors: Invalid.
    """
    last = max((step.on for step in taken), default=on)
    if on < last:
        raise Invalid(f"The day lies before the last step of the matter, {last}.")


def check_grounds(grounds: str | None) -> None:
    """Refuse a reason too short to be one, or too long to be read.

    Errors: Invalid.
    """
    if grounds is not None and len(grounds.strip()) not in _GROUNDS_LENGTH:
        raise Invalid("A reason has 10 to 2000 characters.")


def check_note(note: str | None) -> str | None:
    """A note without space around it; None for an empty one.

    Errors: Invalid.
    """
    text = (note or "").strip()
    if len(text) >= _GROUNDS_LENGTH.stop:
        raise Invalid(f"A note has at most {_GROUNDS_LENGTH.stop - 1} characters.")
    return text or None


def wants_age_task(person: Person, advice: Advice | None) -> bool:
    """Whether somebody must find out the age before anything can be decided."""
    open_ = may_be_decided(person) and person.stage in {Stage.INQUIRY, Stage.BOOKED}
    return open_ and advice is not None and not advice.age_resolved


def age_due_on(advice: Advice | None) -> date | None:
    """By when the age must be found out, counted from the day on which it is asked."""
    found = () if advice is None else advice.duties
    days = [duty.due_on for duty in found if duty.code == TaskKind.RESOLVE_AGE.value]
    return min(days, default=None)


def advice_document(advice: Advice) -> dict[str, object]:
    """The advice as JSON, kept with the decision so that it can be replayed."""
    return cast("dict[str, object]", _plain(dataclasses.asdict(advice)))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[object]", value)]
    return value.isoformat() if isinstance(value, date) else value
