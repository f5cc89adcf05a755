"""The clearinghouse's analyst of the demo puts no tip aside of which nothing is known yet."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, START, open_road
from tests.tips.triage.filed import file_report, process, report_xml
from tipbridge.demo.clearing_desk import ClearingDesk
from tipbridge.demo.people import Waiting
from tipbridge.demo.world import World
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.model import Direction

NO_DAYS = Waiting(analyst_days=0, liaison_days=0, answer_days=0, investigator_days=0)


class _Everybody:
    """A world that knows every account."""

    def waiting_of(self, service: str, account: str) -> SimpleNamespace:
        del service, account
        return SimpleNamespace(waiting=NO_DAYS)


def _referred(node: Node) -> int:
    with open_work(node, CONSOLE) as work:
        return len(referrals.list_referrals(work, direction=Direction.OUT))


def test_a_tip_that_is_not_triaged_yet_is_looked_at_another_time(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node) as road:
        node = road.clearing
        report_id = file_report(node, report_xml(PERSON))
        desk = ClearingDesk(node, cast("World", _Everybody()), analyst=CONSOLE)
        desk.sit(START + timedelta(days=1))
        assert _referred(node) == 0
        process(node, report_id)
        desk.sit(START + timedelta(days=2))
        assert _referred(node) == 1
