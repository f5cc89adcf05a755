"""What was done by hand before somebody wrote it down: demands, and the forms of both rooms."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.test_demands import ASKED, NAMED, draft, views
from tests.police.folk import a_case
from tests.police.removals.places import add, clock
from tests.police.removals.places import file_of as place_of
from tests.police.test_new_doors import signed_in
from tests.sharing.net import audit
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.demands import actions, undoing
from tipbridge.police.cases.demands.model import Demand, DemandKind, DemandState

AT = datetime(2014, 6, 2, 3, tzinfo=UTC)
"""When the demands and notices of these tests are written."""
NOW = datetime(2014, 6, 5, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _drafted(node: Node) -> Demand:
    """A demand that was written at AT; it is NOW."""
    kept = replace(ASKED, kind=DemandKind.PRESERVATION)
    demand = draft(node, a_case(node).case.id, kept)
    clock(node, 2014, 6, 5, 9)
    return demand


def _send(node: Node, demand: Demand, done_at: datetime) -> Demand:
    with open_work(node, CONSOLE) as work:
        return actions.send_demand(work, demand.case_id, demand.id, done_at=done_at)


def _answer(node: Node, demand: Demand, done_at: datetime) -> None:
    with open_work(node, CONSOLE) as work:
        actions.answer_demand(work, demand.case_id, demand.id, said=[NAMED], done_at=done_at)


def _refuse(node: Node, demand: Demand, done_at: datetime) -> None:
    with open_work(node, CONSOLE) as work:
        actions.refuse_demand(work, demand.case_id, demand.id, words="No.", done_at=done_at)


def test_the_clock_of_a_demand_starts_when_it_went_out_where_its_case_is(node: Node) -> None:
    demand = _drafted(node)
    for wrong, words in ((NOW + HOUR, "future"), (AT - HOUR, "before it was written")):
        with pytest.raises(Invalid, match=words):
            _send(node, demand, wrong)
    # Late in the evening of UTC it is the next day in Seoul.
    out = _send(node, demand, AT + 17 * HOUR)
    assert (out.sent_at, out.sent_recorded_at) == (AT + 17 * HOUR, NOW)
    assert out.due_on == date(2014, 6, 6)
    assert _facts(node, "cases.demand.sent")["done_at"] == (AT + 17 * HOUR).isoformat()
    clock(node, 2014, 6, 8, 9)
    with open_work(node, WORKER) as work:
        assert actions.expire_demands(work) == 1


def test_an_answer_came_when_it_came_and_the_last_one_is_the_demands_own(node: Node) -> None:
    demand = _drafted(node)
    _send(node, demand, AT + HOUR)
    with pytest.raises(Invalid, match="before the demand went out"):
        _refuse(node, demand, AT)
    _refuse(node, demand, AT + 2 * HOUR)
    _answer(node, demand, AT + DAY)
    assert _facts(node, "cases.demand.refused")["done_at"] == (AT + 2 * HOUR).isoformat()
    assert _facts(node, "cases.demand.answered")["done_at"] == (AT + DAY).isoformat()
    (view,) = views(node, demand.case_id)
    assert (view.demand.ended_at, view.demand.ended_recorded_at) == (AT + DAY, NOW)
    assert [each.ended_at for each in view.former] == [AT + 2 * HOUR]
    assert [each.recorded_at for each in view.facts] == [NOW]
    _answer(node, demand, AT + 3 * HOUR)  # an earlier letter, found later
    (view,) = views(node, demand.case_id)
    assert (view.demand.ended_at, len(view.facts)) == (AT + DAY, 2)
    with open_work(node, CONSOLE) as work:
        for fact in view.facts:
            undoing.withdraw_fact(work, demand.case_id, fact.id, because="Another case's.")
    (view,) = views(node, demand.case_id)
    assert view.demand.state is DemandState.SENT
    assert (view.demand.ended_at, view.demand.ended_recorded_at) == (None, None)


def _facts(node: Node, event: str) -> dict[str, object]:
    return next(facts for name, _, facts in audit(node) if name == event)


def test_the_pages_take_when_it_was_done_and_show_when_that_was_written_down(node: Node) -> None:
    file = a_case(node)
    removal, demand = add(node, file), draft(node, file.case.id)
    client, case = signed_in(node, Role.INVESTIGATOR), f"/cases/{file.case.id}"
    place, letter = f"{case}/removals/{removal.id}", f"{case}/demands/{demand.id}"
    assert client.post(f"{place}/notices").status_code == 303
    clock(node, 2014, 6, 5, 9)
    (carried,) = set(re.findall(r'action="([^"]*/carried)"', client.get(f"{case}/removals").text))
    assert client.get(letter).text.count('type="datetime-local" name="done_at"') == 1
    early = client.post(carried, data={"done_at": "2014-06-01T09:00"})
    assert early.status_code == 400
    assert "before the notice was written" in early.text
    answered = {"kind": "nothing-held", "value": "Nothing.", "done_at": "2014-06-04T06:30"}
    for path, data in (
        (carried, {"done_at": "2014-06-02T04:30"}),
        (f"{place}/replies", {"kind": "acknowledged", "done_at": "2014-06-02T05:30"}),
        (place, {"state": "removed", "done_at": "2014-06-02T06:30"}),
        (f"{letter}/sending", {"due_on": "", "done_at": "2014-06-03T06:30"}),
        (f"{letter}/refusal", {"words": "No.", "done_at": "2014-06-03T07:30"}),
        (f"{letter}/answer", answered),
        (f"{letter}/answer", answered | {"done_at": ""}),
    ):
        assert client.post(path, data=data).status_code == 303, path
    seen = place_of(node, removal)
    times = [seen.notices[0].sent_at, seen.replies[0].at, seen.steps[0].at]
    assert times == [datetime(2014, 6, 2, hour, 30, tzinfo=UTC) for hour in (4, 5, 6)]
    assert client.get(f"{case}/removals").text.count("written down 2014-06-05 09:00 UTC") == 3
    (view,) = views(node, file.case.id)
    assert (view.demand.sent_at, view.demand.ended_at) == (
        datetime(2014, 6, 3, 6, 30, tzinfo=UTC),
        NOW,
    )
    assert client.get(letter).text.count("written down 2014-06-05 09:00 UTC") == 1
