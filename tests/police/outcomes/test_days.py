"""What happened earlier is judged by the law and the ages of its own day, not of the day it is typed."""

from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, contacted, outcome_of, recorded, suspect, verified
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Offence, Outcome, Reason, SchoolLevel, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.office.actions import set_clock
from tipbridge.police.outcomes import actions, comparing, holding, steps
from tipbridge.police.outcomes.errors import OutcomeForbidden, StepNotLegal
from tipbridge.police.outcomes.model import BodyFacts, CustodyFacts, Decision, StepFacts
from tipbridge.police.welfare import steps as coercive
from tipbridge.police.welfare.errors import ContactFirst
from tipbridge.police.welfare.model import CoerciveStep

GUIDANCE = ("guidance-by-parents", "guidance-by-school")
COMMITTEE = "guidance-screening-committee"
MET = date(2014, 6, 2)
TURNS_19 = suspect(birth=verified(date(1995, 6, 3)), school_level=SchoolLevel.HIGH)


def _guided(node: Node, person_id: str, body: BodyFacts | None) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(
            work, person_id, outcome=Outcome.GUIDANCE, conditions=GUIDANCE, body=body
        )


def test_a_committees_decision_is_judged_on_the_day_it_met(node: Node) -> None:
    """Born on 3 June 1995: eighteen on the day of the committee, nineteen when it is typed."""
    file = a_case(node, now=datetime(2014, 6, 4, 3, tzinfo=UTC))
    person_id = recorded(node, file, TURNS_19)
    for body in (None, BodyFacts(body=COMMITTEE), BodyFacts(body=COMMITTEE, on=date(2014, 6, 3))):
        with pytest.raises(OutcomeForbidden, match="KR-GUIDE-2012"):
            _guided(node, person_id, body)
    with pytest.raises(Invalid, match="future"):
        _guided(node, person_id, BodyFacts(body=COMMITTEE, on=date(2999, 6, 3)))
    with pytest.raises(Invalid, match="before the act"):
        _guided(node, person_id, BodyFacts(body=COMMITTEE, on=date(1990, 6, 3)))
    made = _guided(node, person_id, BodyFacts(body=COMMITTEE, on=MET, minutes="3"))
    assert (made.decided_on, made.law_of_decision) == (MET, "KR/2013-06-19")
    told = outcome_of(node, file.case.id, person_id)
    assert [step.on for step in told.history.steps] == [MET]
    assert told.history.kept_until is not None
    assert (told.history.kept_until - MET).days == 1095, "kept from the day it was decided"
    with open_work(node, CONSOLE) as work:
        assert comparing.list_differences(work) == [], "the advice of its own day"


def test_the_page_offers_what_a_body_may_have_decided_on_an_earlier_day(node: Node) -> None:
    file = a_case(node, now=datetime(2014, 6, 4, 3, tzinfo=UTC))
    person_id = recorded(node, file, TURNS_19)
    told = outcome_of(node, file.case.id, person_id)
    assert [each.outcome for each in told.earlier] == [Outcome.GUIDANCE, Outcome.SUMMARY_TRIAL]
    client = signed_in(node, Role.INVESTIGATOR)
    page = f"/cases/{file.case.id}/outcomes"
    shown = client.get(page).text
    assert 'value="guidance"' in shown
    assert "only as a body decided on an earlier day" in shown
    client.get("/language/ko")
    assert "그 전 어느 날 심의기구가 결정한 경우에만" in client.get(page).text
    sent = {"outcome": "guidance", "conditions": list(GUIDANCE), "body": COMMITTEE}
    sent["body_on"] = MET.isoformat()
    client.post(f"/cases/{file.case.id}/people/{person_id}/outcome", data=sent)
    made = outcome_of(node, file.case.id, person_id).decision
    assert made is not None
    assert made.decided_on == MET


def test_a_step_that_is_written_down_later_is_taken_under_the_law_of_its_day(node: Node) -> None:
    """Not to send exists since 2021: nobody's file was left with the police in 2015."""
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
        set_clock(work, at=datetime(2021, 3, 1, tzinfo=UTC))
    not_sent = StepFacts(stage=Stage.NOT_SENT, reason=Reason.NO_CRIME_FOUND, on=date(2015, 5, 5))
    with open_work(node, CONSOLE) as work, pytest.raises(StepNotLegal, match="KR/2013-06-19"):
        steps.record_step(work, person_id, not_sent)
    with open_work(node, CONSOLE) as work:
        held = CustodyFacts(custody=Custody.DETAINED, by=By.COURT, on=date(2015, 5, 4))
        assert holding.change_custody(work, person_id, held).law == "KR/2013-06-19"
    sent = StepFacts(stage=Stage.SENT_TO_PROSECUTOR, on=date(2015, 5, 5))
    with open_work(node, CONSOLE) as work:
        step = steps.record_step(work, person_id, sent)
    assert (step.law, step.source.rule) == ("KR/2013-06-19", "KR-SEND")
    back = StepFacts(stage=Stage.BOOKED, on=date(2021, 2, 1))
    with open_work(node, CONSOLE) as work:
        assert steps.record_step(work, person_id, back).law == "KR/2021-01-01"


def test_a_child_that_has_grown_up_since_was_sent_on_while_it_was_one(node: Node) -> None:
    """Twelve at the act, sent in 2014, written down at twenty."""
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 5, 5))))
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
        set_clock(work, at=datetime(2021, 6, 1, tzinfo=UTC))
    with open_work(node, CONSOLE) as work, pytest.raises(StepNotLegal):
        steps.record_step(work, person_id, StepFacts(stage=Stage.JUVENILE_DIVISION))
    sent = StepFacts(stage=Stage.JUVENILE_DIVISION, on=date(2014, 6, 20))
    with open_work(node, CONSOLE) as work:
        assert steps.record_step(work, person_id, sent).law == "KR/2013-06-19"


def _booked_by(node: Node, person_id: str, on: date | None) -> Decision:
    body = None if on is None else BodyFacts(body="investigation-review-committee", on=on)
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY, body=body)


def test_contact_comes_before_the_day_on_which_a_body_had_a_child_booked(node: Node) -> None:
    """The agency was reached on 2 June: before what is decided since, after the committee of 28 May."""
    file = a_case(node)
    pupil = suspect(birth=verified(date(1999, 1, 1)), offence=Offence.DISTRIBUTION)
    person_id = recorded(node, file, pupil)
    contacted(node, person_id)
    earlier = date(2014, 5, 28)
    with pytest.raises(ContactFirst, match="Before booking"):
        _booked_by(node, person_id, earlier)
    assert outcome_of(node, file.case.id, person_id).decision is None
    made = _booked_by(node, person_id, MET)
    assert made.decided_on == MET
    other = a_case(node, account_parts("b"))
    second = recorded(node, other, pupil)
    contacted(node, second)
    with open_work(node, CONSOLE) as work:
        coercive.record_step(
            work, second, CoerciveStep.BOOKING, on=earlier, grounds="The line was dead until June."
        )
    assert _booked_by(node, second, earlier).decided_on == earlier
