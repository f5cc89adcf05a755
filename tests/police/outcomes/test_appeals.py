"""An appeal that is upheld waits for a decision: nothing is closed or erased before."""

from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, file_of, outcome_of, recorded, suspect
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome, Reason, Stage
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.police.outcomes import actions, steps
from tipbridge.police.outcomes.model import AppealBy, AppealState, Change, StepFacts
from tipbridge.police.retention import actions as retention
from tipbridge.police.retention.model import Waits

WHY = "The file shows otherwise."


def _decided(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> None:
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]


def _appeal(node: Node, person_id: str, state: AppealState, by: AppealBy) -> None:
    with open_work(node, CONSOLE) as work:
        filed = steps.file_appeal(work, person_id, by=by, grounds=WHY)
        steps.answer_appeal(work, filed.id, state=state, answer=WHY)


def _tasks(node: Node, file: CaseFile) -> list[Task]:
    found = file_of(node, file.case.id).tasks
    return [each for each in found if each.kind is TaskKind.DECIDE_ANEW and each.done_at is None]


def _closed(node: Node, file: CaseFile, person_id: str) -> bool:
    return outcome_of(node, file.case.id, person_id).history.closed


def test_an_appeal_has_the_day_on_which_it_was_filed(node: Node) -> None:
    file = a_case(node, now=datetime(2021, 9, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.NO_SUSPICION)
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2021, 9, 9, 3, tzinfo=UTC))
    for day, why in ((date(2021, 9, 1), "before the decision"), (date(2021, 9, 10), "future")):
        with pytest.raises(Invalid, match=why), open_work(node, CONSOLE) as work:
            steps.file_appeal(work, person_id, by=AppealBy.VICTIM, grounds=WHY, on=day)
    client = signed_in(node, Role.INVESTIGATOR)
    sent = {"filed_by": "victim", "appeal_grounds": WHY, "appeal_on": "2021-09-03"}
    path = f"/cases/{file.case.id}/people/{person_id}/appeals"
    assert client.post(path, data=sent).status_code == 303
    (appeal,) = outcome_of(node, file.case.id, person_id).history.appeals
    assert appeal.filed_on == date(2021, 9, 3)


@pytest.mark.parametrize("by", [AppealBy.VICTIM, AppealBy.COUNSEL])
def test_an_upheld_appeal_keeps_a_matter_open_until_it_is_decided_anew(
    node: Node, by: AppealBy
) -> None:
    file = a_case(node, now=datetime(2021, 9, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.NO_SUSPICION)
    _appeal(node, person_id, AppealState.REJECTED, by)
    assert _closed(node, file, person_id)
    assert _tasks(node, file) == []
    _appeal(node, person_id, AppealState.UPHELD, by)
    assert not _closed(node, file, person_id)
    (task,) = _tasks(node, file)
    assert task.person_id == person_id
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(2022, 11, 1, 3, tzinfo=UTC))
    with open_work(node, CONSOLE) as work:
        (due,) = retention.read_plan(work).cases
    assert Waits.NOT_CLOSED in due.waits, "a year after the decision nothing is erased"
    again = {"grounds": WHY, "change": Change.APPEAL}
    _decided(node, person_id, Outcome.NO_SUSPICION, **again)
    assert _closed(node, file, person_id)
    assert _tasks(node, file) == []


def test_an_upheld_objection_is_answered_by_the_step_that_it_forces(node: Node) -> None:
    file = a_case(node, now=datetime(2021, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    with open_work(node, CONSOLE) as work:
        steps.record_step(
            work, person_id, StepFacts(stage=Stage.NOT_SENT, reason=Reason.NO_CRIME_FOUND)
        )
    _appeal(node, person_id, AppealState.UPHELD, AppealBy.VICTIM)
    assert len(_tasks(node, file)) == 1
    for stage, reason in (
        (Stage.SENT_TO_PROSECUTOR, None),
        (Stage.NOT_CHARGED, Reason.NO_CRIME_FOUND),
    ):
        with open_work(node, CONSOLE) as work:
            steps.record_step(work, person_id, StepFacts(stage=stage, reason=reason))
    assert _closed(node, file, person_id)
    assert _tasks(node, file) == []


def test_another_custody_alone_does_not_answer_an_upheld_appeal(node: Node) -> None:
    file = a_case(node, now=datetime(2021, 6, 2, 3, tzinfo=UTC))
    person_id = recorded(node, file, suspect(act_on=date(2021, 3, 10)))
    _decided(node, person_id, Outcome.BOOKED_AT_LIBERTY)
    _appeal(node, person_id, AppealState.UPHELD, AppealBy.COUNSEL)
    _decided(node, person_id, Outcome.BOOKED_DETAINED)
    standing = outcome_of(node, file.case.id, person_id).decision
    assert standing is not None
    assert standing.change is Change.CUSTODY
    assert len(_tasks(node, file)) == 1
    _decided(node, person_id, Outcome.NO_SUSPICION, grounds=WHY, change=Change.APPEAL)
    assert _tasks(node, file) == []
    assert _closed(node, file, person_id)
