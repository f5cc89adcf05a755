"""Why a matter ends: the closing reasons of Korea, limitation, and the young who are at risk."""

from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Offence, Outcome, Reason, Running, Stage
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.model import WelfareFlag
from tipbridge.police.outcomes import actions, pages, steps
from tipbridge.police.outcomes.errors import GroundsMissing, OutcomeForbidden, StepNotLegal
from tipbridge.police.outcomes.model import Decision, PersonOutcome, StepFacts

WHY = "The record of deaths says so."


def _decided(node: Node, person_id: str, outcome: Outcome, grounds: str | None = None) -> Decision:
    with open_work(node, CONSOLE) as work:
        return actions.decide_outcome(work, person_id, outcome=outcome, grounds=grounds)


def _step(node: Node, person_id: str, stage: Stage, **said: object) -> None:
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=stage, **said))  # type: ignore[arg-type]


def _told(node: Node, case_id: str, person_id: str) -> PersonOutcome:
    return outcome_of(node, case_id, person_id)


def test_what_is_not_sent_says_why_and_a_suspended_matter_is_taken_up_again(node: Node) -> None:
    file = a_case(node, now=datetime(2021, 9, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with pytest.raises(StepNotLegal, match="no-crime-found, insufficient-evidence"):
        _step(node, person_id, Stage.NOT_SENT)
    with pytest.raises(StepNotLegal, match="given: suspect-not-found"):
        _step(node, person_id, Stage.NOT_SENT, reason=Reason.SUSPECT_NOT_FOUND)
    with pytest.raises(StepNotLegal, match=r"runs until 2031-03-10 at least: .*KR-YPA-20-1"):
        _step(node, person_id, Stage.NOT_SENT, reason=Reason.LIMITATION)
    _step(node, person_id, Stage.SUSPENDED_INQUIRY, reason=Reason.SUSPECT_NOT_FOUND)
    assert not _told(node, file.case.id, person_id).history.closed
    with pytest.raises(StepNotLegal, match=r"reasons at booked under .*: none"):
        _step(node, person_id, Stage.BOOKED, reason=Reason.DISMISSAL)
    _step(node, person_id, Stage.BOOKED)
    _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    _step(node, person_id, Stage.BOOKED)  # the prosecutor wants more
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,)))
    sign_in(client, "desk")
    client.get("/language/ko")
    form = client.get(f"/cases/{file.case.id}/outcomes").text
    assert "혐의없음(증거불충분)" in form
    client.post(
        f"/cases/{file.case.id}/people/{person_id}/stages",
        data={"stage": "not-sent", "reason": "dismissal"},
    )
    history = _told(node, file.case.id, person_id).history
    assert [(each.stage, each.reason) for each in history.steps][-1] == (
        Stage.NOT_SENT,
        Reason.DISMISSAL,
    )
    shown = client.get(f"/cases/{file.case.id}/outcomes").text
    assert "각하" in shown
    assert "이르면 2031-03-10 완성" in shown


@pytest.mark.parametrize("custody", ["", "detained"])
def test_a_step_on_the_page_says_whether_somebody_is_held(node: Node, custody: str) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,)))
    sign_in(client, "desk")
    assert 'name="custody"' in client.get(f"/cases/{file.case.id}/outcomes").text
    stages = f"/cases/{file.case.id}/people/{person_id}/stages"
    client.post(stages, data={"stage": "sent-to-prosecutor", "custody": custody, "reason": ""})
    step = _told(node, file.case.id, person_id).history.steps[-1]
    assert (step.stage, step.custody) == (
        Stage.SENT_TO_PROSECUTOR,
        Custody(custody or "not-detained"),
    )


def test_not_booked_is_not_closed_whatever_reason_is_given_but_death(node: Node) -> None:
    file = a_case(node)
    child = suspect(birth=verified(date(2001, 5, 5)), offence=Offence.DISTRIBUTION)
    person_id = recorded(node, file, child)
    with pytest.raises(GroundsMissing):
        _decided(node, person_id, Outcome.NO_CRIME_MADE_OUT)
    _decided(node, person_id, Outcome.NO_CRIME_MADE_OUT, WHY)
    told = _told(node, file.case.id, person_id)
    assert not told.history.closed, "the juvenile division waits"
    assert [way.leads_to for way in told.history.next_steps] == [Stage.JUVENILE_DIVISION]
    _decided(node, person_id, Outcome.DEATH_OF_SUSPECT, WHY)
    assert _told(node, file.case.id, person_id).history.closed


def test_limitation_is_forbidden_while_it_runs_and_comes_first_once_it_has_run_out(
    node: Node,
) -> None:
    file = a_case(node)
    own = suspect(birth=verified(date(1998, 5, 1)), self_produced=True)  # of age on 1 May 2017
    person_id = recorded(node, file, own)
    with pytest.raises(OutcomeForbidden, match="KR-YPA-20-1"):
        _decided(node, person_id, Outcome.LIMITATION_RUN_OUT, WHY)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2022, 4, 30, 15, tzinfo=UTC))  # 1 May in Seoul
    told = _told(node, file.case.id, person_id)
    assert told.advice is not None
    assert told.advice.limitation is not None
    assert told.advice.limitation.standing is Running.RUN_OUT
    first, *_ = told.advice.permitted
    assert (first.outcome, first.source.rule) == (Outcome.LIMITATION_RUN_OUT, "KR-YPA-20-1")
    contacted(node, person_id)
    with pytest.raises(GroundsMissing):
        _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY, "Was abroad from 2018 to 2021, art. 253.")
    with pytest.raises(StepNotLegal, match=r"ran out on 2022-05-01: .*stopped the clock"):
        _step(node, person_id, Stage.SENT_TO_PROSECUTOR)
    _step(node, person_id, Stage.SENT_TO_PROSECUTOR, note="Abroad from 2018 to 2021.")
    _step(node, person_id, Stage.NOT_CHARGED, reason=Reason.LIMITATION)
    assert _told(node, file.case.id, person_id).person.custody is Custody.NOT_DETAINED


def test_a_young_person_at_risk_is_sent_to_the_juvenile_division_without_an_offence(
    node: Node,
) -> None:
    file = a_case(node)
    facts = suspect(birth=verified(date(1999, 1, 1)), offence=Offence.VIEWING)  # no offence in 2014
    person_id = recorded(node, file, facts)
    with pytest.raises(OutcomeForbidden, match="KR-JA-4-3"):
        _decided(node, person_id, Outcome.JUVENILE_AT_RISK, WHY)
    flagged = suspect(
        birth=verified(date(1999, 1, 1)),
        offence=Offence.VIEWING,
        flags=frozenset({WelfareFlag.LIKELY_TO_OFFEND}),
    )
    person_id = recorded(node, file, flagged)
    made = _decided(node, person_id, Outcome.JUVENILE_AT_RISK)
    assert (made.meaning.reason, made.ground.rule) == (Reason.AT_RISK, "KR-JA-4-3")
    before = _told(node, file.case.id, person_id)
    assert before.advice is not None
    assert "at-risk" in before.advice.drivers
    assert not before.history.closed
    _step(node, person_id, Stage.JUVENILE_DIVISION)
    after = _told(node, file.case.id, person_id)
    done = {duty.code: duty.done_at is not None for duty in after.duties}
    assert done["juvenile-division-transfer"]
