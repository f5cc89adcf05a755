"""A peer whose clock is a century ahead is told of as any other; what it sends arrives all the same."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, START, open_road
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import outgoing
from tipbridge.sharing.exchange.model import Statement
from tipbridge.sharing.exchange.standing.store import standing_of
from tipbridge.sharing.referral.model import SourceKind


def test_what_a_clock_a_century_ahead_stamped_arrives(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead: datetime = START.replace(year=START.year + 100)

    def stamped(**values: object) -> Statement:
        return Statement(**{**values, "sent_at": ahead})  # pyright: ignore[reportArgumentType]

    with open_road(make_node) as road:
        monkeypatch.setattr(outgoing, "Statement", stamped)
        tip = road.tip(report_xml(PERSON))
        road.refer(road.clearing, SourceKind.TIP, tip, road.liaison)
        road.settle()
        assert len(road.received(road.liaison)) == 1
        with open_work(road.liaison, CONSOLE) as work:
            found = standing_of(work.db, "us.clearing")
        assert found is not None
        assert found.clock_seconds == 2**31 - 1
