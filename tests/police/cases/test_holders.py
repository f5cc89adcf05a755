"""A task whose doer works on its case no more is put before those who see the case."""

import pytest

from tests.nodes import run_followups
from tests.police.cases.test_handing import Staff, case_of, city, port
from tests.police.cases.test_leaving import change
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary import pages as diary_pages
from tipbridge.police.cases.diary.model import Diary
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.police.cases.model import Task
from tipbridge.police.cases.tasks import actions as tasks
from tipbridge.police.cases.tasks import holders, pages
from tipbridge.police.cases.tasks.model import Whose

__all__ = ["city", "port"]  # fixtures


def given(node: Node, by: Actor, case_id: str, to: Actor) -> Task:
    with open_work(node, by) as work:
        return diary.add_task(work, case_id, title="Call the school", assigned_to=to.name)


def read(node: Node, by: Actor, case_id: str) -> Diary:
    run_followups(node)
    with open_work(node, by) as work:
        return diary.read_diary(work, case_id)


def left(node: Node, by: Actor, case_id: str) -> list[tuple[str, str]]:
    """The lines of a case's timeline that say who left which task."""
    told = [each for each in read(node, by, case_id).timeline if each.event == "cases.task.left"]
    return [(dict(each.facts)["task"], dict(each.facts)["member"]) for each in told]


@pytest.mark.parametrize("how", ["ended", "handed-over", "list"])
def test_who_sees_the_case_is_told_that_a_task_was_left(
    node: Node, city: Actor, port: Actor, staff: Staff, how: str
) -> None:
    case_id, above = case_of(node, "city"), staff(node, Role.INVESTIGATOR)
    doer = staff(node, Role.INVESTIGATOR, unit=city.units[0])
    task = given(node, city, case_id, doer)
    kept = given(node, city, case_id, above)
    reader = above
    if how == "ended":
        change(node, doer, active=False)
    elif how == "list":
        with open_work(node, city) as work:
            actions.restrict_case(work, case_id, members=[above.name])
    else:
        with open_work(node, city) as work:
            offer = handing.offer_case(
                work, case_id, unit="port", ground=HandOverGround.SPECIALITY, words="Theirs."
            )
        with open_work(node, port) as work:
            handing.accept_case(work, offer.id)
        reader = port
    assert left(node, reader, case_id) == [(task.id, doer.id)]
    assert left(node, reader, case_id) == [(task.id, doer.id)]  # told once
    with open_work(node, reader) as work:
        assert tasks.count_waiting(work) == (2 if reader is above else 1)
        found = tasks.list_tasks(work, whose=Whose.NOBODYS)
        mine = tasks.list_tasks(work)
    assert [each.task.id for each in found.lines if each.task.left_at] == [task.id]
    assert mine.left_count == 1
    with open_work(node, reader) as work:
        tasks.assign_task(work, case_id, task.id, to=reader.name)
        assert tasks.list_tasks(work).left_count == 0
    states = {each.id: each.left_at for each in read(node, reader, case_id).tasks}
    assert states[task.id] is states[kept.id] is None


def test_of_who_works_on_the_case_again_it_is_noted_no_longer_and_pages_show_it(
    node: Node, city: Actor, staff: Staff
) -> None:
    case_id = case_of(node, "city")
    doer = staff(node, Role.INVESTIGATOR, unit=city.units[0])
    task = given(node, city, case_id, doer)
    with pytest.raises(NotFound), open_work(node, WORKER) as work:
        holders.tell_left(work, case_id, task.id)
    change(node, doer, active=False)
    add_member(node, "reader", Role.INVESTIGATOR)
    routers = (pages.router, diary_pages.router, case_pages.router)
    client = browser(shell_app(node, routers=routers, navigation=case_pages.NAV))
    sign_in(client, "reader")
    said = "works on this case no more · "
    for path in (f"/cases/{case_id}/diary", "/tasks?whose=nobodys", "/tasks?whose=all"):
        assert client.get(path).text.count(said) == 1, path
    assert "waiting for somebody new: 1" in client.get("/tasks").text
    change(node, doer, active=True)
    assert said not in client.get(f"/cases/{case_id}/diary").text
    assert "somebody new" not in client.get("/tasks").text
    assert left(node, city, case_id) == [(task.id, doer.id)]  # what was said stays
