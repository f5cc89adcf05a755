"""Which packages stand on a key that turned out to be stolen, those that others passed on included."""

from collections.abc import Callable, Generator
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing.referral.road import PERSON, START, Road, open_road, view
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange.trusting.actions import revoke_key

DAY = timedelta(days=1)


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes with agreements on both stretches."""
    with open_road(make_node) as found:
        yield found


def _package(node: Node, referral_id: str) -> str | None:
    return view(node, referral_id).referral.package_id


def _revoked(at: Node, stolen: Node, days: int) -> tuple[str, ...]:
    with open_work(at, CONSOLE) as work:
        since = work.now - days * DAY
        key = stolen.keys.fingerprint
        return revoke_key(work, stolen.id, fingerprint=key, since=since).packages


def test_what_was_passed_on_with_a_stolen_keys_signature_is_named(road: Road) -> None:
    _, at_liaison, _, at_police = road.carry(road.tip(report_xml(PERSON)))
    assert _revoked(road.liaison, road.clearing, 1) == (_package(road.liaison, at_liaison),)
    assert _revoked(road.police, road.clearing, 1) == (_package(road.police, at_police),)


def test_what_was_here_before_the_theft_is_not_named(road: Road) -> None:
    road.carry(road.tip(report_xml(PERSON)))
    road.move_clocks(START + 9 * DAY)
    assert _revoked(road.police, road.clearing, 3) == ()
    assert _revoked(road.police, road.clearing, 10) != ()
