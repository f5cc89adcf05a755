"""Where the agreement wants two people, two people approve exactly what leaves."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE, add_staff
from tests.sharing.referral.road import hold_signed, open_road
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office import actions as office
from tipbridge.office.approvals.pages import NAV as APPROVALS
from tipbridge.office.terminal import acting
from tipbridge.sharing.referral import actions, store
from tipbridge.sharing.referral.approving import actions as approving
from tipbridge.sharing.referral.approving import pages
from tipbridge.sharing.referral.errors import NotReleasable
from tipbridge.sharing.referral.model import SourceKind, State

MOU = template_text("police-mou", sender="us.hsi", receiver="kr.knpa")


def _second_account(node: Node, first: Actor) -> Actor:
    with open_work(node, CONSOLE) as work:
        office.add_staff(
            work,
            username="again",
            password="long-enough-1",
            roles=(Role.LIAISON,),
            unit="headquarters",
            same_person_as=first.name,
        )
    return acting(node, "again")


def _approve(node: Node, actor: Actor, referral_id: str) -> dict[str, object]:
    with open_work(node, actor) as work:
        return approving.approve_release(work, referral_id)


def _release(node: Node, actor: Actor, referral_id: str) -> str:
    with open_work(node, actor) as work:
        return actions.release_referral(work, referral_id)


def _decide(node: Node, actor: Actor, referral_id: str) -> None:
    with open_work(node, actor) as work:
        actions.decide_referral(work, referral_id)


def test_two_people_approve_exactly_what_leaves(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, agreed=False) as road:
        first = hold_signed(road.liaison, road.police, MOU)
        road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml()), road.liaison)
        road.settle()
        node, at_liaison = road.liaison, road.received(road.liaison)[0].id
        one, two = add_staff(node, Role.LIAISON), add_staff(node, Role.LIAISON)
        with open_work(node, one) as work:
            sent = actions.open_referral(
                work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
            )
        with pytest.raises(Conflict):
            _approve(node, one, sent)  # nothing was decided yet
        _decide(node, one, sent)
        with pytest.raises(NotReleasable):
            _release(node, one, sent)
        with pytest.raises(Invalid):
            _approve(node, CONSOLE, sent)
        # The same person twice, and by another account, is one.
        counts = [
            _approve(node, who, sent)["approved"] for who in (one, one, _second_account(node, one))
        ]
        assert counts == [1, 1, 1]
        with pytest.raises(NotReleasable):
            _release(node, one, sent)
        assert _approve(node, two, sent)["approved"] == 2
        # An amendment changes what would leave: nobody has approved that.
        amended = MOU.replace("version = 1", f'version = 2\nreplaces = "{first}"')
        hold_signed(road.liaison, road.police, amended.replace('ip = "allow"', 'ip = "withhold"'))
        _decide(node, one, sent)
        with pytest.raises(NotReleasable):
            _release(node, one, sent)
        for who, approved in ((two, 1), (one, 2)):
            assert _approve(node, who, sent)["approved"] == approved
        package_id = _release(node, two, sent)
        road.settle()
        assert road.received(road.police)[0].package_id == package_id


@pytest.mark.parametrize("language", ["en", "ko"])
def test_staff_approve_by_the_page_exactly_what_it_shows(
    make_node: Callable[..., Node], language: str
) -> None:
    with open_road(make_node, agreed=False) as road:
        hold_signed(road.liaison, road.police, MOU)
        road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml()), road.liaison)
        road.settle()
        node, at_liaison = road.liaison, road.received(road.liaison)[0].id
        with open_work(node, CONSOLE) as work:
            sent = actions.open_referral(
                work, kind=SourceKind.REFERRAL, source_id=at_liaison, peer_id="kr.knpa"
            )
            found = actions.decide_referral(work, sent)
            # However many came after it, it is on the list.
            for _ in range(200):
                later = replace(found, id=work.ids.new(), state=State.DRAFT, decision=None)
                store.insert_referral(work.db, replace(later, basis=None, channel=None))
        clients: list[TestClient] = []
        for name in ("one", "two"):
            add_member(node, name, Role.LIAISON)
            app = shell_app(node, navigation=APPROVALS, approvables=pages.APPROVABLES)
            app.include_router(pages.router)
            clients.append(browser(app, language=language))
            sign_in(clients[-1], name)
        shown = clients[0].get("/approvals").text
        (content,) = set(re.findall(r'name="content" value="([0-9a-f]{64})"', shown))
        assert "0 / 2" in shown
        address = f"/referrals/{sent}/approval"
        assert clients[0].post(address, data={"content": "0" * 64}).status_code == 409
        for number, client in enumerate(clients, 1):
            assert client.post(address, data={"content": content}).status_code == 303
            shown = client.get("/approvals").text
            assert f"{number} / 2" in shown
            assert 'name="content"' not in shown  # who approved is offered no second time
        assert content in shown
        assert "one, two" in shown
        _release(node, CONSOLE, sent)
        assert "2 / 2" not in clients[0].get("/approvals").text
        # A hundred that wait fill a page; what waited longer is on the next one.
        if language == "en":
            with open_work(node, CONSOLE) as work:
                for _ in range(101):
                    store.insert_referral(
                        work.db, replace(found, id=work.ids.new(), package_id=None)
                    )
                found_on = [len(approving.waiting_releases(work, page)) for page in (1, 2, 3)]
            assert found_on == [100, 1, 0]
            assert "/approvals?page=2" in clients[0].get("/approvals").text
