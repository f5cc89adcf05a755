"""In an emergency more leaves at once, by the word of enough people; another looks at it after."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, Road, hold_signed, open_road, values
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office import actions as office
from tipbridge.office.terminal import acting
from tipbridge.sharing.referral import actions, pages
from tipbridge.sharing.referral.emergency import actions as emergencies
from tipbridge.sharing.referral.emergency import pages as emergency_pages
from tipbridge.sharing.referral.emergency import store
from tipbridge.sharing.referral.emergency.model import Danger, Emergency, Finding
from tipbridge.sharing.referral.errors import Changed, NotReleasable
from tipbridge.sharing.referral.model import Referral, SourceKind
from tipbridge.sharing.referral.replaying import actions as replaying

_PARTIES = re.compile(r"\[\[parties\..*?(?=\[mode\])", flags=re.DOTALL)
MOU = _PARTIES.sub("", template_text("police-mou", sender="us.clearing", receiver="us.hsi"))


def _call(node: Node, who: Actor, referral_id: str) -> Emergency:
    with open_work(node, who) as work:
        return emergencies.call_emergency(work, referral_id, danger=Danger.LIFE_IN_DANGER)


def _decided(node: Node, who: Actor, referral_id: str) -> Referral:
    with open_work(node, who) as work:
        return actions.decide_referral(work, referral_id)


def _review(node: Node, who: Actor, referral_id: str) -> Finding | None:
    with open_work(node, who) as work:
        found = emergencies.review_emergency(work, referral_id, finding=Finding.TOO_WIDE)
    return found.finding


def _draft(road: Road, who: Actor) -> str:
    report_id = road.tip(report_xml(PERSON))
    with open_work(road.clearing, who) as work:
        return actions.open_referral(
            work, kind=SourceKind.TIP, source_id=report_id, peer_id="us.hsi"
        )


def _missed(node: Node, hours: int) -> int:
    net.set_clock(node, START + timedelta(hours=hours))
    with open_work(node, WORKER) as work:
        return emergencies.miss_reviews(work)


def _reasons(referral: Referral) -> dict[str, str]:
    assert referral.decision is not None
    return {part["label"]: part["reason"] for part in referral.decision["parts"]}  # type: ignore[index]


def test_two_people_call_it_more_leaves_at_once_and_a_third_reviews(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        node = road.clearing
        one, two, three = (add_staff(node, Role.ANALYST) for _ in range(3))
        sent = _draft(road, one)
        with pytest.raises(Invalid, match="No agreement in force"):
            _call(node, one, sent)
        hold_signed(node, road.liaison, MOU)
        with pytest.raises(Invalid, match="named member of staff"):
            _call(node, CONSOLE, sent)
        # The same person twice, and by another account, is one: nothing is widened.
        with open_work(node, CONSOLE) as work:
            office.add_staff(
                work,
                username="again",
                password="long-enough-1",
                roles=(Role.ANALYST,),
                unit="headquarters",
                same_person_as=one.name,
            )
        again = acting(node, "again")
        calls = [_call(node, who, sent) for who in (one, one, again)]
        assert [(len(each.calls), each.needed) for each in calls] == [(1, 2)] * 3
        held = _decided(node, one, sent)
        device = next(label for label in _reasons(held) if "device" in label)
        assert _reasons(held)[device] != "emergency"
        assert len(_call(node, two, sent).calls) == 2
        assert _reasons(_decided(node, one, sent))[device] == "emergency"
        # Nobody approved besides: the two who called stand for it.
        with open_work(node, again) as work:
            actions.release_referral(work, sent)
        road.settle()
        assert device in values(road.liaison, road.received(road.liaison)[0].id)
        with open_work(node, CONSOLE) as work:
            (review,) = emergencies.list_emergencies(work)
            assert emergencies.count_waiting(work) == 1
            assert replaying.replay_decisions(work).different == ()
        assert review.due_at - review.released_at == timedelta(hours=72)
        for involved in (one, two, again):
            with pytest.raises(Invalid, match="ask another person"):
                _review(node, involved, sent)
        assert not review.is_overdue(START)
        assert review.is_overdue(START + timedelta(hours=73))
        assert [_missed(node, hours) for hours in (72, 73, 74)] == [0, 1, 0]
        assert _review(node, three, sent) is Finding.TOO_WIDE
        with pytest.raises(Conflict):
            _review(node, three, sent)
        with open_work(node, CONSOLE) as work:
            assert store.reviews_open(work.db) == []
        events = [event for event, _, _ in net.audit(node)]
        assert events.count("referral.emergency.called") == 4
        assert events.count("referral.emergency.reviewed") == 1
        missed = [id_ for event, id_, _ in net.audit(node) if event == "referral.emergency.missed"]
        assert missed == [sent]


def test_one_person_alone_releases_nothing_and_no_emergency_is_reviewed(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        node = road.clearing
        hold_signed(node, road.liaison, MOU)
        one = add_staff(node, Role.ANALYST)
        sent = _draft(road, one)
        _call(node, one, sent)
        _decided(node, one, sent)
        with open_work(node, one) as work, pytest.raises(NotReleasable):
            actions.release_referral(work, sent)
        with pytest.raises(NotFound):
            _review(node, one, sent)


def test_the_call_of_who_may_send_no_more_widens_nothing(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        node = road.clearing
        hold_signed(node, road.liaison, MOU)
        one, two, three = (
            add_staff(node, Role.ANALYST, username=each) for each in ("one", "two", "three")
        )
        sent = _draft(road, one)
        for who in (one, two):
            _call(node, who, sent)
        widened = _reasons(_decided(node, one, sent))
        device = next(label for label in widened if "device" in label)
        assert widened[device] == "emergency"
        with open_work(node, CONSOLE) as work:
            office.change_staff(
                work, username="two", roles=("analyst",), unit="headquarters", active=False
            )
        assert _reasons(_decided(node, one, sent))[device] != "emergency"
        _call(node, three, sent)
        assert _reasons(_decided(node, one, sent))[device] == "emergency"


def test_who_called_takes_it_back_before_the_release_and_nothing_more_leaves(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        node = road.clearing
        hold_signed(node, road.liaison, MOU)
        one, two, three = (add_staff(node, Role.ANALYST) for _ in range(3))
        sent = _draft(road, one)
        for who in (one, two):
            _call(node, who, sent)
        widened = _reasons(_decided(node, one, sent))
        device = next(label for label in widened if "device" in label)
        assert widened[device] == "emergency"
        with open_work(node, three) as work, pytest.raises(Conflict, match="no call"):
            emergencies.take_back_call(work, sent)
        with open_work(node, two) as work:
            found = emergencies.take_back_call(work, sent)
        assert ([each.staff_id for each in found.calls], len(found.taken_back)) == ([one.id], 1)
        # What was decided by it is not released, and decided again it is not widened.
        with open_work(node, one) as work, pytest.raises(Changed):
            actions.release_referral(work, sent)
        assert _reasons(_decided(node, one, sent))[device] != "emergency"
        net.set_clock(node, START + timedelta(hours=1))
        assert len(_call(node, two, sent).calls) == 2
        assert _reasons(_decided(node, one, sent))[device] == "emergency"
        with open_work(node, one) as work:
            actions.release_referral(work, sent)
        with open_work(node, one) as work, pytest.raises(Conflict):
            emergencies.take_back_call(work, sent)
        events = [event for event, _, _ in net.audit(node)]
        assert events.count("referral.emergency.taken-back") == 1


def test_a_call_lapses_and_holds_for_no_later_version_of_the_agreement(
    make_node: Callable[..., Node],
) -> None:
    """Two people months apart are not two people now, and a wider agreement takes no old calls on."""
    with open_road(make_node, standing=False, agreed=False) as road:
        node = road.clearing
        first = hold_signed(node, road.liaison, MOU)
        one, two = (add_staff(node, Role.ANALYST) for _ in range(2))
        sent = _draft(road, one)
        _call(node, one, sent)
        road.move_clocks(START + timedelta(hours=72))
        found = _call(node, two, sent)
        assert (len(found.calls), found.stale) == (1, 1)
        assert "emergency" not in _reasons(_decided(node, one, sent)).values()
        # Who still means it says so again.
        found = _call(node, one, sent)
        assert (len(found.calls), found.stale) == (2, 0)
        assert "emergency" in _reasons(_decided(node, one, sent)).values()
        wider = MOU.replace("version = 1", f'version = 2\nreplaces = "{first}"')
        wider = wider.replace('widens = ["device"]', 'widens = ["content", "device"]')
        hold_signed(node, road.liaison, wider)
        held = _decided(node, one, sent)
        assert "emergency" not in _reasons(held).values()
        with open_work(node, one) as work, pytest.raises(NotReleasable):
            actions.release_referral(work, sent)
        assert [len(_call(node, who, sent).calls) for who in (one, two)] == [1, 2]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_call_and_review_by_the_page(make_node: Callable[..., Node], language: str) -> None:
    with open_road(make_node, standing=False, agreed=False) as road:
        node = road.clearing
        hold_signed(node, road.liaison, MOU)
        sent = _draft(road, add_staff(node, Role.ANALYST))
        clients = []
        for name in ("one", "two", "three"):
            add_member(node, name, Role.ANALYST)
            app = shell_app(
                node, routers=(pages.router, emergency_pages.router), navigation=pages.NAV
            )
            clients.append(browser(app, language=language))
            sign_in(clients[-1], name)
        address = f"/referrals/{sent}"
        _decided(node, CONSOLE, sent)
        for number, client in enumerate(clients[:2], 1):
            answer = client.post(f"{address}/emergency", data={"danger": "child-missing"})
            assert answer.status_code == 303, answer.text
            assert f"{number} / 2" in client.get(address).text
        assert clients[0].post(f"{address}/release").status_code == 303
        assert address in clients[2].get("/referrals").text
        refused = clients[0].post(f"{address}/emergency/review", data={"finding": "justified"})
        assert refused.status_code == 400
        net.set_clock(node, START + timedelta(hours=73))
        shown = clients[2].get("/referrals").text
        assert ("overdue" if language == "en" else "기한 지남") in shown
        done = clients[2].post(f"{address}/emergency/review", data={"finding": "justified"})
        assert done.status_code == 303
        assert ("justified" if language == "en" else "정당함") in clients[2].get(address).text
