import os
from pathlib import Path

import pytest

from tests.web.chromium import (
    chromium,
    narrow_overflow_pixels,
    opened_page,
    overflow_pixels,
    served,
)
from tests.web.pages import PASSWORD, add_member, shell_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node

PATHS = ("/", "/staff", "/staff/boss", "/units", "/audit")
SHOTS = os.environ.get("TEST_SCREENSHOTS")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_desk_is_readable_in_a_browser_without_script(
    node: Node, language: str, tmp_path: Path
) -> None:
    add_member(node, "boss", Role.ADMINISTRATOR)
    with (
        served(shell_app(node)) as address,
        chromium() as browser,
        opened_page(browser, language) as (page, complaints),
    ):
        page.goto(f"{address}/staff")
        page.screenshot(path=tmp_path / "sign-in.png")
        page.get_by_role("textbox").first.fill("boss")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(f"{address}/staff")
        for path in PATHS:
            page.goto(address + path)
            assert page.locator("html").get_attribute("lang") == language
            assert overflow_pixels(page) <= 0, path
            assert narrow_overflow_pixels(page) <= 0, path
            if SHOTS:
                name = path.strip("/").replace("/", "-") or "start"
                page.screenshot(path=Path(SHOTS) / f"{name}-{language}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 800})
        units = page.locator("aside a[href='/units']")
        assert not units.is_visible(), "the menu is folded where there is no room beside the page"
        page.locator("label[for=tb-menu]").click()
        units.click()
        page.wait_for_url(f"{address}/units")
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.locator("aside a[href='/units']").is_visible()
        page.goto(f"{address}/audit")
        page.locator("main form[method=post] button").click()
        page.wait_for_url(f"{address}/audit/verification")
        page.locator("header form button").click()
        page.wait_for_url(f"{address}/sign-in")
    assert complaints == []
