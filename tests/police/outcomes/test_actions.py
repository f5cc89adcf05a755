"""Decisions, duties and welfare on the real database."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty, Offence, Outcome, SchoolLevel
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.model import (
    Act,
    Custody,
    PersonFacts,
    PersonRole,
    Stage,
    TaskKind,
)
from tipbridge.police.outcomes import actions, store
from tipbridge.police.outcomes.errors import (
    ConditionsMissing,
    GroundsMissing,
    OutcomeForbidden,
)
from tipbridge.police.outcomes.model import Decision, Reason

GUIDANCE = ("guidance-by-parents", "guidance-by-school")
PUPIL = {"birth": verified(date(1999, 1, 1)), "school_level": SchoolLevel.MIDDLE}


def _decide(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]


def test_a_decision_keeps_rule_law_decider_and_moves_stage_and_custody(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    decision = _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    assert decision.ground.rule == "KR-ADULT"
    assert decision.law_of_decision == "KR/2013-06-19"
    assert decision.decided_by == CONSOLE.id
    assert decision.meaning.reason is Reason.SUSPICION
    person = file_of(node, file.case.id).people[0].person
    assert (person.stage, person.custody) == (Stage.BOOKED, Custody.NOT_DETAINED)
    assert outcome_of(node, file.case.id, person_id).decision == decision


def test_the_later_decision_stands(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    later = _decide(node, person_id, Outcome.BOOKED_DETAINED)
    found = outcome_of(node, file.case.id, person_id)
    assert found.decision == later
    assert found.person.custody is Custody.DETAINED
    with open_work(node, CONSOLE) as work:
        assert len(store.decisions_of(work.db, file.case.id)) == 2


def test_a_child_below_the_age_is_never_booked_whatever_the_reason(node: Node) -> None:
    file = a_case(node)
    facts = suspect(birth=verified(date(2001, 1, 1)), offence=Offence.DISTRIBUTION)
    person_id = recorded(node, file, facts)
    with pytest.raises(OutcomeForbidden):
        _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY, grounds="I think it is right.")
    decision = _decide(node, person_id, Outcome.JUVENILE_DIVISION)
    assert decision.meaning.reason is Reason.BELOW_AGE
    assert decision.meaning.stage is Stage.NOT_BOOKED
    found = outcome_of(node, file.case.id, person_id)
    assert "juvenile-division-transfer" in {duty.code for duty in found.duties}


def test_an_unsettled_age_blocks_booking_and_opens_a_task_until_it_is_settled(
    node: Node,
) -> None:
    file = a_case(node)
    unsure = Birth(
        earliest=date(1998, 1, 1), latest=date(2002, 1, 1), certainty=Certainty.ESTIMATED
    )
    person_id = recorded(node, file, suspect(birth=unsure))
    (task,) = file_of(node, file.case.id).tasks
    assert (task.kind, task.person_id) == (TaskKind.RESOLVE_AGE, person_id)
    assert task.due_on == date(2014, 6, 16)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2014, 8, 2, tzinfo=UTC))
    recorded(node, file, PersonFacts(reference="person-001"))
    assert file_of(node, file.case.id).tasks == (task,), "its day does not move with today"
    for outcome in (Outcome.BOOKED_AT_LIBERTY, Outcome.BOOKED_DETAINED):
        with pytest.raises(OutcomeForbidden):
            _decide(node, person_id, outcome, grounds="The picture looks older.")
    recorded(node, file, PersonFacts(birth=verified(date(1999, 1, 1))))
    assert file_of(node, file.case.id).tasks[0].done_at is not None


def test_guidance_stands_only_with_its_conditions(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(**PUPIL))
    with pytest.raises(ConditionsMissing):
        _decide(node, person_id, Outcome.GUIDANCE, conditions=GUIDANCE[:1])
    decision = _decide(node, person_id, Outcome.GUIDANCE, conditions=GUIDANCE)
    assert decision.ground.conditions == GUIDANCE
    assert decision.meaning.reason is Reason.MINOR_VIOLATION


def test_a_pupil_who_prepared_a_sales_site_is_not_diverted(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(**PUPIL, act=Act.PREPARED_SALES_SITE))
    with pytest.raises(OutcomeForbidden):
        _decide(node, person_id, Outcome.GUIDANCE, conditions=GUIDANCE)


def test_outside_the_advice_a_decision_needs_a_reason(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(**PUPIL))
    with pytest.raises(GroundsMissing):
        _decide(node, person_id, Outcome.NO_CRIME_MADE_OUT)
    with pytest.raises(Invalid):
        _decide(node, person_id, Outcome.NO_CRIME_MADE_OUT, grounds="short")
    grounds = "The school confirmed by telephone."
    decision = _decide(node, person_id, Outcome.NO_CRIME_MADE_OUT, grounds=grounds)
    assert not decision.ground.within_advice
    assert decision.grounds == grounds


def test_nothing_is_decided_about_a_victim(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(roles=frozenset({PersonRole.VICTIM})))
    with pytest.raises(Conflict):
        _decide(node, person_id, Outcome.NO_SUSPICION)


def test_a_birthday_counts_from_midnight_in_korea(node: Node) -> None:
    now = datetime(2014, 3, 12, tzinfo=UTC)
    file = a_case(node, now=now)
    facts = suspect(birth=verified(date(2000, 3, 10)), act_on=date(2014, 3, 9))
    person_id = recorded(node, file, facts)
    assert outcome_of(node, file.case.id, person_id).advice is not None
    with pytest.raises(OutcomeForbidden):
        _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    recorded(node, file, PersonFacts(act_on=date(2014, 3, 10)))
    contacted(node, person_id)
    assert _decide(node, person_id, Outcome.BOOKED_AT_LIBERTY)


def test_a_duty_is_done_once(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 1, 1))))
    _decide(node, person_id, Outcome.JUVENILE_DIVISION)
    duties = outcome_of(node, file.case.id, person_id).duties
    duty = next(each for each in duties if each.code == "counsel")
    with open_work(node, CONSOLE) as work:
        actions.finish_duty(work, duty.id)
    with open_work(node, CONSOLE) as work, pytest.raises(NotFound):
        actions.finish_duty(work, duty.id)


def test_another_role_unit_or_a_restricted_case_gives_nothing(
    node: Node, staff: Callable[..., Actor]
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    with pytest.raises(Forbidden), open_work(node, staff(node, Role.ANALYST)) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.NO_SUSPICION)
    with open_work(node, CONSOLE) as work:
        from tipbridge.police.cases.actions import restrict_case

        restrict_case(work, file.case.id, members=())
    with pytest.raises(NotFound), open_work(node, staff(node, Role.INVESTIGATOR)) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.NO_SUSPICION)
