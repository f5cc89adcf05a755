"""What the due process of a case tells of a restricted one that the reader does not see: nothing."""

from datetime import timedelta

from tests.nodes import CONSOLE, add_staff, run_followups
from tests.police.folk import file_of, recorded, suspect
from tests.police.test_new_doors import signed_in
from tests.police.test_told_of_wrong_person import _opened
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness.model import Correction, Target
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.model import TaskKind


def _corrected_beside_a_hidden(node: Node) -> tuple[CaseFile, CaseFile, Actor, Correction]:
    """A wrong person in a case that belongs with one which its owner closed to others."""
    file, hidden = _opened(node), _opened(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        joining.join_cases(
            work,
            file.case.id,
            other=hidden.case.id,
            relation=Relation.TOGETHER,
            grounds="The same scheme.",
        )
    insider = add_staff(node, Role.INVESTIGATOR)
    with open_work(node, insider) as work:
        cases.restrict_case(work, hidden.case.id, members=[])
    with open_work(node, add_staff(node, Role.INVESTIGATOR)) as work:
        made = fairness.correct_person(work, file.case.id, person_id, grounds="Another one.")
    run_followups(node)
    return file, hidden, insider, made


def _told(node: Node, case_id: str, reader: Actor) -> list[str]:
    with open_work(node, reader) as work:
        sides = fairness.read_due_process(work, case_id).people
    told = [each.correction.told for each in sides if each.correction is not None]
    return [each.via for one in told for each in one if each.target is Target.CASE]


def test_due_process_tells_nothing_of_a_case_that_the_reader_does_not_see(node: Node) -> None:
    file, hidden, insider, _ = _corrected_beside_a_hidden(node)
    outsider = add_staff(node, Role.INVESTIGATOR)
    assert _told(node, file.case.id, insider) == [hidden.case.id]
    assert _told(node, file.case.id, outsider) == []
    page = signed_in(node, Role.INVESTIGATOR).get(f"/cases/{file.case.id}/due-process").text
    assert "another case of this node" not in page
    assert hidden.case.id not in page


def test_a_restricted_case_is_chased_on_its_own_side(node: Node) -> None:
    file, hidden, insider, made = _corrected_beside_a_hidden(node)
    for days, chased in ((6, 0), (7, 1), (8, 0)):
        with open_work(node, CONSOLE) as work:
            set_clock(work, at=made.made_at + timedelta(days=days, minutes=1))
        with open_work(node, WORKER) as work:
            assert fairness.chase_corrections(work) == chased
    chase = TaskKind.CHASE_CORRECTION
    assert chase not in [each.kind for each in file_of(node, file.case.id).tasks]
    with open_work(node, insider) as work:
        tasks = diary.tasks_of(work, hidden.case.id)
    (task,) = [each for each in tasks if each.kind is chase]
    assert (task.person_id, task.title) == (None, file.case.number)
