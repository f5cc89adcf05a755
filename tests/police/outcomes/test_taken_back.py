"""A step that was written down wrongly is taken back with a reason; that who heard of it hears that is in test_road."""

from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, file_of, outcome_of, recorded, suspect, verified
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Offence, Outcome, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import PersonFacts, TaskKind
from tipbridge.police.outcomes import actions, holding, mistaken, steps
from tipbridge.police.outcomes.errors import OutcomeForbidden
from tipbridge.police.outcomes.model import Change, CustodyFacts, StepFacts

WHY = "The judgment of another was entered here."


def _step(node: Node, person_id: str, stage: Stage, on: date | None = None) -> None:
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=stage, on=on))


def _back(node: Node, person_id: str, stage: Stage, because: str = WHY) -> None:
    with open_work(node, CONSOLE) as work:
        mistaken.take_back_step(work, person_id, stage=stage, because=because)


def _convicted(node: Node) -> tuple[CaseFile, str]:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    for stage in (Stage.SENT_TO_PROSECUTOR, Stage.CHARGED, Stage.GUILTY):
        _step(node, person_id, stage)
    return file, person_id


def test_a_wrong_judgment_is_taken_back_and_the_right_one_recorded(node: Node) -> None:
    file, person_id = _convicted(node)
    with pytest.raises(Invalid):
        _back(node, person_id, Stage.GUILTY, because=" ")
    with pytest.raises(Conflict, match="The last step led to guilty, not to charged"):
        _back(node, person_id, Stage.CHARGED)
    _back(node, person_id, Stage.GUILTY)
    told = outcome_of(node, file.case.id, person_id)
    assert told.person.stage is Stage.CHARGED
    assert Stage.ACQUITTED in {way.leads_to for way in told.history.next_steps}
    (mistake,) = told.history.taken_back
    assert (mistake.step.stage, mistake.because, mistake.by) == (Stage.GUILTY, WHY, CONSOLE.id)
    _step(node, person_id, Stage.ACQUITTED, on=date(2014, 6, 2))
    history = outcome_of(node, file.case.id, person_id).history
    assert [each.stage for each in history.steps][-2:] == [Stage.CHARGED, Stage.ACQUITTED]


def test_authorities_that_have_the_matter_are_to_be_told_that_a_step_did_not_happen(
    node: Node,
) -> None:
    file, person_id = _convicted(node)
    _back(node, person_id, Stage.GUILTY)
    told = [
        (each.title, each.person_id)
        for each in file_of(node, file.case.id).tasks
        if each.kind is TaskKind.TELL_STEP
    ]
    assert {(By.COURT, person_id), (By.PROSECUTOR, person_id)} <= set(told)
    assert By.POLICE not in {by for by, _ in told}
    _back(node, person_id, Stage.CHARGED)
    again = [e for e in file_of(node, file.case.id).tasks if e.kind is TaskKind.TELL_STEP]
    assert len(again) == len(told), "who is still to be told is told of both at once"
    assert signed_in(node, Role.INVESTIGATOR).get(f"/cases/{file.case.id}").status_code == 200


def test_a_duty_is_open_again_with_the_step_that_fulfilled_it_and_custody_as_before(
    node: Node,
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2001, 5, 5))))
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
    with pytest.raises(Conflict, match="decide again"):
        _back(node, person_id, Stage.NOT_BOOKED)
    _step(node, person_id, Stage.JUVENILE_DIVISION)
    _back(node, person_id, Stage.JUVENILE_DIVISION)
    told = outcome_of(node, file.case.id, person_id)
    transfer = next(each for each in told.duties if each.code == "juvenile-division-transfer")
    assert (told.person.stage, transfer.is_done) == (Stage.NOT_BOOKED, False)
    assert not told.history.closed
    _step(node, person_id, Stage.JUVENILE_DIVISION)


def test_custody_that_was_written_down_wrongly_is_taken_back_on_the_page(node: Node) -> None:
    file = a_case(node, now=datetime(2014, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    with open_work(node, CONSOLE) as work:
        held = CustodyFacts(custody=Custody.DETAINED, by=By.COURT)
        holding.change_custody(work, person_id, held)
    client = signed_in(node, Role.INVESTIGATOR)
    page = f"/cases/{file.case.id}/outcomes"
    assert "Take the last step back" in client.get(page).text
    sent = {"stage": "booked", "because": WHY}
    answer = client.post(f"/cases/{file.case.id}/people/{person_id}/stages/taken-back", data=sent)
    assert answer.status_code == 303
    told = outcome_of(node, file.case.id, person_id)
    assert (told.person.stage, told.person.custody) == (Stage.BOOKED, Custody.NOT_DETAINED)
    client.get("/language/ko")
    shown = client.get(page).text
    assert "기록 취소" in shown
    assert WHY in shown


def test_taking_back_accuses_nobody_whom_the_law_forbids_to_accuse(node: Node) -> None:
    """Sent to the juvenile division as sixteen; known to be twelve, no step back accuses them again."""
    file = a_case(node)
    sixteen = suspect(birth=verified(date(1998, 1, 1)), offence=Offence.DISTRIBUTION)
    person_id = recorded(node, file, sixteen)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
        for stage in (Stage.SENT_TO_PROSECUTOR, Stage.JUVENILE_DIVISION):
            steps.record_step(work, person_id, StepFacts(stage=stage))
    recorded(node, file, PersonFacts(birth=verified(date(2001, 5, 5))))
    at = Stage.JUVENILE_DIVISION
    with open_work(node, CONSOLE) as work, pytest.raises(OutcomeForbidden, match="KR-JA-4-2"):
        mistaken.take_back_step(work, person_id, stage=at, because=WHY)
    with open_work(node, CONSOLE) as work:
        decided = actions.decide_outcome(
            work,
            person_id,
            outcome=Outcome.JUVENILE_DIVISION,
            grounds="They were twelve at the act.",
            change=Change.CORRECTION,
        )
    assert decided.meaning.stage is Stage.NOT_BOOKED


def test_taking_back_holds_nobody_again_whom_the_law_forbids_to_accuse(node: Node) -> None:
    file = a_case(node)
    sixteen = suspect(birth=verified(date(1998, 1, 1)), offence=Offence.DISTRIBUTION)
    person_id = recorded(node, file, sixteen)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_DETAINED)
        steps.record_step(work, person_id, StepFacts(stage=Stage.SENT_TO_PROSECUTOR))
        freed = CustodyFacts(custody=Custody.NOT_DETAINED, by=By.PROSECUTOR)
        holding.change_custody(work, person_id, freed)
    recorded(node, file, PersonFacts(birth=verified(date(2001, 5, 5))))
    at = Stage.SENT_TO_PROSECUTOR
    with open_work(node, CONSOLE) as work, pytest.raises(OutcomeForbidden, match="KR-JA-4-2"):
        mistaken.take_back_step(work, person_id, stage=at, because=WHY)
