"""The day of the request for removal where no place of the child's own material is known."""

from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import a_case, record_of, recorded, suspect, verified
from tests.police.removals.places import add
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.police.cases import store as cases_store
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import moving, noticing, store
from tipbridge.police.removals.model import PlaceForm, RemovalState, StepSource
from tipbridge.police.welfare import actions
from tipbridge.police.welfare.model import (
    ClockStep,
    Ending,
    OwnMaterial,
    Welfare,
    WelfareFact,
    WelfareFacts,
)
from tipbridge.police.welfare.views import WelfareView

CHILD = verified(date(2002, 1, 1))
NONE_KNOWN = WelfareFacts(own_material=OwnMaterial.NO_PLACE_KNOWN)
ON = date(2014, 6, 2)


def _say(node: Node, record: Welfare) -> None:
    with open_work(node, CONSOLE) as work:
        actions.record_welfare(work, record.id, NONE_KNOWN)


def _view(node: Node, record: Welfare) -> WelfareView:
    with open_work(node, CONSOLE) as work:
        return actions.read_record(work, record.id)


def _met_on(view: WelfareView) -> date | None:
    return next(each.met_on for each in view.clocks if each.step is ClockStep.REMOVAL_REQUEST)


def test_that_no_place_is_known_answers_the_day_until_one_is(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD, self_produced=True)))
    assert _met_on(_view(node, record)) is None
    for _ in range(2):
        _say(node, record)
    view = _view(node, record)
    assert _met_on(view) == view.welfare.own_material_on == ON
    add(node, file, "https://host.example/1")
    run_followups(node)
    view = _view(node, record)
    assert (_met_on(view), view.welfare.own_material) == (None, None)
    before = {each.fact: each.before for each in view.changes if each.by != CONSOLE.id}
    assert before == {
        WelfareFact.OWN_MATERIAL: OwnMaterial.NO_PLACE_KNOWN,
        WelfareFact.OWN_MATERIAL_ON: ON,
    }, "what was said stays, and so does that it was the program that found a place"
    with pytest.raises(Conflict, match="is known: ask there"):
        _say(node, record)


def test_no_record_closes_while_a_request_has_yet_to_go_out(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD, self_produced=True)))

    def close() -> None:
        with open_work(node, CONSOLE) as work:
            actions.record_welfare(work, record.id, WelfareFacts(contact_made=False))
            actions.close_welfare(work, record.id, ending=Ending.NOT_FOUND)

    with pytest.raises(Conflict, match="that removal of own material was asked for"):
        close()
    _say(node, record)
    place = add(node, file, "https://host.example/1")
    run_followups(node)
    assert _view(node, record).removal_waits
    with pytest.raises(Conflict, match="that removal of own material was asked for"):
        close()
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, place.id, RemovalState.REMOVED)
    run_followups(node)
    close()
    assert record_of(node, record.person_id).ending is Ending.NOT_FOUND


def test_a_record_says_that_a_mark_forbids_the_request_it_waits_for(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD, self_produced=True)))
    address = "https://host.example/1"
    with open_work(node, WORKER) as work:
        place = removals.new_removal(
            work, file.case.id, address, form=PlaceForm.URL, host="host.example"
        )
        store.insert_removal(work.db, replace(place, held_by=Pap.RED), address)
        noticing.ask_for_own_material(work, case_id=file.case.id)

    def held() -> tuple[bool, bool, bool]:
        view = _view(node, record)
        with open_work(node, CONSOLE) as work:
            (line,) = actions.list_records(work)
        return view.removal_waits, view.removal_held, line.removal_held

    assert held() == (True, True, True)
    with open_work(node, WORKER) as work:
        assert store.free_place(work.db, file.case.id, address)
        assert not store.free_place(work.db, file.case.id, address)
        noticing.ask_for_own_material(work, case_id=file.case.id)
    with open_work(node, CONSOLE) as work:
        (after,) = removals.list_removals(work, file.case.id)
    assert (len(after.notices), held()) == (1, (True, False, False))


def test_moved_answers_no_request_before_the_new_address_is_noted_and_asked_about(
    node: Node,
) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD, self_produced=True)))
    place = add(node, file, "https://host.example/1")
    run_followups(node)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="to which address"):
        moving.record_state(work, place.id, RemovalState.MOVED)
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, place.id, RemovalState.MOVED, moved_to="https://other.example/2")
    run_followups(node)
    view = _view(node, record)
    assert (_met_on(view), view.removal_waits) == (None, True)
    with open_work(node, CONSOLE) as work:
        (_, after) = removals.list_removals(work, file.case.id)
        assert (after.removal.moved_from, after.removal.own_material) == (place.id, True)
        assert [each.host for each in after.notices] == ["other.example"]
        noticing.carry_notice(work, after.notices[0].id)
    run_followups(node)
    assert _met_on(_view(node, record)) == ON


def test_what_a_check_saw_move_to_nowhere_leaves_the_request_open(node: Node) -> None:
    file = a_case(node)
    record = record_of(node, recorded(node, file, suspect(birth=CHILD, self_produced=True)))
    place = add(node, file, "https://host.example/1")
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        found = removals.removal_seen(work, place.id)
        removals.change_state(work, found, RemovalState.MOVED, StepSource.CHECK)
    run_followups(node)
    assert _met_on(_view(node, record)) is None
    with open_work(node, CONSOLE) as work:
        assert [each.removal.moved_nowhere for each in removals.list_up(work)] == [True]
        assert removals.count_up(work, file.case.id) == 1
        moving.record_state(work, place.id, RemovalState.MOVED, moved_to="https://host.example/2")
        (up,) = removals.list_up(work)
    assert (up.removal.moved_from, up.removal.moved_nowhere) == (place.id, False)


def test_a_place_of_somebody_else_to_which_it_moved_shows_the_child_too(node: Node) -> None:
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1)])
    record = record_of(node, recorded(node, file, suspect(birth=CHILD, self_produced=True)))
    place = add(node, file, "https://host.example/1")
    run_followups(node)
    about_other = taken(node, account_parts("b"))
    assert about_other.case_id == file.case.id
    address = "https://other.example/2"
    with open_work(node, WORKER) as work:
        referral = cases_store.referrals_of(work.db, file.case.id)[-1].referral_id
        known = removals.new_removal(
            work, file.case.id, address, form=PlaceForm.URL, host="other.example"
        )
        assert store.insert_removal(work.db, replace(known, referral_id=referral), address)
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, place.id, RemovalState.MOVED, moved_to=address)
    run_followups(node)
    view = _view(node, record)
    assert (_met_on(view), view.removal_waits) == (None, True)
    with open_work(node, CONSOLE) as work:
        (notice,) = removals.file_of(work, removals.removal_seen(work, known.id)).notices
        noticing.carry_notice(work, notice.id)
    run_followups(node)
    assert _met_on(_view(node, record)) == ON


def test_of_a_child_that_nothing_shows_there_is_no_such_day(node: Node) -> None:
    record = record_of(node, recorded(node, a_case(node), suspect(birth=CHILD)))
    with pytest.raises(Conflict, match="no request for removal is due"):
        _say(node, record)
