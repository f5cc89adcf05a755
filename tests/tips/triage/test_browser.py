"""The pages of tips and leads in a real browser."""

import os
from pathlib import Path

import pytest

from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tests.tips.triage.filed import file_tip
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tests.web.pages import PASSWORD, add_member, shell_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.tips.triage import pages

LINES_OF_NUMBERS = (
    "[...document.querySelectorAll('td:first-child a')].map(a => a.getClientRects().length)"
)
BROKEN_WORDS = """[...document.querySelectorAll('.tb-table td')].flatMap(cell => {
  const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode())
    for (const word of node.data.matchAll(/[\\w]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (range.getClientRects().length > 1) broken.push(word[0]);
    }
  return broken;
})"""
"""Words of a table's cells that stand on more than one line."""
SHOTS = os.environ.get("TEST_SCREENSHOTS")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_tips_and_leads_are_readable_at_1280_pixels(node: Node, language: str) -> None:
    """Also a report with every field the form has."""
    add_member(node, "desk", Role.ANALYST, Role.LIAISON)
    document, _ = maximal_reports()[0]
    details = [body for body, _ in maximal_file_details("{report}", ["{file0}"])[:1]]
    report_id = file_tip(node, document, files=(b"a",), details=details)
    ordinary = file_tip(node)
    app = shell_app(node, routers=(pages.router,), navigation=pages.NAV)
    with (
        served(app) as address,
        chromium() as browser,
        opened_page(browser, language) as (page, complaints),
    ):
        page.goto(f"{address}/tips")
        page.get_by_role("textbox").first.fill("desk")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.goto(f"{address}/tips/{ordinary}")
        lead = page.locator("a[href^='/leads/']").first.get_attribute("href")
        assert lead is not None
        for path in ("/tips", f"/tips/{report_id}", f"/tips/{ordinary}", "/leads", lead):
            page.goto(address + path)
            assert page.locator("html").get_attribute("lang") == language
            assert overflow_pixels(page) <= 0, path
            if path == "/tips":
                assert page.evaluate(LINES_OF_NUMBERS) == [1, 1]
                assert page.evaluate(BROKEN_WORDS) == []
            if SHOTS:
                name = path.strip("/").replace("/", "-")[:20]
                page.screenshot(path=Path(SHOTS) / f"{name}-{language}.png", full_page=True)
    assert complaints == []
