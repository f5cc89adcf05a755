"""From one click or command on a police case to the provider's own quality page."""

from collections.abc import Callable, Generator
from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import file_of, suspect, verified
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road, view
from tests.tips.intake.ispws import client, serving
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import appraising
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.sharing.referral import pages as referral_pages
from tipbridge.tips.intake.model import Appraisal
from tipbridge.tips.quality import actions as quality
from tipbridge.tips.quality import api
from tipbridge.tips.quality import pages as quality_pages
from tipbridge.tips.triage import actions as triage


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, follow)  # type: ignore[method-assign]
        yield made


def _case_id(node: Node) -> str:
    with open_work(node, CONSOLE) as work:
        (line,) = cases.list_cases(work)
    return line.id


def _decide(road: Road, case_id: str) -> None:
    person = file_of(road.police, case_id).people[0].person
    with open_work(road.police, CONSOLE) as work:
        facts = suspect(birth=verified(date(2001, 1, 1)), act_on=date(2014, 2, 1))
        cases.record_person(work, person.id, facts)
        outcomes.decide_outcome(work, person.id, outcome=Outcome.JUVENILE_DIVISION)


def test_what_police_say_with_one_click_stands_on_the_providers_quality_page(road: Road) -> None:
    report_id = road.tip()
    *_, at_police = road.carry(report_id)
    road.settle()
    case_id = _case_id(road.police)
    add_member(road.police, "desk", Role.INVESTIGATOR)
    routers = (case_pages.router, referral_pages.router)
    desk = browser(shell_app(road.police, routers=routers))
    sign_in(desk, "desk")
    assert 'value="lacked-port"' in desk.get(f"/cases/{case_id}").text
    for _ in range(2):
        clicked = desk.post(
            f"/cases/{case_id}/feedback", data={"referral": at_police, "appraisal": "lacked-port"}
        )
        told_at = clicked.headers["location"]
        assert told_at == f"/cases/{case_id}?told=lacked-port"
        assert "lacked port" in desk.get(told_at).text
    assert desk.post(f"/referrals/{at_police}/feedback", data={"appraisal": "useful"}).is_redirect
    wrong = desk.post(f"/referrals/{at_police}/feedback", data={"appraisal": "a person's name"})
    assert wrong.status_code == 400
    with open_work(road.police, CONSOLE) as work:
        appraising.appraise(work, case_id, appraisal=Appraisal.CHILD_SAFEGUARDED)
    _decide(road, case_id)
    road.settle()

    assert 'value="lacked-port"' not in desk.get(f"/cases/{case_id}").text
    assert 'value="useful"' not in desk.get(f"/referrals/{at_police}").text
    told = {"lacked-port", "useful", "child-safeguarded", "juvenile-division"}
    said = [each.outcome for each in view(road.police, at_police).feedback]
    assert (len(said), set(said)) == (4, told)
    with open_work(road.clearing, CONSOLE) as work:
        on_tip = triage.read_tip(work, report_id).record.feedback
        on_page = quality.read_quality(work, "esp-one").told
    assert [each.outcome for each in on_tip] == [each.feedback.outcome for each in on_page][::-1]
    assert ({each.outcome for each in on_tip}, {each.sender for each in on_tip}) == (
        told,
        {"kr.knpa"},
    )
    with (
        serving(road.clearing, api.ROUTES) as address,
        client(address, "esp-one", "long-enough-1") as esp,
    ):
        answer = esp.get("/quality")
    found = answer.json()
    words = {"lacked-port", "useful", "child-safeguarded", "acted-on"}
    assert {one["outcome"] for one in found["feedback"]} == words
    assert {(one["report_id"], one["sender"]) for one in found["feedback"]} == {
        (report_id, "kr.knpa")
    }
    assert found["outcomes"] == dict.fromkeys(words, 1)
    for kept in ("juvenile", "below-age", "custody", "stage"):
        assert kept not in answer.text
    add_member(road.clearing, "keeper", Role.PROVIDER_MANAGER)
    keeper = browser(shell_app(road.clearing, routers=(quality_pages.router,)))
    sign_in(keeper, "keeper")
    shown = keeper.get("/quality/provider?name=esp-one").text
    assert all(word.replace("-", " ") in shown for word in (*told, *words))


def test_a_case_speaks_only_of_referrals_that_feed_it(road: Road) -> None:
    road.carry(road.tip())
    road.settle()
    case_id = _case_id(road.police)
    with pytest.raises(NotFound), open_work(road.police, CONSOLE) as work:
        appraising.appraise(work, case_id, appraisal=Appraisal.USEFUL, referral="another")
