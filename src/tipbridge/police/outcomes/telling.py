"""Everything decided about the people of a case, put together from what was read once."""

from collections.abc import Collection
from dataclasses import replace

from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.model import Advice, Custody, Permitted, Reason, Stage
from tipbridge.knowledge.law.shape import LawVersion, Transition
from tipbridge.police.cases.acts import PersonAct, acts_of
from tipbridge.police.cases.model import Case, Person
from tipbridge.police.outcomes import asking, bodies, closing, recorded, rules, stages, store
from tipbridge.police.outcomes.model import (
    ActAdvice,
    Change,
    ComingDuty,
    Decision,
    History,
    OpenDuty,
    PersonOutcome,
    StageClock,
)
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import records
from tipbridge.police.welfare import steps as coercive


def decisions_in(work: Work, case_id: str) -> list[Decision]:
    """All decisions of a case, oldest first, for later rooms; within the caller's own action."""
    return store.decisions_of(work.db, case_id)


def acts_named(person: Person, named: Collection[str]) -> tuple[PersonAct, ...]:
    """The acts of somebody by their words, for later rooms.

    Errors: Invalid naming the acts there are.
    """
    return rules.covered_acts(person, named)


def is_decided_about(person: Person) -> bool:
    """Whether an outcome is to be decided about somebody: a victim only has none."""
    return rules.may_be_decided(person)


class Told:
    """Everything decided in a case, read once."""

    def __init__(self, work: Work, case: Case) -> None:
        self._work, self._case = work, case
        self._decisions = store.decisions_of(work.db, case.id)
        self._duties = store.duties_of(work.db, case.id)
        self._steps = store.steps_of(work.db, case.id)
        self._taken_back = store.steps_taken_back(work.db, case.id)
        self._appeals = store.appeals_of(work.db, case.id)
        self._looked_after = welfare.standings_seen(work, case.id)
        self._records = records.records_seen(work, case.id)
        self._coercive = coercive.steps_seen(work, case.id)

    def about(self, person: Person) -> PersonOutcome:
        """One person's part of it."""
        advice = asking.advice_if_any(self._work, self._case, person)
        law = None if advice is None else asking.law_of(self._work, self._case)
        standing = [d for d in self._decisions if d.person_id == person.id and d.standing]
        why = standing[0].meaning.reason if standing else None
        known = self.known_of(person, advice)
        duties = tuple(
            replace(
                recorded.as_recorded(duty, known),
                by_step=advice is not None
                and law is not None
                and closing.is_by_step(law, advice, duty, why),
            )
            for duty in self._duties
            if duty.person_id == person.id
        )
        history = self._history(person, advice, law, duties)
        earlier = () if advice is None or law is None else self._earlier(person, law, advice)
        others = () if advice is None or law is None else rules.outside(law, advice)
        return PersonOutcome(
            person=person,
            advice=advice,
            acts=self._acts(person, history),
            others=others,
            bodies=() if law is None else tuple(each.code for each in law.bodies),
            offered=()
            if advice is None or law is None
            else bodies.offered(law, advice, others, earlier),
            earlier=earlier,
            decision=next((d for d in history.decisions if d.standing), None),
            duties=duties,
            coming=self._coming(person, advice, duties, known),
            welfare=self._looked_after.get(person.id),
            steps=tuple(taken for taken in self._coercive if taken.person_id == person.id),
            history=history,
        )

    def known_of(self, person: Person, advice: Advice | None) -> recorded.Known:
        """What is recorded of somebody, by which duties are done or not."""
        return recorded.Known(
            advice=advice,
            standing=self._looked_after.get(person.id),
            record=self._records.get(person.id),
        )

    def _earlier(self, person: Person, law: LawVersion, advice: Advice) -> tuple[Permitted, ...]:
        if not rules.may_be_decided(person):
            return ()
        return bodies.decided_earlier(law, asking.allowed_before(self._case, person, advice))

    def _coming(
        self,
        person: Person,
        advice: Advice | None,
        kept: tuple[OpenDuty, ...],
        known: recorded.Known,
    ) -> tuple[ComingDuty, ...]:
        """What the law of today asks for besides the duties that are kept."""
        if advice is not None:
            asked = advice.duties
        else:
            opened = None if known.standing is None else known.standing.opened_at
            asked = asking.duties_to(self._work, self._case, person, since=opened)
        codes = {duty.code for duty in kept}
        return tuple(
            ComingDuty(duty=duty, settled=recorded.is_settled(duty.code, known))
            for duty in asked
            if duty.code not in codes
        )

    def _acts(self, person: Person, history: History) -> tuple[ActAdvice, ...]:
        """Each of several acts with its own advice; none without a law to ask."""
        acts = [each for each in acts_of(person) if not asking.only_dates(self._case, each)]
        if len(acts) < 2 or not rules.may_be_decided(person):
            return ()
        standing = next((each for each in history.decisions if each.standing), None)
        open_ = asking.left_open(self._case, person, standing)
        try:
            day = asking.today(self._work, self._case)
            advices = [asking.act_advice(self._case, person, act, day) for act in acts]
        except NoLaw:
            return ()
        return tuple(
            ActAdvice(act=act, advice=advice, covered=act not in open_)
            for act, advice in zip(acts, advices, strict=True)
        )

    def _history(
        self,
        person: Person,
        advice: Advice | None,
        law: LawVersion | None,
        duties: tuple[OpenDuty, ...],
    ) -> History:
        decisions = tuple(d for d in self._decisions if d.person_id == person.id)
        done = tuple(step for step in self._steps if step.person_id == person.id)
        appeals = tuple(each for each in self._appeals if each.person_id == person.id)
        ways: tuple[Transition, ...] = ()
        reasons: tuple[tuple[Stage, tuple[Reason, ...]], ...] = ()
        clocks: tuple[StageClock, ...] = ()
        custodies: tuple[Custody, ...] = ()
        closed, until, kept = False, None, None
        if decisions and law is not None and advice is not None:
            acts = decisions[-1].acts
            about = asking.advice_of(self._work, self._case, person, acts)
            why = decisions[-1].meaning.reason
            ways = stages.next_steps(law, about, person.stage, duties, decided=why)
            custodies = stages.other_custodies(law, person)
            asked = ((way.leads_to, stages.reasons_at(law, way.leads_to)) for way in ways)
            reasons = tuple((stage, why) for stage, why in asked if why)
            cleared = why in closing.ENDS_ALL
            moved = [step.on for step in done if step.before is not step.stage]
            # To hold somebody, or let them go, moves no matter on.
            decided = [each.decided_on for each in decisions if each.change is not Change.CUSTODY]
            last = max((*moved, *decided))
            clocks = closing.clocks_of(law, person.stage, max(moved, default=last))
            runs = any(c.due_on >= asking.today(self._work, self._case) for c in clocks)
            closed = closing.is_closed(
                law,
                person.stage,
                duties,
                appeals,
                standing=closing.standing_as_decided(decisions),
                cleared=cleared,
                runs=runs,
            )
            closed = closed and not asking.left_open(self._case, person, decisions[-1])
            last = max((last, *(clock.due_on for clock in clocks)))
            ended = next((s.reason for s in reversed(done) if s.before is not s.stage), None)
            kept = closing.kept_rule(law, decisions[-1].outcome, person.stage, ended)
            until = closing.kept_until(kept, last, closed=closed)
        return History(
            decisions=decisions,
            steps=done,
            taken_back=tuple(e for e in self._taken_back if e.step.person_id == person.id),
            appeals=appeals,
            next_steps=ways,
            step_reasons=reasons,
            custodies=custodies,
            clocks=clocks,
            closed=closed,
            kept_until=until,
            kept=kept,
        )
