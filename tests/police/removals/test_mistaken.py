"""What was recorded of a place by mistake: kept in its history, marked, and counted nowhere."""

import re
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case, recorded, suspect, verified
from tests.police.removals.places import a_place, add, clock, file_of, know, near
from tests.police.removals.servers import site
from tests.police.removals.test_split import ask, request
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.removals import actions, checking, moving, noticing, pages
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import (
    CheckOutcome,
    NoticeStep,
    Removal,
    RemovalState,
    ReplyKind,
)

S = RemovalState
WHY = "It was the page of another address."


def _record(node: Node, removal: Removal, *states: S) -> None:
    for state in states:
        with open_work(node, CONSOLE) as work:
            moving.record_state(work, removal.id, state)


def _asked(node: Node, removal: Removal) -> NoticeStep:
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, removal.id)
        noticing.carry_notice(work, notice.id)
    return notice.step


def _take_back(node: Node, removal: Removal, entry_id: str | None = None) -> None:
    """Take an entry back; the last standing state without one."""
    steps = [each for each in file_of(node, removal).steps if each.mistake is None]
    with open_work(node, CONSOLE) as work:
        take_back(work, removal.id, entry_id or steps[-1].id, because=WHY)


def test_a_state_that_was_a_mistake_stays_marked_and_counts_in_no_figure(node: Node) -> None:
    removal = a_place(node)
    _asked(node, removal)
    clock(node, 2014, 6, 3, 3)
    _record(node, removal, S.LIVE, S.REMOVED)
    clock(node, 2014, 6, 4, 3)
    _record(node, removal, S.REAPPEARED)
    with open_work(node, CONSOLE) as work:
        (before,) = actions.measure_hosts(work)
    assert (before.gone, before.reappeared) == (1, 1)
    _take_back(node, removal)
    _take_back(node, removal)
    found = file_of(node, removal)
    assert [(each.state, each.mistake and each.mistake.because) for each in found.steps] == [
        (S.LIVE, None),
        (S.REMOVED, WHY),
        (S.REAPPEARED, WHY),
    ]
    assert found.steps[1].mistake is not None
    assert found.steps[1].mistake.by == CONSOLE.id
    assert (found.removal.state, found.removal.changed_at) == (S.LIVE, found.steps[0].at)
    with open_work(node, CONSOLE) as work:
        (after,) = actions.measure_hosts(work)
        assert [each.removal.id for each in actions.list_up(work)] == [removal.id]
        assert found.removal.next_check_at == work.now
    assert (after.noticed, after.gone, after.reappeared) == (1, 0, 0)
    assert (after.curve, after.watched) == ((), (1, 0, 0)), "seen up for a day, and gone never"


def test_what_later_states_rest_on_is_taken_back_last(node: Node) -> None:
    removal = a_place(node)
    _record(node, removal, S.REMOVED, S.REAPPEARED)
    first, second = file_of(node, removal).steps
    with pytest.raises(Conflict, match="reappeared was recorded"):
        _take_back(node, removal, first.id)
    with pytest.raises(Invalid, match="because"), open_work(node, CONSOLE) as work:
        take_back(work, removal.id, second.id, because=" ")
    with pytest.raises(NotFound):
        _take_back(node, add(node, a_case(node, account_parts("b"))), second.id)
    _take_back(node, removal, second.id)
    with pytest.raises(Conflict, match="already"):
        _take_back(node, removal, second.id)
    _take_back(node, removal, first.id)
    assert file_of(node, removal).removal.state is S.UNKNOWN
    _record(node, removal, S.LIVE)
    assert file_of(node, removal).removal.state is S.LIVE


def test_asking_goes_on_in_the_round_that_a_mistake_had_ended(node: Node) -> None:
    removal = a_place(node)
    assert _asked(node, removal) is NoticeStep.FIRST
    clock(node, 2014, 6, 4, 3)
    _record(node, removal, S.REMOVED, S.REAPPEARED)
    assert file_of(node, removal).next_notice is NoticeStep.FIRST, "a new round"
    for _ in range(2):
        _take_back(node, removal)
    assert file_of(node, removal).next_notice is NoticeStep.REMINDER
    assert _asked(node, removal) is NoticeStep.REMINDER


def test_a_hosts_answer_that_was_another_places_opens_no_firmer_step_and_shows_nothing(
    node: Node,
) -> None:
    removal = a_place(node)
    _asked(node, removal)
    with open_work(node, CONSOLE) as work:
        refused = noticing.record_reply(work, removal.id, ReplyKind.REFUSED)
    assert file_of(node, removal).waits_until is None
    _take_back(node, removal, refused.id)
    assert file_of(node, removal).waits_until is not None, "nobody refused"
    with open_work(node, CONSOLE) as work:
        gone = noticing.record_reply(work, removal.id, ReplyKind.REMOVED)
    _take_back(node, removal, gone.id)
    found = file_of(node, removal)
    assert (found.removal.state, [bool(each.mistake) for each in found.replies]) == (
        S.UNKNOWN,
        [True, True],
    ), "the state goes with the answer that said so"


def test_a_check_that_saw_it_gone_by_mistake_makes_no_later_one_a_reappearance(node: Node) -> None:
    with site() as host:
        removal = a_place(node, host.place("/posts/1"))
        know(node, host.host, checks=True)
        for status in (404, 200):
            host.statuses["/posts/1"] = status
            if status == 200:  # the host was out of order: its answer said nothing of the place
                _take_back(node, removal)
                _record(node, removal, S.REMOVED)
            with open_work(near(node), CONSOLE) as work:
                check = checking.check_now(work, removal.id)
    assert (check.outcome, check.contradicts) == (CheckOutcome.ANSWERS, True)
    found = file_of(node, removal)
    assert found.removal.state is S.REMOVED
    assert [bool(each.mistake) for each in found.checks] == [True, False]
    assert [each.what for each in found.entries] == ["answers", "removed", "noted"]


def test_the_day_of_a_childs_request_is_open_again_where_it_rested_on_a_mistake(node: Node) -> None:
    file = a_case(node, account_parts("a"))
    removal = add(node, file)
    _record(node, removal, S.REMOVED)
    child = recorded(node, file, suspect(birth=verified(date(2002, 1, 1)), self_produced=True))
    ask(node, file.case.id)
    assert request(node, child) == (False, date(2014, 6, 2)), "gone before anybody was asked"
    clock(node, 2014, 6, 3, 3)
    _take_back(node, removal)
    run_followups(node)
    assert request(node, child) == (True, None)
    (notice,) = file_of(node, removal).notices
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
    ask(node, file.case.id)
    assert request(node, child) == (False, date(2014, 6, 3))
    later = add(node, file, "https://host.example/later")
    clock(node, 2014, 6, 5, 3)
    _record(node, later, S.REMOVED)
    _take_back(node, later)
    run_followups(node)
    assert request(node, child) == (True, date(2014, 6, 3)), "met before the mistake: it stands"


def test_a_mistake_is_taken_back_on_the_page_and_shown_as_one(node: Node) -> None:
    removal = a_place(node)
    _record(node, removal, S.REMOVED)
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=[pages.router]))
    sign_in(client, "desk")
    path = f"/cases/{removal.case_id}/removals"
    shown = client.get(path).text
    (entry,) = re.findall(r'<option value="(\w+)">[^<]*removed</option>', shown)
    done = client.post(f"{path}/{removal.id}/mistakes", data={"entry": entry, "because": WHY})
    assert done.status_code == 303
    shown = client.get(path, headers={"Accept-Language": "ko"}).text
    assert WHY in shown
    left = re.findall(r'<option value="(\w+)">', shown.partition('name="entry"')[2])
    assert left[0] == removal.id, "nothing but the place itself is left to take back"
