"""What went each way between two parties is counted by class, since the last day of review."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, Road, open_road
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import list_agreements
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral.actions import decide_referral, open_referral, release_referral
from tipbridge.sharing.referral.agreeing import counting, pages, store
from tipbridge.sharing.referral.agreeing.counting import period_of
from tipbridge.sharing.referral.model import SourceKind


@pytest.mark.parametrize(
    ("first", "months", "today", "since", "due_on"),
    [
        (date(2014, 1, 1), 12, date(2014, 12, 31), date(2014, 1, 1), date(2015, 1, 1)),
        (date(2014, 1, 1), 12, date(2015, 1, 1), date(2015, 1, 1), date(2016, 1, 1)),
        (date(2014, 3, 15), 6, date(2015, 3, 14), date(2014, 9, 15), date(2015, 3, 15)),
        (date(2014, 1, 31), 1, date(2014, 1, 31), date(2014, 1, 31), date(2014, 2, 28)),
        (date(2014, 1, 31), 1, date(2014, 2, 28), date(2014, 2, 28), date(2014, 3, 28)),
        (date(2014, 1, 1), 12, date(2013, 6, 1), date(2014, 1, 1), date(2015, 1, 1)),
        (date(2014, 1, 1), None, date(2019, 6, 1), date(2014, 1, 1), None),
    ],
)
def test_the_period_runs_from_one_day_of_review_to_the_next(
    first: date, months: int | None, today: date, since: date, due_on: date | None
) -> None:
    assert period_of(first, months, today) == (since, due_on)


def test_both_sides_count_the_same_and_the_page_says_it(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, agreed=False) as road:
        for _ in range(2):
            tip = road.tip(report_xml(PERSON))
            road.refer(road.clearing, SourceKind.TIP, tip, road.liaison)
            road.settle()
        with open_work(road.clearing, CONSOLE) as work:
            (agreement,) = list_agreements(work)
            there = counting.count_exchanged(work, agreement.sha256)
        with open_work(road.liaison, CONSOLE) as work:
            here = counting.count_exchanged(work, agreement.sha256)
            with pytest.raises(NotFound):
                counting.count_exchanged(work, "0" * 64)
        assert (there.peer_id, there.sent, there.came) == ("us.hsi", 2, 0)
        assert (here.peer_id, here.sent, here.came) == ("us.clearing", 0, 2)
        out = {row.data_class: (row.sent, row.came) for row in there.rows}
        came = {row.data_class: (row.came, row.sent) for row in here.rows}
        assert out == came
        assert set(out.values()) == {(2, 0)}
        _count_by_the_day_of_release(road)
        add_member(road.liaison, "desk", Role.LIAISON)
        app = shell_app(road.liaison, routers=(pages.router,), navigation=pages.NAV)
        client = browser(app, language="en")
        sign_in(client, "desk")
        assert "What went each way" in client.get(f"/agreements/{agreement.sha256}").text


def _count_by_the_day_of_release(road: Road) -> None:
    """What was opened before a day and released after it went out after it, unless it never did."""
    node = road.clearing
    tips = [road.tip(report_xml(PERSON)) for _ in range(2)]
    with open_work(node, CONSOLE) as work:
        opened = [
            open_referral(work, kind=SourceKind.TIP, source_id=tip, peer_id=road.liaison.id)
            for tip in tips
        ]
    net.set_clock(node, START + timedelta(days=10))
    packages: list[str] = []
    for each in opened:
        with open_work(node, CONSOLE) as work:
            decide_referral(work, each)
        with open_work(node, CONSOLE) as work:
            packages.append(release_referral(work, each))
    with open_work(node, CONSOLE) as work:
        exchange.stop_package(work, packages[-1])
    road.settle()
    since = store.Between(
        here=node.id,
        peer=road.liaison.id,
        purpose=Purpose.INVESTIGATION.value,
        since=START + timedelta(days=5),
    )
    with open_work(node, CONSOLE) as work:
        assert store.count_whole(work.db, since) == {"out": 1}
        assert set(store.count_sent(work.db, since).values()) == {1}
