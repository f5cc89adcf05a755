"""TLP:RED is for named recipients: as it arrives, those who accept it; never everybody of the unit."""

from collections.abc import Callable, Generator
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.sharing.referral.road import PERSON, START, Road, open_road
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.access.desks.model import DeskTask
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office.desks import actions as desks
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.model import SourceKind


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """The clearinghouse marks what it sends to the liaison TLP:RED."""
    with open_road(make_node, standing=False, agreed=False) as found:
        text = template_text("standing-referral", sender="us.clearing", receiver="us.hsi")
        for node in (found.clearing, found.liaison):
            with open_work(node, CONSOLE) as work:
                add_agreement(work, document=text.replace("TLP:AMBER", "TLP:RED").encode())
        yield found


def _came(road: Road, reader: Actor) -> str:
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    with open_work(road.liaison, reader) as work:
        (came,) = actions.list_referrals(work)
    return came.id


def _reads(node: Node, who: Actor, referral_id: str) -> bool:
    try:
        with open_work(node, who) as work:
            return actions.read_referral(work, referral_id).referral.restricted
    except NotFound:
        return False


def test_who_is_on_duty_reads_it_and_nobody_else_of_the_unit(road: Road) -> None:
    node = road.liaison
    on, off = add_staff(node, Role.LIAISON, username="on"), add_staff(node, Role.LIAISON)
    with open_work(node, CONSOLE) as work:
        desks.add_desk(
            work,
            unit="headquarters",
            code="reception",
            name="Reception",
            task=DeskTask.RECEPTION,
            contact="desk@hsi.example",
        )
        desks.add_turn(
            work,
            desk="reception",
            username="on",
            from_at=START - timedelta(hours=1),
            until_at=START + timedelta(hours=8),
        )
    came = _came(road, on)
    assert _reads(node, on, came)
    assert not _reads(node, off, came)
    with pytest.raises(Invalid, match="TLP:RED"), open_work(node, on) as work:
        actions.place_referral(work, came, unit="headquarters")
    with open_work(node, on) as work:
        actions.place_referral(work, came, unit="headquarters", restricted=True)
    assert not _reads(node, off, came)


def test_with_nobody_on_duty_those_who_accept_referrals_read_it(road: Road) -> None:
    node = road.liaison
    able = [add_staff(node, role) for role in (Role.LIAISON, Role.INVESTIGATOR)]
    others = [add_staff(node, Role.ANALYST), add_staff(node, Role.EXAMINER)]
    came = _came(road, able[0])
    assert all(_reads(node, each, came) for each in able)
    assert not _reads(node, others[0], came)
