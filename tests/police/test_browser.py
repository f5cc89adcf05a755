"""The pages of welfare and removals in a real browser, in both languages, without script."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, contacted, outcome_of, recorded, suspect, verified
from tests.police.removals.places import add, clock, know
from tests.web.chromium import (
    chromium,
    narrow_overflow_pixels,
    opened_page,
    overflow_pixels,
    served,
)
from tests.web.pages import PASSWORD, add_member, shell_app
from tipbridge.bulletin import pages as bulletin_pages
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.model import Motive
from tipbridge.police.outcomes import pages as outcome_pages
from tipbridge.police.removals import actions, checking, looking, moving, noticing, redating
from tipbridge.police.removals import pages as removal_pages
from tipbridge.police.removals.compared import actions as comparing
from tipbridge.police.removals.mistaken.actions import take_back
from tipbridge.police.removals.model import Channel, PlaceForm, RemovalState, ReplyKind
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import pages as welfare_pages
from tipbridge.police.welfare import steps
from tipbridge.police.welfare.model import CoerciveStep, FollowUpKind, TalkWith

ROUTERS = (
    bulletin_pages.router,
    case_pages.router,
    outcome_pages.router,
    removal_pages.router,
    welfare_pages.router,
)
NAV = (*case_pages.NAV, *welfare_pages.NAV, *removal_pages.NAV)
SHOTS = os.environ.get("TEST_SCREENSHOTS")
LONG = "https://host.example/" + "a-very-long-part-of-a-path/" * 8


def _world(node: Node) -> list[str]:
    """A child with a record, and places in every state; the pages that show them."""
    file = a_case(node)
    facts = suspect(birth=verified(date(1999, 1, 1)), self_produced=True)
    person_id = recorded(node, file, facts)
    with open_work(node, CONSOLE) as work:
        grounds = "The device was about to be wiped."
        steps.record_step(work, person_id, CoerciveStep.SEARCH, grounds=grounds)
    welfare_id = contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        for why, talk_with in zip((Motive.FOLLOWERS, None, None), TalkWith, strict=True):
            welfare.record_talk(work, welfare_id, talk_with=talk_with, why=why)
        due_on = date(2014, 7, 1)
        welfare.plan_follow_up(work, welfare_id, kind=FollowUpKind.COUNSELLING, due_on=due_on)
    know(node, "host.example", Channel.EMAIL, "abuse@host.example", checks=True)
    for number in range(7):
        removal = add(node, file, f"{LONG}{number}")
        with open_work(node, CONSOLE) as work:
            noticing.carry_notice(work, noticing.make_notice(work, removal.id).id)
            noticing.record_reply(work, removal.id, ReplyKind.ACKNOWLEDGED)
            if number != 1:
                moving.record_state(work, removal.id, RemovalState.REMOVED)
    other = add(node, file, "https://other.example/1")
    with open_work(node, CONSOLE) as work:
        checking.check_now(work, other.id)
        check, _place = actions.list_removals(work, file.case.id)[-1].entries
        take_back(work, other.id, check.id, because="The host was out of order for an hour.")
        authority = comparing.record_authority(
            work, other.id, words="Seoul Central District Court 2014-1", until=date(2014, 7, 1)
        )
        why = "Lifted by the court: nothing more was to be learned."
        on = date(2014, 6, 2)
        comparing.end_authority(work, other.id, authority.id, ended_on=on, because=why)
        comparing.record_authority(work, other.id, words="2014-2", until=date(2014, 7, 1))
    _corrected_and_due(node, file.case.id)
    assert outcome_of(node, file.case.id, person_id).welfare is not None
    case = f"/cases/{file.case.id}"
    return [
        f"{case}/outcomes",
        "/welfare",
        f"/welfare/{welfare_id}",
        f"{case}/removals",
        "/removals",
        "/removals?due=true",
        "/hosts",
        "/bulletin?from=2014-01-01&to=2014-12-31&view=full",
    ]


def _corrected_and_due(node: Node, case_id: str) -> None:
    """A group that somebody has to look at, whose notice was carried on another day; a week on."""
    with open_work(node, CONSOLE) as work:
        group = actions.add_place(
            work,
            case_id,
            address="group-of-somebody",
            form=PlaceForm.MESSAGE_GROUP,
            host="messenger.example",
        )
        notice = noticing.make_notice(work, group.id)
        noticing.carry_notice(work, notice.id)
        looking.look_by_hand(work, group.id)
    clock(node, 2014, 6, 12)
    with open_work(node, CONSOLE) as work:
        done_at = datetime(2014, 6, 11, 23, 30, tzinfo=UTC)
        redating.correct_notice_day(
            work, notice.id, done_at=done_at, because="The letter has the eleventh."
        )


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_welfare_and_removals_are_readable_in_a_browser(node: Node, language: str) -> None:
    paths = _world(node)
    add_member(node, "desk", Role.INVESTIGATOR)
    with (
        served(shell_app(node, routers=ROUTERS, navigation=NAV)) as address,
        chromium() as browser,
        opened_page(browser, language) as (page, complaints),
    ):
        page.goto(address + paths[0])
        page.get_by_role("textbox").first.fill("desk")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(address + paths[0])
        for number, path in enumerate(paths):
            page.goto(address + path)
            assert page.locator("html").get_attribute("lang") == language
            assert overflow_pixels(page) <= 0, path
            assert narrow_overflow_pixels(page) <= 0, path
            assert page.locator("a[href*='host.example']").count() == 0, path
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{number}-{language}.png", full_page=True)
    assert complaints == []
