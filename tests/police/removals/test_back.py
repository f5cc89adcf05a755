"""How soon what went is back at the same address, as a host's figures tell it."""

from datetime import timedelta
from fractions import Fraction

from tests.nodes import CONSOLE
from tests.police.removals.places import a_place, clock
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.removals import actions, looking, moving, noticing
from tipbridge.police.removals.model import Removal, RemovalState
from tipbridge.police.removals.survival import HostRecord

DAY = timedelta(days=1)


def _record(node: Node) -> HostRecord:
    with open_work(node, CONSOLE) as work:
        (found,) = actions.measure_hosts(work)
    return found


def _is(node: Node, place: Removal, state: RemovalState) -> None:
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, place.id, state)


def test_a_place_is_watched_from_its_removal_until_it_was_last_seen_gone_or_came_back(
    node: Node,
) -> None:
    place = a_place(node)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, noticing.make_notice(work, place.id).id)
    assert _record(node).back_within == (None, None, None), "nothing went yet"
    clock(node, 2014, 6, 4)
    _is(node, place, RemovalState.REMOVED)
    clock(node, 2014, 6, 14)
    with open_work(node, CONSOLE) as work:
        looking.look_by_hand(work, place.id)
    assert _record(node).back_within == (Fraction(0), None, None), "seen gone for ten days"
    clock(node, 2014, 6, 24)
    _is(node, place, RemovalState.REAPPEARED)
    back = _record(node)
    assert [(each.after, each.at_risk) for each in back.back_curve] == [(20 * DAY, 1)]
    assert back.back_within == (Fraction(0), Fraction(1), Fraction(1))
    page = signed_in(node, Role.INVESTIGATOR).get("/hosts").text
    assert "Back, of what went" in page
    assert 'points="0,60 114,60 114,0 240,0"' in page
