"""The pages of the provider edge in a real browser: providers, quality, filings, scans, members."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.nodes import CONSOLE
from tests.tips.filing.clearing import FILES, accept, filing_node, send
from tests.tips.filing.listed import known_list
from tests.tips.intake.ispws import client, serving
from tests.tips.triage.filed import file_report, report_xml
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tests.web.pages import PASSWORD, add_member
from tipbridge.app import build_app
from tipbridge.foundation.access.model import Limits
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions as hashsharing
from tipbridge.tips.filing import drafts
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.filing.scan import actions as scans
from tipbridge.tips.filing.scan import scanners
from tipbridge.tips.filing.scan.model import Sign
from tipbridge.tips.filing.scan.offers import offer_file
from tipbridge.tips.filing.viewing import state_viewed
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.intake import providers
from tipbridge.tips.quality import actions as quality

SHOTS = os.environ.get("TEST_SCREENSHOTS")
DATA = b"synthetic known"


def lived_in(node: Node) -> dict[str, str]:
    """Pages with something of each kind on them."""
    poor = file_report(node, report_xml("<personOrUserReported/>"))
    file_report(node, report_xml("<personOrUserReported/>"))
    with open_work(node, WORKER) as work:
        quality.assess_report(work, report_id=poor)
        intake.record_feedback(
            work, report_id=poor, feedback_id="f-1", sender="kr.police", outcome="lacked-port"
        )
    with open_work(node, CONSOLE) as work:
        providers.add_provider(work, name="esp-two", username="usr-two", password="long-enough-2")
        providers.add_contact(
            work, "esp-one", purpose="legal", name="Desk", email="le@esp.example", phone="+1 202"
        )
        providers.set_limits(work, "esp-one", Limits(uploads_at_once=3))
        providers.set_rule(work, "esp-one", rule="unknown-element", mode="lenient")
        hashsharing.enrol_member(work, provider="esp-one")
        token = scanners.add_scanner(work, name="upload-queue")
    with serving(node) as address, client(address, "usr-two", "long-enough-2") as guesser:
        for number in range(21):
            guesser.post("/finish", data={"id": f"9990000{number:02}"})
    known_list(node, [DATA])
    scanner = scanners.scanner_of(node, f"Bearer {token}")
    with open_work(node, scanners.actor_of(scanner)) as work:
        found = scans.scan(work, [offer_file(DATA)], scanner=scanner).found
        scans.notice_probing(work, scanner, Sign.SAME_HIT_AGAIN)
    silent = filing_node(node, "http://127.0.0.1:9/ispws", retry_base_seconds=3600.0)
    waiting = accept(silent, files=FILES)
    send(silent, waiting, times=1)
    draft = found[0].draft
    assert draft is not None
    with open_work(node, CONSOLE) as work:
        drafts.change_draft(work, draft, files=[Enclosure(source=b"synthetic other")])
        state_viewed(work, draft, 1, viewed=True)
    return {"draft": draft, "waiting": waiting}


@pytest.mark.browser
def test_the_pages_of_the_provider_edge_are_readable_at_1280_pixels(node: Node) -> None:
    add_member(node, "desk", Role.ANALYST, Role.PROVIDER_MANAGER)
    ids = lived_in(node)
    paths = (
        "/providers",
        "/providers/provider?name=esp-one",
        "/providers/loose-ends",
        "/quality",
        "/quality/provider?name=esp-one",
        "/filings",
        f"/filings/{ids['draft']}",
        f"/filings/{ids['waiting']}",
        "/scans",
        "/hashes",
    )
    with served(build_app(node)) as address, chromium() as browser:
        for language in ("en", "ko"):
            with opened_page(browser, language) as (page, complaints):
                look_at(page, address, paths, language)
            assert complaints == []


def look_at(page: Page, address: str, paths: Iterable[str], language: str) -> None:
    """Each page in one language: nothing beyond its edge, and nothing that shows media."""
    page.goto(f"{address}/filings")
    page.get_by_role("textbox").first.fill("desk")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button").click()
    for number, path in enumerate(paths):
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        assert overflow_pixels(page) <= 0, path
        assert page.locator("main img, video, audio, iframe").count() == 0, path
        if SHOTS:
            name = f"{number}-{path.strip('/').partition('?')[0].replace('/', '-')[:20]}"
            page.screenshot(path=Path(SHOTS) / f"{name}-{language}.png", full_page=True)
