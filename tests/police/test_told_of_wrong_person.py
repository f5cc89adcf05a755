"""Who inside and around the police hears that somebody was the wrong person, and says so."""

from datetime import date

import pytest

from tests.nodes import CONSOLE, add_staff, run_followups
from tests.police.folk import NOW, contacted, file_of, outcome_of, recorded, suspect, verified
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome, Stage
from tipbridge.office.actions import set_clock
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import identifying
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary import pages as diary_pages
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import pages, telling
from tipbridge.police.cases.fairness.model import CaseOrigin, Target, Told, ToldState
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.model import (
    Identifier,
    IdentifierKind,
    PersonRole,
    Task,
    TaskKind,
)
from tipbridge.police.evidence.actions import add_exhibit
from tipbridge.police.evidence.model import Taking
from tipbridge.police.outcomes import actions, steps
from tipbridge.police.outcomes.model import StepFacts
from tipbridge.police.welfare import steps as coercive
from tipbridge.police.welfare.errors import WronglySuspected
from tipbridge.police.welfare.model import CoerciveStep


def _opened(node: Node, device: str | None = None) -> CaseFile:
    """A case of one's own, with one person in it who has such a device."""
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=NOW)
    with open_work(node, CONSOLE) as work:
        case = fairness.open_case(
            work, origin=CaseOrigin.PUBLIC_REPORT, grounds="A caller said so.", grade="B2"
        )
    with open_work(node, CONSOLE) as work:
        person_id = cases.add_person(work, case.id, roles=[PersonRole.SUSPECT])
    if device is not None:
        with open_work(node, CONSOLE) as work:
            held = Identifier(kind=IdentifierKind.DEVICE, scope="serial", value=device)
            identifying.add_identifier(work, person_id, held)
        run_followups(node)
    return file_of(node, case.id)


def _correct(node: Node, file: CaseFile, person_id: str, actor: Actor = CONSOLE) -> None:
    with open_work(node, actor) as work:
        fairness.correct_person(work, file.case.id, person_id, grounds="Another had it.")
    run_followups(node)


def _told(node: Node, file: CaseFile) -> dict[str | None, Told]:
    with open_work(node, CONSOLE) as work:
        (side,) = fairness.read_due_process(work, file.case.id).people
    assert side.correction is not None
    return {each.receiver: each for each in side.correction.told if each.target is not Target.NODE}


def _tasks(node: Node, case_id: str, *kinds: TaskKind) -> list[Task]:
    return [task for task in file_of(node, case_id).tasks if task.kind in kinds]


def test_the_authorities_that_have_the_matter_are_told_and_answer(node: Node) -> None:
    file = _opened(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    for stage in (Stage.SENT_TO_PROSECUTOR, Stage.CHARGED):
        with open_work(node, CONSOLE) as work:
            steps.record_step(work, person_id, StepFacts(stage=stage))
    _correct(node, file, person_id)
    told = _told(node, file)
    assert set(told) == {"prosecutor", "court"}
    assert {each.state for each in told.values()} == {ToldState.WAITING}
    tasks = _tasks(node, file.case.id, TaskKind.TELL_AUTHORITY)
    assert [(task.title, task.person_id) for task in tasks] == [
        ("court", person_id),
        ("prosecutor", person_id),
    ]
    app = shell_app(node, routers=[pages.router, diary_pages.router])
    add_member(node, "park", Role.INVESTIGATOR)
    desk = browser(app, language="ko")
    sign_in(desk, "park")
    shown = desk.get(f"/cases/{file.case.id}/due-process").text
    assert "단계를 맡은 기관" in shown
    assert "검사" in shown
    diary_page = desk.get(f"/cases/{file.case.id}/diary").text
    assert "오인 사실을 담당 기관에 알리기: 법원" in diary_page
    with open_work(node, CONSOLE) as work:
        telling.note_answer(
            work, file.case.id, told["court"].id or "", words="The chamber's clerk confirmed."
        )
    assert _told(node, file)["court"].state is ToldState.ACKNOWLEDGED
    with open_work(node, CONSOLE) as work:
        correction = fairness.read_due_process(work, file.case.id).people[0].correction
    assert correction is not None
    with open_work(node, WORKER) as work:
        assert steps.tell_authorities(work, correction_id=correction.correction.id) == 0
    assert len(_tasks(node, file.case.id, TaskKind.TELL_AUTHORITY)) == 2, "nobody is told twice"


@pytest.mark.parametrize("booked", [True, False])
def test_while_the_police_alone_had_the_matter_no_authority_is_told(
    node: Node, booked: bool
) -> None:
    file = _opened(node)
    person_id = recorded(node, file, suspect())
    if booked:
        with open_work(node, CONSOLE) as work:
            actions.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    _correct(node, file, person_id)
    assert _told(node, file) == {}
    assert _tasks(node, file.case.id, TaskKind.TELL_AUTHORITY, TaskKind.TELL_CORRECTION) == []


def test_the_juvenile_division_and_the_childrens_agency_are_told(node: Node) -> None:
    file = _opened(node)
    person_id = recorded(node, file, suspect(birth=verified(date(2002, 1, 5))))
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
    with open_work(node, CONSOLE) as work:
        steps.record_step(work, person_id, StepFacts(stage=Stage.JUVENILE_DIVISION))
    _correct(node, file, person_id)
    told = _told(node, file)
    assert {name: each.target for name, each in told.items()} == {
        "juvenile-division": Target.AUTHORITY,
        "Agency": Target.WELFARE,
    }
    (task,) = _tasks(node, file.case.id, TaskKind.TELL_CORRECTION)
    assert (task.title, task.person_id) == ("Agency", person_id)
    # A mark in the diary would close the task and leave the telling waiting for ever.
    with pytest.raises(Conflict, match="cases told"), open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, task.id)
    with open_work(node, CONSOLE) as work:
        telling.note_answer(work, file.case.id, told["Agency"].id or "", words="A letter.")
    (task,) = _tasks(node, file.case.id, TaskKind.TELL_CORRECTION)
    assert task.done_at is not None
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        diary.finish_task(work, file.case.id, task.id)


def test_cases_that_belong_with_this_one_are_told_and_others_are_not(node: Node) -> None:
    file = _opened(node, "shared")
    person_id = recorded(node, file, suspect())
    linked, open_, own, undone = (_opened(node, name) for name in ("shared", "shared", None, None))
    with open_work(node, CONSOLE) as work:
        links = {link.other_id: link.id for link in joining.links_of(work, file.case.id)}
    assert set(links) == {linked.case.id, open_.case.id}
    with open_work(node, CONSOLE) as work:
        joining.decide_link(work, file.case.id, links[linked.case.id], confirmed=True)
    with open_work(node, CONSOLE) as work:
        joining.join_cases(
            work, file.case.id, other=own.case.id, relation=Relation.PARENT, grounds="One inquiry."
        )
    with open_work(node, CONSOLE) as work:
        gone = joining.join_cases(
            work,
            file.case.id,
            other=undone.case.id,
            relation=Relation.TOGETHER,
            grounds="A mistake.",
        )
    with open_work(node, CONSOLE) as work:
        joining.undo_relation(work, file.case.id, gone.id)
    _correct(node, file, person_id)
    told = _told(node, file)
    assert set(told) == {linked.case.number, own.case.number}
    for each in (linked, own):
        (task,) = _tasks(node, each.case.id, TaskKind.LINKED_CORRECTED)
        assert task.title == file.case.number
    for each in (open_, undone):
        assert _tasks(node, each.case.id, TaskKind.LINKED_CORRECTED) == []
    with open_work(node, CONSOLE) as work:
        diary.finish_task(
            work, linked.case.id, _tasks(node, linked.case.id, TaskKind.LINKED_CORRECTED)[0].id
        )
    run_followups(node)
    after = _told(node, file)
    assert after[linked.case.number].state is ToldState.ACKNOWLEDGED
    assert after[own.case.number].state is ToldState.WAITING


def test_a_restricted_case_tells_the_others_without_its_number(node: Node) -> None:
    file, other = _opened(node), _opened(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        joining.join_cases(
            work,
            file.case.id,
            other=other.case.id,
            relation=Relation.TOGETHER,
            grounds="The same scheme.",
        )
    member = add_staff(node, Role.INVESTIGATOR)
    with open_work(node, member) as work:
        cases.restrict_case(work, file.case.id, members=[])
    _correct(node, file, person_id, member)
    (task,) = _tasks(node, other.case.id, TaskKind.LINKED_CORRECTED)
    assert task.title is None


def test_nothing_coercive_is_done_to_who_was_corrected(node: Node) -> None:
    file = _opened(node)
    person_id = recorded(node, file, suspect())
    _correct(node, file, person_id)
    for step in CoerciveStep:
        with (
            open_work(node, CONSOLE) as work,
            pytest.raises(WronglySuspected, match="Corrected as the wrong person on 2014-06-02"),
        ):
            coercive.record_step(work, person_id, step, grounds="It could not wait at all.")
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict, match="nothing coercive"):
        add_exhibit(
            work, file.case.id, mark="A1", kind="device", description="A telephone",
            place="Somewhere", authority="Warrant 1", taking=Taking(person=person_id),
        )  # fmt: skip
    with open_work(node, CONSOLE) as work:  # what was done before is still written down
        coercive.record_step(work, person_id, CoerciveStep.SEARCH, on=date(2014, 6, 1))
    assert [each.on for each in outcome_of(node, file.case.id, person_id).steps] == [
        date(2014, 6, 1)
    ]
