"""Places that no check reaches come due by schedule: somebody looks, and says what was seen."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.folk import a_case
from tests.police.removals.places import a_place, clock, file_of, know, near
from tests.police.removals.servers import site
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.removals import actions, checking, looking, moving, noticing
from tipbridge.police.removals.due.model import Due, ToDo
from tipbridge.police.removals.due.rules import look_from
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import (
    CheckOutcome,
    Life,
    PlaceForm,
    Removal,
    RemovalState,
    ReplyKind,
)

S = RemovalState
DAY = timedelta(days=1)
AT = datetime(2014, 6, 2, 3, tzinfo=UTC)


def _group(node: Node) -> Removal:
    """A message group that staff found and asked the service about."""
    file = a_case(node)
    with open_work(node, CONSOLE) as work:
        place = actions.add_place(
            work,
            file.case.id,
            address="group-of-somebody",
            form=PlaceForm.MESSAGE_GROUP,
            host="messenger.example",
        )
        noticing.carry_notice(work, noticing.make_notice(work, place.id).id)
    return place


def _on(node: Node, at: datetime) -> None:
    clock(node, at.year, at.month, at.day, at.hour)


def _due(node: Node) -> dict[str, Due | None]:
    with open_work(node, CONSOLE) as work:
        return {each.removal.id: each.due for each in actions.list_up(work, only_due=True)}


def _look(node: Node, place: Removal, done_at: datetime | None = None) -> None:
    with open_work(node, CONSOLE) as work:
        looking.look_by_hand(work, place.id, done_at=done_at)


def _state(node: Node, place: Removal, state: RemovalState) -> None:
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, place.id, state)


def _todos(node: Node, place: Removal) -> ToDo | None:
    due = _due(node).get(place.id)
    return None if due is None else due.todo


def _from(node: Node, place: Removal, now: datetime) -> datetime | None:
    file = file_of(node, place)
    return look_from(file.removal, file.checks, file.comparisons, now)


def _life(node: Node) -> Life:
    with open_work(node, CONSOLE) as work:
        (life,) = actions.lives_seen(work)
    return life


def _refused_on(node: Node, place: Removal) -> None:
    """Take every step of asking, so that only looking is left."""
    with open_work(node, CONSOLE) as work:
        for _ in range(3):
            noticing.record_reply(work, place.id, ReplyKind.REFUSED)
            noticing.carry_notice(work, noticing.make_notice(work, place.id).id)


def test_a_place_that_no_check_reaches_comes_due_again_and_again(node: Node) -> None:
    place = _group(node)
    _refused_on(node, place)
    assert _todos(node, place) is None
    _on(node, AT + 7 * DAY)
    assert _todos(node, place) is None
    _on(node, AT + 8 * DAY)
    assert _due(node)[place.id] == Due(todo=ToDo.LOOK, step=None, since=AT + 8 * DAY)
    _state(node, place, S.LIVE)
    assert _todos(node, place) is None
    _on(node, AT + 16 * DAY)
    assert _todos(node, place) is ToDo.LOOK
    _look(node, place)
    assert _todos(node, place) is None
    check = file_of(node, place).checks[-1]
    assert (check.outcome, check.by) == (CheckOutcome.ANSWERS, CONSOLE.id)
    assert file_of(node, place).removal.state is S.LIVE
    assert _life(node).last_known_at == AT + 16 * DAY


def test_only_what_was_seen_counts_in_the_curve(node: Node) -> None:
    place = _group(node)
    _on(node, AT + 20 * DAY)
    assert (_life(node).gone_at, _life(node).last_known_at) == (None, AT)
    _look(node, place)  # nothing could be said of it, and nothing was seen
    assert file_of(node, place).checks[-1].outcome is CheckOutcome.UNCLEAR
    assert _life(node).last_known_at == AT
    _state(node, place, S.LIVE)
    _on(node, AT + 30 * DAY)
    _look(node, place, AT + 25 * DAY)
    check = file_of(node, place).checks[-1]
    assert (check.at, check.recorded_at) == (AT + 25 * DAY, AT + 30 * DAY)
    assert _life(node).last_known_at == AT + 25 * DAY
    with open_work(node, CONSOLE) as work:
        take_back(work, place.id, check.id, because="Another group.")
    assert _life(node).last_known_at == AT + 20 * DAY
    _state(node, place, S.REMOVED)
    assert _life(node).gone_at == AT + 30 * DAY


def test_what_is_gone_is_looked_at_ever_more_seldom(node: Node) -> None:
    place = _group(node)
    _state(node, place, S.REMOVED)
    days: list[int] = []
    for day in range(1, 500):
        now = AT + day * DAY
        if not _from(node, place, now):
            continue
        days.append(day)
        _on(node, now)
        assert _todos(node, place) is ToDo.LOOK
        with open_work(node, CONSOLE) as work:
            assert actions.count_waiting(work) == 1
            assert actions.list_up(work) == []
        _look(node, place)
        assert _todos(node, place) is None
    assert days == [8, 29, 91, 181, 366]
    assert file_of(node, place).checks[-1].outcome is CheckOutcome.GONE


def test_a_place_that_checks_tell_of_is_not_staffs_to_look_at(node: Node) -> None:
    with site() as host:
        place = a_place(node, host.place("/posts/1"))
        know(node, host.host, checks=True)
        for day in range(0, 30, 2):
            _on(node, AT + day * DAY)
            with open_work(near(node), WORKER) as work:
                checking.wake_checks(work)
            run_followups(near(node))
            assert _todos(node, place) is ToDo.ASK  # and nothing about looking
            assert _from(node, place, AT + day * DAY) is None
        know(node, host.host, checks=False)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, noticing.make_notice(work, place.id).id)
    _on(node, AT + 28 * DAY + 8 * DAY)
    # Off the list: what nobody asks, somebody looks at; asking goes first.
    assert _todos(node, place) is ToDo.ASK
    assert _from(node, place, AT + 36 * DAY) == AT + 36 * DAY


def test_a_look_lies_neither_in_the_future_nor_before_what_is_known(node: Node) -> None:
    place = _group(node)
    _on(node, AT + 2 * DAY)
    _state(node, place, S.LIVE)
    for wrong in (AT + 3 * DAY, AT + DAY):
        with pytest.raises(Invalid, match="done_at"):
            _look(node, place, wrong)
    with open_work(node, CONSOLE) as work:
        take_back(work, place.id, place.id, because="A typing error.")
    with pytest.raises(Conflict, match="noted by mistake"):
        _look(node, place)


def test_the_page_offers_the_look_where_it_is_due(node: Node) -> None:
    place = _group(node)
    _refused_on(node, place)
    card = f"/cases/{place.case_id}/removals"
    _on(node, AT + 9 * DAY)
    client = signed_in(node, Role.INVESTIGATOR)
    assert "look by hand" in client.get("/removals?due=true").text
    assert "No check has told anything of it since 2014-06-02" in client.get(card).text
    assert client.post(f"{card}/{place.id}/looks", data={"done_at": ""}).status_code in {200, 303}
    shown = client.get(card).text
    assert "No check has told anything" not in shown
    assert "seen by staff" in shown
