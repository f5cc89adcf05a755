"""A place shows a child of the case as long as somebody of the case is that child."""

from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.folk import a_case, recorded, suspect, verified
from tests.police.removals.places import file_of
from tests.police.striking.test_striking import restore, strike
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.removals import actions, noticing
from tipbridge.police.removals.model import NoticeState, PlaceForm, Removal

CHILD = PersonFacts(name="Person-003", birth=verified(date(2001, 5, 5)), self_produced=True)


def _child(node: Node, case_id: str) -> str:
    with open_work(node, CONSOLE) as work:
        person = cases.add_person(work, case_id, roles=[PersonRole.VICTIM])
        cases.record_person(work, person, CHILD)
    run_followups(node)
    return person


def _place(node: Node, file: CaseFile, form: PlaceForm) -> Removal:
    with open_work(node, CONSOLE) as work:
        place = actions.add_place(
            work, file.case.id, address="somebody-1", form=form, host="messenger.example"
        )
    run_followups(node)
    return place


@pytest.mark.parametrize("form", [PlaceForm.MESSAGE_GROUP, PlaceForm.ACCOUNT_POST])
def test_a_place_of_a_child_that_is_struck_out_shows_no_child_any_more(
    node: Node, form: PlaceForm
) -> None:
    file = a_case(node)
    person = _child(node, file.case.id)
    place = _place(node, file, form)
    found = file_of(node, place)
    assert found.removal.own_material
    assert [each.state for each in found.notices] == [NoticeState.DRAFT]
    strike(node, file.case.id, person)
    found = file_of(node, place)
    assert not found.removal.own_material
    assert [each.state for each in found.notices] == [NoticeState.DRAFT]  # asked all the same
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, found.notices[0].id)
        assert actions.count_waiting(work) == 0
    restore(node, file.case.id, person)
    assert file_of(node, place).removal.own_material


def test_a_place_that_shows_another_child_too_keeps_its_mark(node: Node) -> None:
    file = a_case(node)
    recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), self_produced=True))
    person = _child(node, file.case.id)
    place = _place(node, file, PlaceForm.MESSAGE_GROUP)
    strike(node, file.case.id, person)
    assert file_of(node, place).removal.own_material
