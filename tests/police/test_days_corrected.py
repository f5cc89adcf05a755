"""The day on which a notice was carried, or a demand sent, is corrected: clocks follow, history stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.test_demands import ASKED, NAMED, draft, views
from tests.police.folk import a_case
from tests.police.removals.places import a_place, clock, file_of, know
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands import redating as demand_days
from tipbridge.police.cases.demands.model import Demand, DemandKind, DemandState, DemandView
from tipbridge.police.removals import actions, noticing, redating
from tipbridge.police.removals.model import Channel, Notice, NoticeStep, Removal, ReplyKind

AT = datetime(2014, 6, 2, 3, tzinfo=UTC)
NOW = datetime(2014, 6, 9, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "The letter says the fourth."


def _carried(node: Node, place: Removal) -> Notice:
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, place.id)
        noticing.carry_notice(work, notice.id)
    return notice


def _correct(node: Node, notice: Notice, done_at: datetime, because: str = WHY) -> None:
    with open_work(node, CONSOLE) as work:
        redating.correct_notice_day(work, notice.id, done_at=done_at, because=because)


def test_what_a_notice_started_follows_its_corrected_day(node: Node) -> None:
    place = a_place(node)
    notice = _carried(node, place)
    clock(node, 2014, 6, 9, 9)
    _correct(node, notice, AT + 7 * DAY)
    (kept,) = file_of(node, place).notices
    assert (kept.sent_at, kept.sent_recorded_at) == (AT + 7 * DAY, NOW)
    (former,) = kept.former_days
    assert (former.sent_at, former.corrected_at, former.corrected_by, former.because) == (
        AT,
        NOW,
        CONSOLE.id,
        WHY,
    )
    found = file_of(node, place)
    assert (found.next_notice, found.waits_until) == (NoticeStep.REMINDER, AT + 8 * DAY)
    with open_work(node, CONSOLE) as work:
        (life,) = actions.lives_seen(work)
    assert life.noticed_at == AT + 7 * DAY
    _correct(node, notice, AT + DAY, "The fourth of the other month.")
    (kept,) = file_of(node, place).notices
    assert [each.sent_at for each in kept.former_days] == [AT, AT + 7 * DAY]
    assert file_of(node, place).waits_until is None  # the reminder may go now


def test_a_notices_day_lies_between_its_writing_and_what_rests_on_it(node: Node) -> None:
    place = a_place(node)
    notice = _carried(node, place)
    clock(node, 2014, 6, 5, 9)
    with open_work(node, CONSOLE) as work:
        noticing.record_reply(work, place.id, ReplyKind.ACKNOWLEDGED)
        second = noticing.make_notice(work, place.id)
    clock(node, 2014, 6, 9, 9)
    for wrong, words in (
        (AT - DAY, "before the notice was written"),
        (NOW + DAY, "future"),
        (AT + 5 * DAY, "after .*rests on it"),
    ):
        with pytest.raises(Invalid, match=words):
            _correct(node, notice, wrong)
    with pytest.raises(Invalid, match="because"):
        _correct(node, notice, AT + DAY, "")
    with pytest.raises(Conflict, match="not been sent"):
        _correct(node, second, NOW)
    _correct(node, notice, AT + DAY)


def test_what_the_node_sent_itself_has_its_own_day(node: Node) -> None:
    place = a_place(node)
    know(node, "host.example", Channel.EMAIL, "abuse@host.example")
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, place.id)
        noticing._settle(  # as after it went out
            work, notice, noticing.NoticeState.SENT, tries=1, problem="", due_at=None
        )
    with pytest.raises(Conflict, match="by this node"):
        _correct(node, notice, AT)


def _sent(node: Node, **given: date) -> Demand:
    demand = draft(node, a_case(node).case.id, replace(ASKED, kind=DemandKind.PRESERVATION))
    with open_work(node, CONSOLE) as work:
        demands.send_demand(work, demand.case_id, demand.id, **given)
    clock(node, 2014, 6, 9, 9)
    return demand


def _redate(node: Node, demand: Demand, done_at: datetime, because: str = WHY) -> None:
    with open_work(node, CONSOLE) as work:
        demand_days.correct_demand_day(
            work, demand.case_id, demand.id, done_at=done_at, because=because
        )


def _view(node: Node, demand: Demand) -> DemandView:
    (view,) = views(node, demand.case_id)
    return view


def test_a_demands_usual_day_follows_and_what_expired_too_early_waits_again(node: Node) -> None:
    demand = _sent(node)
    with open_work(node, WORKER) as work:
        assert demands.expire_demands(work) == 1
    _redate(node, demand, AT + 6 * DAY)
    kept = _view(node, demand).demand
    assert (kept.state, kept.sent_at, kept.due_on) == (
        DemandState.SENT,
        AT + 6 * DAY,
        date(2014, 6, 11),
    )
    assert [each.sent_at for each in kept.former_days] == [AT]
    with open_work(node, WORKER) as work:
        assert demands.expire_demands(work) == 0
    clock(node, 2014, 6, 12, 9)
    with open_work(node, WORKER) as work:
        assert demands.expire_demands(work) == 1


def test_a_day_that_the_sender_named_stays(node: Node) -> None:
    demand = _sent(node, due_on=date(2014, 6, 7))
    _redate(node, demand, AT + DAY)
    assert _view(node, demand).demand.due_on == date(2014, 6, 7)
    with pytest.raises(Invalid, match="due_on lies before"):
        _redate(node, demand, AT + 6 * DAY)


def test_a_demand_went_out_before_it_was_answered(node: Node) -> None:
    demand = _sent(node)
    with open_work(node, CONSOLE) as work:
        at = AT + 2 * DAY
        demands.answer_demand(work, demand.case_id, demand.id, said=[NAMED], done_at=at)
    with pytest.raises(Invalid, match=r"after .*rests on it"):
        _redate(node, demand, AT + 3 * DAY)
    _redate(node, demand, AT + DAY)
    assert _view(node, demand).demand.state is DemandState.ANSWERED
    drafted = draft(node, demand.case_id)
    with pytest.raises(Conflict, match="did not go out"):
        _redate(node, drafted, NOW)


def test_the_pages_correct_a_day_and_show_the_former_one(node: Node) -> None:
    place = a_place(node)
    notice = _carried(node, place)
    demand = _sent(node)
    client = signed_in(node, Role.INVESTIGATOR)
    form = {"done_at": "2014-06-03T09:00", "because": WHY}
    card, letter = (
        f"/cases/{place.case_id}/removals",
        f"/cases/{demand.case_id}/demands/{demand.id}",
    )
    for shown, where in (
        (card, f"/cases/{place.case_id}/notices/{notice.id}/day"),
        (letter, f"{letter}/day"),
    ):
        assert where in client.get(shown).text
        assert client.post(where, data=form | {"done_at": ""}).status_code == 400
        assert client.post(where, data=form).status_code == 303
        told = client.get(shown).text
        assert WHY in told
        assert "instead of 2014-06-02 03:00" in told
