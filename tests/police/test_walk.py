"""A newcomer's walk in a real browser: from a referral to feedback, in both languages."""

import os
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.access.building import CHILD, DETAILS, FILES
from tests.nodes import CONSOLE
from tests.police.folk import outcome_of, record_of
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road, view
from tests.tips.triage.filed import report_xml
from tests.web.chromium import (
    chromium,
    narrow_overflow_pixels,
    opened_page,
    overflow_pixels,
    served,
)
from tests.web.pages import PASSWORD, add_member
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.model import DemandState
from tipbridge.police.removals import actions as removals
from tipbridge.police.welfare.actions import read_record
from tipbridge.police.welfare.model import ClockStep
from tipbridge.sharing.referral.life.actions import life_of
from tipbridge.sharing.referral.life.model import Word
from tipbridge.tips.intake.model import Appraisal

pytestmark = pytest.mark.browser

MOST_INTERACTIONS = 40
SHOTS = os.environ.get("TEST_SCREENSHOTS")


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, follow)  # type: ignore[method-assign]
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for both languages."""
    with chromium() as found:
        yield found


class Newcomer:
    """Somebody at a browser, each of whose clicks, choices and entries is counted."""

    def __init__(self, page: Page, language: str, settle: Callable[[], object]) -> None:
        self.page, self.language, self.settle = page, language, settle
        self.interactions = 0
        self.steps = 0

    def click(self, what: str | Locator) -> None:
        """Click, and wait for the page that follows."""
        found = self.page.locator(what).first if isinstance(what, str) else what
        self.interactions += 1
        with self.page.expect_navigation():
            found.click()
        self.settle()

    def fill(self, form: Locator, **values: str) -> None:
        """Enter texts and choose from lists, one interaction each."""
        for name, value in values.items():
            field = form.locator(f"[name={name}]").first
            self.interactions += 1
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def form(self, action_ends: str) -> Locator:
        """The first form on the page whose action ends so."""
        return self.page.locator(f"form[action$='{action_ends}']").first

    def send(self, form: Locator) -> None:
        """Press a form's button."""
        self.click(form.locator("button").first)

    def look(self, name: str) -> None:
        """The page is in the reader's language and fits; kept as a picture when asked."""
        self.steps += 1
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert overflow_pixels(self.page) <= 0, name
        assert narrow_overflow_pixels(self.page) <= 0, name
        if SHOTS:
            shot = f"walk-{self.steps:02d}-{name}-{self.language}.png"
            self.page.screenshot(path=Path(SHOTS) / shot, full_page=True)


def sign_in(walker: Newcomer, address: str) -> None:
    walker.interactions += 1  # somebody has to type the address
    walker.page.goto(address)
    form = walker.form("/sign-in")
    walker.fill(form, username="newcomer", password=PASSWORD)
    walker.send(form)


def accept(walker: Newcomer, at_police: str) -> None:
    walker.click("a[href='/referrals']")
    walker.click(f"a[href='/referrals/{at_police}']")
    walker.look("referral")
    assert walker.page.locator("text=hxxps[:]//social[.]example/posts/1").count() == 1
    assert walker.form("/stage").locator("[name=said]").input_value() == "accepted"
    walker.send(walker.form("/stage"))
    walker.click("a[href='/cases']")
    walker.click("table a[href^='/cases/']")
    walker.look("case")


def identify(walker: Newcomer) -> None:
    walker.click("table a[href*='/people/']")
    walker.look("person")
    walker.click("a[href*='demands?person='][href*='&ip=']")
    form = walker.form("/demands")
    assert form.locator("[name=ip]").input_value() == "203.0.113.7"
    walker.fill(form, addressee="Example Telecom", authority="Synthetic ground, article 1")
    assert form.locator("[name=seen_at]").input_value() == "2014-02-20T01:00", "as the tip said"
    walker.fill(form, port="51413")
    walker.send(form)
    walker.send(walker.form("/sending"))
    form = walker.form("/answer")
    walker.fill(form, value="subscriber-001")
    walker.send(form)
    walker.look("answer")


def add_person(walker: Newcomer) -> None:
    walker.click("nav a[href^='/cases/']:has-text('사건'), nav a[href^='/cases/']:has-text('Case')")
    form = walker.form("/people")
    walker.fill(form, role="suspect")
    walker.send(form)
    form = walker.page.locator("form:has([name=birth_earliest])")
    walker.fill(
        form,
        birth_earliest="2001-05-05",
        birth_certainty="verified",
        offence="distribution",
        act="posted",
        act_on="2014-02-20",
        self_produced="yes",
    )
    walker.send(form)
    walker.look("people")


def decide(walker: Newcomer, person_id: str) -> None:
    walker.click("a[href$='/outcomes']")
    walker.look("advice")
    walker.send(walker.form(f"/people/{person_id}/outcome"))
    walker.look("decision")


def look_after(walker: Newcomer, welfare_id: str) -> None:
    walker.click(f"a[href='/welfare/{welfare_id}']")
    form = walker.form(f"/welfare/{welfare_id}")
    walker.fill(form, agency="Child protection agency", contact_made="yes")
    walker.send(form)
    walker.look("welfare")


def remove(walker: Newcomer, case_id: str) -> None:
    # The child's record says that a notice waits, and leads there.
    walker.click(f"a[href='/cases/{case_id}/removals']")
    walker.look("notice")
    assert walker.page.locator("form[action$='/replies']").count() == 0, "nobody was asked yet"
    # The child's own material: the notice is written already, and waits to be brought.
    walker.send(walker.form("/carried"))
    assert walker.page.locator("form[action$='/carried']").count() == 0
    assert walker.page.locator("form[action$='/replies']").count() == 1
    walker.look("removal")


def removal_requested(node: Node, person_id: str) -> date | None:
    """When removal of a child's own material was asked for, as their record has it."""
    record = record_of(node, person_id)
    with open_work(node, CONSOLE) as work:
        clocks = read_record(work, record.id).clocks
    return next(each.met_on for each in clocks if each.step is ClockStep.REMOVAL_REQUEST)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_newcomer_goes_from_referral_to_feedback_in_few_steps(
    road: Road, browser: Browser, language: str
) -> None:
    *_, at_police = road.carry(road.tip(report_xml(CHILD), files=FILES, details=[DETAILS]))
    road.settle()
    add_member(road.police, "newcomer", Role.INVESTIGATOR)
    app = build_app(road.police)
    with served(app) as address, opened_page(browser, language) as (page, complaints):
        walker = Newcomer(page, language, road.settle)
        sign_in(walker, address)
        accept(walker, at_police)
        case_id = page.url.rpartition("/")[2]
        identify(walker)
        add_person(walker)
        with open_work(road.police, CONSOLE) as work:
            (_, person) = cases.people_seen(work, case_id)
            (asked,) = demands.read_demands(work, case_id)[1]
        assert asked.demand.state is DemandState.ANSWERED
        decide(walker, person.id)
        look_after(walker, record_of(road.police, person.id).id)
        assert removal_requested(road.police, person.id) is None
        remove(walker, case_id)
        with open_work(road.police, CONSOLE) as work:
            ((notice,),) = (file.notices for file in removals.list_removals(work, case_id))
        assert notice.sent_at is not None
        assert removal_requested(road.police, person.id) is not None
        walker.click(f"a[href='/cases/{case_id}']")
        walker.send(walker.form("/feedback"))
        walker.look("feedback")
        told = [each.outcome for each in view(road.police, at_police).feedback]
        after = outcome_of(road.police, case_id, person.id)
        assert after.decision is not None
        assert sorted(told) == sorted([after.decision.outcome.value, Appraisal.USEFUL.value])
        with open_work(road.police, CONSOLE) as work:
            assert life_of(work, view(road.police, at_police).referral).stage is Word.ACCEPTED
        assert record_of(road.police, person.id).contact_made is True
        assert walker.interactions < MOST_INTERACTIONS
        assert complaints == []
