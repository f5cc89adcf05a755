"""Whoever got a bundle is told of a fact of somebody in it that changed since."""

from datetime import date
from pathlib import Path

from tests.nodes import CONSOLE, add_staff, run_followups
from tests.police.disclosure.test_actions import approve, propose, write
from tests.police.evidence.test_actions import an_exhibit
from tests.police.folk import NOW, file_of, recorded, suspect, verified
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.model import PersonRole, Task, TaskKind


def _tasks(node: Node, case_id: str) -> list[Task]:
    kind = TaskKind.TELL_CHANGE_BUNDLE
    return [task for task in file_of(node, case_id).tasks if task.kind is kind]


def test_a_changed_fact_reaches_those_who_got_a_bundle_before(node: Node, tmp_path: Path) -> None:
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=NOW)
        grounds = "A caller said so."
        case = fairness.open_case(
            work, origin=CaseOrigin.PUBLIC_REPORT, grounds=grounds, grade="B2"
        )
        cases.add_person(work, case.id, roles=[PersonRole.SUSPECT])
    file, case_id = file_of(node, case.id), case.id
    person_id = recorded(node, file, suspect(birth=verified(date(1981, 5, 5))))
    an_exhibit(node, CONSOLE, case_id)
    left = propose(node, CONSOLE, case_id, recipient="Example Agency", purpose="other-agency")
    for _ in range(2):
        approve(node, add_staff(node, Role.INVESTIGATOR), left.id)
    write(node, CONSOLE, left.id, tmp_path / "bundle")
    propose(node, CONSOLE, case_id, recipient="Who never got it", purpose="other-agency")
    recorded(node, file, suspect(birth=verified(date(1981, 5, 5)), motive=None))
    run_followups(node)
    assert _tasks(node, case_id) == [], "nothing that was said was otherwise"
    for year in (1982, 1983):
        recorded(node, file, suspect(birth=verified(date(year, 5, 5))))
        run_followups(node)
    (task,) = _tasks(node, case_id)
    assert (task.title, task.person_id) == ("Example Agency", person_id)
    with open_work(node, CONSOLE) as work:
        diary.finish_task(work, case_id, task.id)
    recorded(node, file, suspect(birth=verified(date(1984, 5, 5))))
    run_followups(node)
    assert [each.done_at is None for each in _tasks(node, case_id)].count(True) == 1
    assert len(_tasks(node, case_id)) == 2
