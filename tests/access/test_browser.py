"""Every page with a full world behind it, in a real browser, in both languages."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser

from tests.access.expected_routes import ROUTES
from tests.access.law_marks import ON_A_PAGE, unmarked, used_in
from tests.access.requests import path_of
from tests.access.world import World
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tipbridge.app import build_app
from tipbridge.web.session import cookie_name

pytestmark = [pytest.mark.xdist_group("access"), pytest.mark.browser]

PAGES = sorted(
    name
    for name, cell in ROUTES.items()
    if name.startswith("GET ") and "public" not in cell.who and "provider" not in cell.who
    if name
    not in {  # no pages
        "GET /api/v1/referrals",
        "GET /api/v1/referrals/{received_id}",
        "GET /bulletin.json",
        "GET /bulletin/publications/{publication_id}/figures",
        "GET /cases/{case_id}/documents/{document_id}",
        "GET /exhibits/{exhibit_id}/label",
        "GET /exhibits/{exhibit_id}/media",
        "GET /exhibits/{exhibit_id}/report",
    }
)
USING_UNSURE_LAW = {
    "GET /cases/{case_id}/outcomes",
    "GET /welfare/{welfare_id}",
    "GET /retention",
}
"""Pages on which a line of the law that nobody confirmed is used in this world."""
WITH_A_MAILED_REPLY = {"GET /cases/{case_id}/removals"}
"""Pages that show what a host wrote by e-mail."""
SHOTS = os.environ.get("TEST_SCREENSHOTS")


@pytest.fixture(scope="module")
def app(world: World) -> FastAPI:
    """The running program of the world's node."""
    return build_app(world.node)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """Where a real server shows it."""
    with served(app) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all pages."""
    with chromium() as found:
        yield found


def extra_paths(world: World) -> dict[str, str]:
    """A received referral looks otherwise than one that is sent, and so do requests."""
    return {
        "GET /referrals/{referral_id} received": f"/referrals/{world.ids['received']}",
        "GET /requests/{request_id} own": f"/requests/{world.ids['request']}",
        "GET /bulletin full": "/bulletin?view=full&from=2013-11-01&to=2014-10-31",
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_is_readable_without_script(
    world: World, address: str, browser: Browser, language: str
) -> None:
    paths = {name: path_of(name, world.ids) for name in PAGES} | extra_paths(world)
    too_wide: list[str] = []
    unsure: set[str] = set()
    without_mark: list[str] = []
    with world.owned("own"), opened_page(browser, language) as (page, complaints):
        for name, path in sorted(paths.items()):
            route = ROUTES[" ".join(name.split()[:2])]
            role = "investigator" if "investigator" in route.who else min(route.who)
            page.context.clear_cookies()
            page.context.add_cookies(
                [
                    {
                        "name": cookie_name(world.node),
                        "value": world.sessions[role],
                        "url": address,
                    }
                ]
            )
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1, path
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            shown = page.inner_text("body")
            assert "SYNTHETIC" in shown
            assert ("확인하고 있습니다" in shown) == (name in WITH_A_MAILED_REPLY), path
            without_mark += [f"{path}: {each}" for each in unmarked(shown, ON_A_PAGE)]
            if used_in(shown, ON_A_PAGE):
                unsure.add(name)
            assert page.locator("img:not([src^='/static/']), video, audio, iframe").count() == 0
            if SHOTS:
                place = re.sub("[0-9a-f]{32}", "one", path.partition("?")[0].strip("/"))
                shot = place.replace("/", "-") or "start"
                if "full" in name:
                    shot += "-full"
                page.screenshot(path=Path(SHOTS) / f"{shot}-{language}.png", full_page=True)
            if overflow_pixels(page) > 0:
                too_wide.append(path)
    assert too_wide == []
    assert without_mark == []
    assert unsure >= USING_UNSURE_LAW
    assert complaints == []
