"""What a referral was sent for decides whether it opens a case, and who comes into one."""

import html
import re
from collections.abc import Callable, Generator

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.police.folk import file_of
from tests.sharing import net
from tests.sharing.referral.road import PERSON, Road, open_road, values
from tests.tips.triage.filed import report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.waiting import actions as waiting
from tipbridge.police.cases.waiting import rules
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.model import Referral, SourceKind


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline; the last two agreed on every purpose."""
    with open_road(make_node, agreed=False) as found:
        text = template_text("standing-referral", sender="us.hsi", receiver="kr.knpa")
        for purpose in Purpose:
            document = text.replace(Purpose.INVESTIGATION.value, purpose.value)
            for node in (found.liaison, found.police):
                with open_work(node, CONSOLE) as work:
                    add_agreement(work, document=document.encode())
        found.settle = lambda: net.settle(found.nodes, follow)  # type: ignore[method-assign]
        yield found


def _at_police(road: Road, purpose: Purpose) -> Referral:
    """The liaison's own tip, sent to the police for this purpose."""
    report_id = file_tip_there(road)
    with open_work(road.liaison, CONSOLE) as work:
        sent = actions.open_referral(
            work, kind=SourceKind.TIP, source_id=report_id, peer_id="kr.knpa", purpose=purpose
        )
        actions.decide_referral(work, sent)
    with open_work(road.liaison, CONSOLE) as work:
        actions.release_referral(work, sent)
    road.settle()
    (arrived,) = [each for each in road.received(road.police) if each.purpose is purpose]
    return arrived


def file_tip_there(road: Road) -> str:
    """A tip of the liaison's own, so that nobody before it bound it to a purpose."""
    first, road.clearing = road.clearing, road.liaison
    try:
        return road.tip(report_xml(PERSON))
    finally:
        road.clearing = first


def _cases(node: Node) -> list[str]:
    with open_work(node, CONSOLE) as work:
        return [line.id for line in cases.list_cases(work)]


def test_each_purpose_stands_in_the_table() -> None:
    alone = {each for each in Purpose if not rules.waits(each)}
    assert alone == {Purpose.INVESTIGATION, Purpose.VICTIM_IDENTIFICATION}
    assert set(Purpose) - rules.BRINGS_PEOPLE == {Purpose.REMOVAL}


@pytest.mark.parametrize("purpose", sorted(rules.OPENS_BY_ITSELF))
def test_what_a_case_is_for_opens_one_by_itself(road: Road, purpose: Purpose) -> None:
    _at_police(road, purpose)
    (case_id,) = _cases(road.police)
    assert len(file_of(road.police, case_id).people) == 1
    with open_work(road.police, CONSOLE) as work:
        assert waiting.waiting_seen(work) == []


def test_what_came_for_removal_waits_for_staff_and_brings_nobody_into_a_case(road: Road) -> None:
    arrived = _at_police(road, Purpose.REMOVAL)
    assert "people/0/accounts/0" in values(road.police, arrived.id)
    assert _cases(road.police) == []
    with open_work(road.police, WORKER) as work:
        assert cases.open_or_attach(work, referral_id=arrived.id) == "", "again waits again"
    with open_work(road.police, CONSOLE) as work:
        assert [each.id for each in waiting.waiting_seen(work)] == [arrived.id]
        assert cases.count_waiting(work) == 1
    with open_work(road.police, CONSOLE) as work:
        waiting.take_waiting(work, arrived.id)
    road.settle()
    (case_id,) = _cases(road.police)
    file = file_of(road.police, case_id)
    assert file.people == ()
    assert [each.referral_id for each in file.referrals] == [arrived.id]
    assert file.item_count > 0
    with open_work(road.police, CONSOLE) as work:
        assert cases.count_waiting(work) == 0
    with pytest.raises(Conflict, match="already"), open_work(road.police, CONSOLE) as work:
        waiting.take_waiting(work, arrived.id)
    with open_work(road.police, WORKER) as work:
        assert cases.bring_wanted(work, referral_id=arrived.id) == case_id, "again finds it"


def test_what_came_for_removal_feeds_no_other_case_with_a_suspect(road: Road) -> None:
    _at_police(road, Purpose.INVESTIGATION)
    (case_id,) = _cases(road.police)
    before = file_of(road.police, case_id).people
    arrived = _at_police(road, Purpose.REMOVAL)
    with open_work(road.police, CONSOLE) as work:
        cases.feed_referral(work, case_id, referral=arrived.id)
    road.settle()
    assert file_of(road.police, case_id).people == before


def test_what_came_for_a_childs_welfare_opens_a_case_with_its_people_when_staff_say_so(
    road: Road,
) -> None:
    arrived = _at_police(road, Purpose.CHILD_WELFARE)
    assert _cases(road.police) == []
    with open_work(road.police, CONSOLE) as work:
        waiting.take_waiting(work, arrived.id)
    road.settle()
    (case_id,) = _cases(road.police)
    assert len(file_of(road.police, case_id).people) == 1


def test_what_does_not_wait_is_not_taken_by_hand(road: Road) -> None:
    arrived = _at_police(road, Purpose.INVESTIGATION)
    with pytest.raises(Conflict, match="by itself"), open_work(road.police, CONSOLE) as work:
        waiting.take_waiting(work, arrived.id)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Referrals that wait for you", "removal</td>", "Take it into a case")),
        ("ko", ("담당자 확인을 기다리는 송부", "삭제", "사건에 반영")),
    ],
)
def test_staff_see_the_purpose_and_take_it_by_the_page(
    road: Road, language: str, words: tuple[str, ...]
) -> None:
    arrived = _at_police(road, Purpose.REMOVAL)
    add_member(road.police, "officer", Role.INVESTIGATOR)
    app = shell_app(road.police, routers=(case_pages.router,))
    with browser(app, language=language) as client:
        sign_in(client, "officer")
        shown = _page(client)
        assert all(word in shown for word in words)
        client.post(f"/waiting-referrals/{arrived.id}")
    road.settle()
    assert len(_cases(road.police)) == 1


def _page(client: TestClient) -> str:
    found = client.get("/cases").text
    return html.unescape(re.sub(r"\s+", " ", found))
