"""Where the agreement wants two people, two people approve exactly what leaves."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from tests.nodes import CONSOLE, add_staff
from tests.sharing.referral.road import Road, hold_signed, open_road
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.office import actions as office
from tipbridge.office.approvals import actions as office_approvals
from tipbridge.office.approvals.pages import NAV as APPROVALS
from tipbridge.office.terminal import acting
from tipbridge.sharing.referral import actions, store
from tipbridge.sharing.referral.approving import actions as approving
from tipbridge.sharing.referral.approving import pages
from tipbridge.sharing.referral.commands import group
from tipbridge.sharing.referral.errors import Changed, NotReleasable
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


def _change(node: Node, actor: Actor, role: str, *, active: bool) -> None:
    with open_work(node, CONSOLE) as work:
        office.change_staff(
            work, username=actor.name, roles=(role,), unit="headquarters", active=active
        )


def _allowed(road: Road) -> str:
    """A referral at the liaison that two people have to approve, decided."""
    hold_signed(road.liaison, road.police, MOU)
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml()), road.liaison)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        sent = actions.open_referral(
            work,
            kind=SourceKind.REFERRAL,
            source_id=actions.list_referrals(work)[0].id,
            peer_id="kr.knpa",
        )
        actions.decide_referral(work, sent)
    return sent


def test_who_may_approve_no_more_counts_no_more(make_node: Callable[..., Node]) -> None:
    with open_road(make_node, agreed=False) as road:
        sent, node = _allowed(road), road.liaison
        one, two = add_staff(node, Role.LIAISON), add_staff(node, Role.LIAISON)
        for who in (one, two):
            _approve(node, who, sent)
        for role, active in (("liaison", False), ("auditor", True)):
            _change(node, one, role, active=active)
            with pytest.raises(NotReleasable, match="1 did"):
                _release(node, two, sent)
        assert _approve(node, two, sent)["approved"] == 1
        _second_account(node, one)  # the person is there, by another account
        assert _approve(node, two, sent)["approved"] == 2
        _release(node, two, sent)
        with open_work(node, CONSOLE) as work:
            (given,) = office_approvals.list_approvals(work)
        assert given.people == 2, "the record of who approved stays"


def test_the_command_approves_what_was_shown_and_no_other(
    make_node: Callable[..., Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_road(make_node, agreed=False) as road:
        sent, node = _allowed(road), road.liaison
        url = node.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
        monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
        one = add_staff(node, Role.LIAISON)

        def run(*words: str) -> dict[str, Any]:
            line = [*words, "--data", str(node.data), "--as", one.name, "--json"]
            done = CliRunner().invoke(group, line)
            assert done.exit_code == 0, done.output
            return json.loads(done.stdout)

        shown = run("show", sent)["approval"]
        assert (shown["approved"], shown["needed"]) == (0, 2)
        done = CliRunner().invoke(
            group, ["approve", sent, "--data", str(node.data), "--as", one.name]
        )
        assert done.exit_code != 0, "nothing is approved unseen"
        assert run("approve", sent, "--content", shown["content_sha256"])["approved"] == 1
        with pytest.raises(Changed), open_work(node, one) as work:
            approving.approve_release(work, sent, content_sha256="0" * 64)


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
