"""A referral for named recipients that none of them can read any more waits to be taken over."""

from collections.abc import Callable, Generator

import pytest

from tests.nodes import CONSOLE, add_staff, run_followups
from tests.sharing.referral.road import PERSON, Road, open_road
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office import actions as office
from tipbridge.police.cases.leaving import actions as leaving
from tipbridge.police.cases.leaving.model import LeftLine, ListKind
from tipbridge.sharing.referral import actions, store
from tipbridge.sharing.referral.model import Direction, SourceKind


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """The clearinghouse marks what it sends to the liaison TLP:RED."""
    with open_road(make_node, standing=False, agreed=False) as found:
        text = template_text("standing-referral", sender="us.clearing", receiver="us.hsi")
        for node in (found.clearing, found.liaison):
            with open_work(node, CONSOLE) as work:
                add_agreement(work, document=text.replace("TLP:AMBER", "TLP:RED").encode())
        yield found


def _send(road: Road) -> None:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()


def _listed(node: Node, who: Actor) -> list[str]:
    with open_work(node, who) as work:
        return [each.id for each in actions.list_referrals(work)]


def _left(node: Node, who: Actor) -> list[LeftLine]:
    with open_work(node, who) as work:
        return [each for each in leaving.list_left(work) if each.left.ended is None]


def _end(node: Node, who: Actor, *, leave_lists: bool = False) -> None:
    with open_work(node, CONSOLE) as work:
        office.change_staff(
            work,
            username=who.name,
            roles=("liaison",),
            unit="headquarters",
            active=False,
            leave_lists=leave_lists,
        )
    run_followups(node)


def test_who_alone_reads_it_is_named_before_they_go_and_another_takes_it_over(road: Road) -> None:
    node = road.liaison
    first = add_staff(node, Role.LIAISON, username="first")
    _send(road)
    (referral_id,) = _listed(node, first)
    second = add_staff(node, Role.LIAISON, username="second")
    with pytest.raises(Conflict, match=f"restricted referral {referral_id}"):
        _end(node, first)
    assert _left(node, second) == []
    _end(node, first, leave_lists=True)
    assert _listed(node, second) == []
    (line,) = _left(node, second)
    assert (line.left.kind, line.left.list_id) == (ListKind.REFERRAL, referral_id)
    with open_work(node, second) as work:
        leaving.take_over(work, line.left.id, grounds="The first liaison left.")
    run_followups(node)
    assert _listed(node, second) == [referral_id]
    assert _left(node, second) == []


def test_what_nobody_could_read_as_it_came_is_open_to_nobody_and_waits(road: Road) -> None:
    node = road.liaison
    analyst = add_staff(node, Role.ANALYST)
    _send(road)
    with open_work(node, WORKER) as work:
        (came,) = store.referrals_newest(work.db, direction=Direction.IN, limit=2)
        leaving.note_unread(work, referral_id=came.id)
    assert _listed(node, analyst) == []
    late = add_staff(node, Role.LIAISON, username="late")
    assert _listed(node, late) == []
    (line,) = _left(node, late)
    with open_work(node, late) as work:
        leaving.take_over(work, line.left.id, grounds="Nobody of ours was here.")
    run_followups(node)
    (referral_id,) = _listed(node, late)
    with open_work(node, late) as work:
        assert actions.read_referral(work, referral_id).referral.members == (late.id,)
