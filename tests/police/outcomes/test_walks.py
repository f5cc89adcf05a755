"""Walks over the real verbs and a real database, drawn at random: what no order of them may bring about."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts
from tests.police.folk import NOW, a_case, contacted, outcome_of, recorded, suspect, verified
from tests.police.outcomes.test_no_path import birthday
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import (
    Birth,
    Certainty,
    Custody,
    Offence,
    Outcome,
    Reason,
    SchoolLevel,
    Stage,
)
from tipbridge.knowledge.law.quoting import quotations
from tipbridge.knowledge.law.rules import law_on
from tipbridge.knowledge.law.shape import By
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.changing import actions as changing
from tipbridge.police.cases.changing.model import Fact
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.outcomes import actions, closing, holding, mistaken, steps
from tipbridge.police.outcomes.model import (
    AppealBy,
    AppealState,
    BodyFacts,
    Change,
    CustodyFacts,
    PersonOutcome,
    StepFacts,
)
from tipbridge.web.language import Language
from tipbridge.web.refusals import Refusals
from tipbridge.web.shell import catalogue, messages

WHY = "A reason of ten letters and more."
ACT = date(2014, 3, 10)
CONDITIONS = ("guidance-by-parents", "guidance-by-school")
BIRTHS = st.sampled_from(
    [
        *(verified(ACT.replace(year=ACT.year - years)) for years in (9, 10, 12, 14, 16, 30)),
        verified(date(2000, 3, 11)),  # thirteen for one more day
        Birth(earliest=date(1999, 1, 1), latest=date(2001, 1, 1), certainty=Certainty.ESTIMATED),
        Birth(earliest=date(2002, 1, 1), latest=date(2003, 1, 1), certainty=Certainty.ESTIMATED),
        Birth(earliest=date(1999, 5, 5), latest=date(1999, 5, 5), certainty=Certainty.DECLARED),
    ]
)
_SENT = (Stage.BOOKED, Stage.SENT_TO_PROSECUTOR)
BEGINNINGS = (
    (),
    (Stage.BOOKED,),
    (*_SENT, Stage.JUVENILE_DIVISION),
    (*_SENT, Stage.NOT_CHARGED),
    (*_SENT, Stage.CHARGED, Stage.ACQUITTED),
)
KOREAN = Refusals(
    messages=messages(Language.KOREAN),
    terms=catalogue(Language.KOREAN),
    phrases=quotations(Language.KOREAN),
)


def latest_birth(birth: Birth) -> date:
    return birthday(birth.latest, 5) if birth.certainty is Certainty.DECLARED else birth.latest


class Walk(RuleBasedStateMachine):
    """One suspect of Korea; whatever staff may do about them, in any order."""

    node: Node
    turn, now = 0, NOW

    def __init__(self) -> None:
        super().__init__()
        type(self).turn += 1
        file = a_case(self.node, account_parts(f"walk-{self.turn}"), self.now)
        self.case_id = file.case.id
        facts = suspect(offence=Offence.DISTRIBUTION, school_level=SchoolLevel.MIDDLE)
        self.person_id = recorded(self.node, file, facts)
        self.file = file
        self.told = outcome_of(self.node, self.case_id, self.person_id)
        self.before = self.told

    def _try(self, call: Callable[[Work], object]) -> None:
        """Do something or be refused in words, of which there is Korean; then look again."""
        try:
            with open_work(self.node, CONSOLE) as work:
                call(work)
        except TipbridgeError as refused:
            _check_worded(refused)
        self.before = self.told
        self.told = outcome_of(self.node, self.case_id, self.person_id)

    @property
    def birth(self) -> Birth | None:
        return self.told.person.birth

    @initialize(so_far=st.sampled_from(BEGINNINGS))
    def begin(self, so_far: tuple[Stage, ...]) -> None:
        """A sixteen-year-old's matter that went some way before anything is corrected."""
        sixteen = verified(ACT.replace(year=ACT.year - 16))
        recorded(self.node, self.file, PersonFacts(birth=sixteen))
        self._try(lambda _: contacted(self.node, self.person_id) and None)
        if so_far:
            self.decide(outcome=Outcome.BOOKED_AT_LIBERTY, change=None, body=None)
        for stage in so_far[1:]:
            reason = Reason.NO_CRIME_FOUND if stage is Stage.NOT_CHARGED else None
            self.step(stage=stage, reason=reason, custody=None)

    @rule(birth=BIRTHS)
    def correct_birth(self, birth: Birth) -> None:
        recorded(self.node, self.file, PersonFacts(birth=birth))
        self._try(lambda _: None)

    @rule()
    def withdraw_birth(self) -> None:
        self._try(
            lambda work: changing.withdraw_facts(work, self.person_id, [Fact.BIRTH], because=WHY)
        )

    @rule(offence=st.sampled_from([Offence.POSSESSION, Offence.DISTRIBUTION, Offence.PRODUCTION]))
    def correct_offence(self, offence: Offence) -> None:
        recorded(self.node, self.file, PersonFacts(offence=offence))
        self._try(lambda _: None)

    @rule(days=st.sampled_from([1, 8, 40]))
    def time_passes(self, days: int) -> None:
        type(self).now += timedelta(days=days)  # the node's clock never goes back
        with open_work(self.node, CONSOLE) as work:
            set_clock(work, at=self.now)
        self._try(lambda _: None)

    @rule()
    @precondition(lambda self: self.told.welfare is not None)
    def agency_is_reached(self) -> None:
        self._try(lambda _: contacted(self.node, self.person_id) and None)

    @rule(
        outcome=st.sampled_from(list(Outcome)),
        change=st.none() | st.sampled_from(list(Change)),
        body=st.none() | st.sampled_from(["police-chief", "guidance-screening-committee"]),
    )
    def decide(self, outcome: Outcome, change: Change | None, body: str | None) -> None:
        by = None if body is None else BodyFacts(body=body)
        self._try(
            lambda work: actions.decide_outcome(
                work,
                self.person_id,
                outcome=outcome,
                grounds=WHY,
                conditions=CONDITIONS,
                change=change,
                body=by,
            )
        )

    @rule(data=st.data())
    @precondition(lambda self: bool(self.told.advice and self.told.advice.permitted))
    def decide_as_advised(self, data: st.DataObject) -> None:
        assert self.told.advice is not None
        permitted = [each.outcome for each in self.told.advice.permitted]
        self.decide(outcome=data.draw(st.sampled_from(permitted)), change=None, body=None)

    @rule(
        stage=st.sampled_from(list(Stage)),
        reason=st.none() | st.sampled_from(list(Reason)),
        custody=st.none() | st.sampled_from(list(Custody)),
    )
    def step(self, stage: Stage, reason: Reason | None, custody: Custody | None) -> None:
        facts = StepFacts(stage=stage, reason=reason, custody=custody, note=WHY)
        self._try(lambda work: steps.record_step(work, self.person_id, facts))

    @rule(data=st.data())
    @precondition(lambda self: bool(self.told.history.next_steps))
    def step_as_offered(self, data: st.DataObject) -> None:
        way = data.draw(st.sampled_from(self.told.history.next_steps))
        reasons = dict(self.told.history.step_reasons).get(way.leads_to, (None,))
        self.step(stage=way.leads_to, reason=data.draw(st.sampled_from(reasons)), custody=None)

    @rule(custody=st.sampled_from(list(Custody)), by=st.sampled_from(list(By)))
    def hold(self, custody: Custody, by: By) -> None:
        facts = CustodyFacts(custody=custody, by=by)
        self._try(lambda work: holding.change_custody(work, self.person_id, facts))

    @rule(by=st.sampled_from(list(AppealBy)))
    def appeal(self, by: AppealBy) -> None:
        self._try(lambda work: steps.file_appeal(work, self.person_id, by=by, grounds=WHY))

    @rule(data=st.data(), state=st.sampled_from(list(AppealState)))
    @precondition(lambda self: bool(self.told.history.appeals))
    def answer(self, data: st.DataObject, state: AppealState) -> None:
        appeal = data.draw(st.sampled_from(self.told.history.appeals))
        self._try(lambda work: steps.answer_appeal(work, appeal.id, state=state, answer=WHY))

    @rule(data=st.data())
    @precondition(lambda self: bool(self.told.duties))
    def finish(self, data: st.DataObject) -> None:
        duty = data.draw(st.sampled_from(self.told.duties))
        self._try(lambda work: actions.finish_duty(work, duty.id))

    @rule()
    def take_back(self) -> None:
        stage = self.told.person.stage
        self._try(
            lambda work: mistaken.take_back_step(work, self.person_id, stage=stage, because=WHY)
        )

    @invariant()
    def nobody_below_the_age_comes_to_be_accused_or_held(self) -> None:
        person, before = self.told.person, self.before.person
        law = law_on(shipped_laws(), "KR", self.now.date())
        accused = {each.stage for each in law.stages if each.accused}
        if self.birth is None or birthday(latest_birth(self.birth), 14) > ACT:
            came = person.stage in accused and before.stage not in accused
            held = person.custody is Custody.DETAINED is not before.custody
            assert not came, (before.stage, person.stage, self.birth)
            assert not held, (before.stage, person.stage, self.birth)

    @invariant()
    def not_booked_is_not_closed_for_whom_the_juvenile_division_is(self) -> None:
        person, decision, birth = self.told.person, self.told.decision, self.birth
        if birth is None or birth.certainty is Certainty.DECLARED or decision is None:
            return
        ten_to_thirteen = birthday(birth.latest, 10) <= ACT < birthday(
            birth.earliest, 14
        ) and self.now.date() < birthday(birth.earliest, 19)
        cleared = decision.meaning.reason in closing.ENDS_ALL
        if person.stage is Stage.NOT_BOOKED and ten_to_thirteen and not cleared:
            sent = any(each.stage is Stage.JUVENILE_DIVISION for each in self.told.history.steps)
            assert sent or not self.told.history.closed, decision.outcome

    @invariant()
    def what_was_decided_stepped_and_appealed_is_kept(self) -> None:
        now, before = self.told.history, self.before.history
        ids = [each.id for each in now.decisions]
        assert ids[: len(before.decisions)] == [each.id for each in before.decisions]
        for new, old in zip(now.decisions, before.decisions, strict=False):
            assert (new.outcome, new.grounds, new.decided_on) == (
                old.outcome,
                old.grounds,
                old.decided_on,
            )
        every = {each.id for each in now.steps} | {each.step.id for each in now.taken_back}
        assert every >= {each.id for each in before.steps}
        assert every >= {each.step.id for each in before.taken_back}
        assert [each.id for each in now.appeals][: len(before.appeals)] == [
            each.id for each in before.appeals
        ]

    @invariant()
    def one_decision_stands_and_what_is_open_has_no_last_day(self) -> None:
        made, history = self.told.history.decisions, self.told.history
        assert sum(each.standing for each in made) == bool(made)
        assert history.closed or history.kept_until is None
        _agrees(self.told)


def _check_worded(refused: TipbridgeError) -> None:
    said = KOREAN.say(refused.public)
    assert any("가" <= letter <= "힣" for letter in said), (refused.public, said)


def _agrees(told: PersonOutcome) -> None:
    """The stage of the last step is the person's, and so is its custody."""
    if told.history.steps:
        last = told.history.steps[-1]
        assert (last.stage, last.custody) == (told.person.stage, told.person.custody)


def test_no_walk_over_the_verbs_accuses_a_child_closes_a_duty_or_loses_history(node: Node) -> None:
    machine = type("WalkHere", (Walk,), {"node": node})
    walks = settings(max_examples=20, stateful_step_count=16)
    run_state_machine_as_test(machine, settings=walks)
