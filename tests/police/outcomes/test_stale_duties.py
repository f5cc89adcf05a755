"""A duty of earlier advice leads nowhere: only what the law asks for today opens its step."""

from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, outcome_of, recorded, suspect, verified
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome, SchoolLevel, Stage
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import PersonFacts
from tipbridge.police.outcomes import actions, steps
from tipbridge.police.outcomes.errors import OnlyByStep, StepNotLegal
from tipbridge.police.outcomes.model import Change, OpenDuty, StepFacts

WHY = "The birth certificate came and says otherwise."
GUIDANCE = ("guidance-by-parents", "guidance-by-school")
TRANSFER = "juvenile-division-transfer"


def _decided(node: Node, person_id: str, outcome: Outcome, **chosen: object) -> None:
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=outcome, **chosen)  # type: ignore[arg-type]


def _step(node: Node, person_id: str, stage: Stage) -> None:
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=stage))


def _transfer(node: Node, file: CaseFile, person_id: str) -> OpenDuty:
    duties = outcome_of(node, file.case.id, person_id).duties
    return next(each for each in duties if each.code == TRANSFER)


def _child(node: Node) -> tuple[CaseFile, str]:
    file = a_case(node)
    facts = suspect(birth=verified(date(2001, 5, 5)), school_level=SchoolLevel.MIDDLE)
    person_id = recorded(node, file, facts)
    contacted(node, person_id)
    _decided(node, person_id, Outcome.JUVENILE_DIVISION)
    return file, person_id


@pytest.mark.parametrize(
    ("birth", "outcome"),
    [(date(1998, 1, 1), Outcome.GUIDANCE), (date(2005, 1, 1), Outcome.WELFARE_ONLY)],
)
def test_who_turns_out_to_be_nine_or_sixteen_is_not_sent_to_the_juvenile_division(
    node: Node, birth: date, outcome: Outcome
) -> None:
    file, person_id = _child(node)
    recorded(node, file, PersonFacts(birth=verified(birth)))
    with pytest.raises(StepNotLegal, match="no duty of the law"):
        _step(node, person_id, Stage.JUVENILE_DIVISION)
    chosen = {"grounds": WHY, "change": Change.CORRECTION, "conditions": GUIDANCE}
    _decided(node, person_id, outcome, **chosen)
    told = outcome_of(node, file.case.id, person_id)
    assert told.history.next_steps == ()
    with pytest.raises(StepNotLegal, match="no duty of the law"):
        _step(node, person_id, Stage.JUVENILE_DIVISION)
    assert not told.history.closed, "staff say that the old duty is over"
    with open_work(node, CONSOLE) as work:
        actions.finish_duty(work, _transfer(node, file, person_id).id)
    assert outcome_of(node, file.case.id, person_id).history.closed


def test_a_cleared_child_is_sent_nowhere_and_sent_again_once_it_is_suspected_again(
    node: Node,
) -> None:
    file, person_id = _child(node)
    _decided(node, person_id, Outcome.NO_SUSPICION, grounds=WHY, change=Change.NEW_FACTS)
    assert outcome_of(node, file.case.id, person_id).history.next_steps == ()
    with pytest.raises(StepNotLegal, match="no-suspicion"):
        _step(node, person_id, Stage.JUVENILE_DIVISION)
    assert outcome_of(node, file.case.id, person_id).history.closed
    assert not _transfer(node, file, person_id).by_step, "no step waits for who is cleared"
    _decided(node, person_id, Outcome.JUVENILE_DIVISION, grounds=WHY, change=Change.NEW_FACTS)
    _step(node, person_id, Stage.JUVENILE_DIVISION)


def test_who_is_decided_about_again_is_sent_again_though_they_were_sent_once(node: Node) -> None:
    """A decision puts the matter back to not booked, and that is not closed."""
    file, person_id = _child(node)
    _step(node, person_id, Stage.JUVENILE_DIVISION)
    assert _transfer(node, file, person_id).done_at is not None
    _decided(node, person_id, Outcome.NO_SUSPICION, grounds=WHY, change=Change.CORRECTION)
    _decided(node, person_id, Outcome.JUVENILE_DIVISION, grounds=WHY, change=Change.CORRECTION)
    again = _transfer(node, file, person_id)
    assert (again.done_at, again.by_step) == (None, True)
    assert not outcome_of(node, file.case.id, person_id).history.closed
    with open_work(node, CONSOLE) as work, pytest.raises(OnlyByStep):
        actions.finish_duty(work, again.id)
    _step(node, person_id, Stage.JUVENILE_DIVISION)
    assert _transfer(node, file, person_id).done_at is not None
