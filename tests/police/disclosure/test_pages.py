"""The page of disclosures: from a proposal to a bundle that anybody can check."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.disclosure.test_actions import propose
from tests.police.disclosure.verdicts import both
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tests.web.pages import PASSWORD, add_member, browser, shell_app, sign_in
from tipbridge.foundation.audit.log import sequence
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.approvals import pages as approvals
from tipbridge.police.disclosure import pages
from tipbridge.police.disclosure.waiting import APPROVABLES
from tipbridge.police.evidence import actions as evidence

SHOTS = os.environ.get("TEST_SCREENSHOTS")


def client_of(node: Node, username: str, *roles: Role):
    add_member(node, username, *roles)
    client = browser(shell_app(node, routers=[pages.router], navigation=pages.NAV), language="en")
    sign_in(client, username)
    return client


def taken(answer, folder: Path) -> Path:
    assert answer.headers["content-type"] == "application/x-tar"
    assert answer.headers["cache-control"] == "no-store"
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        archive.extractall(folder, filter="data")
    (below,) = folder.iterdir()
    return below


def test_a_disclosure_is_proposed_approved_and_taken_away(node: Node, tmp_path: Path) -> None:
    case = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case, mark="E1")
    sequence(node.engine, node.id, node.sign_checkpoint)
    officer = client_of(node, "officer", Role.INVESTIGATOR)
    form = {
        "case": case,
        "recipient": "Example District Court",
        "purpose": "court",
        "marks": "E1, ",
    }
    where = officer.post("/disclosures", data=form).headers["location"]
    page = officer.get(where).text
    assert "Approve exactly this" not in page, "the proposer has no such button"
    assert officer.post(f"{where}/approve").status_code == 409
    assert officer.post(f"{where}/write").status_code == 409
    for name in ("second", "third"):
        other = client_of(node, name, Role.EXAMINER)
        assert "data/custody.json" in other.get(where).text
        shown = taken(other.post(f"{where}/preview"), tmp_path / name)
        assert other.post(f"{where}/approve").status_code == 303
    bundle = taken(officer.post(f"{where}/write"), tmp_path / "bundle")
    assert both(bundle, node.keys.fingerprint) == []
    assert (shown / "data/custody.json").read_bytes() == (bundle / "data/custody.json").read_bytes()
    assert "Example District Court" in officer.get("/disclosures").text
    assert "2 / 2" in officer.get(f"/disclosures?case={case}").text
    with open_work(node, CONSOLE) as work:
        evidence.return_exhibit(work, exhibit.id, to="somebody")
    page = officer.get(where).text
    assert "Propose it anew" in page
    assert "data/custody.json" not in page


def test_what_waits_for_people_is_on_the_desks_page_of_approvals(node: Node) -> None:
    case = a_case(node)
    an_exhibit(node, CONSOLE, case, mark="E1")
    sequence(node.engine, node.id, node.sign_checkpoint)
    clients = {}
    for name in ("officer", "second", "third"):
        add_member(node, name, Role.INVESTIGATOR)
        routers, desk = [pages.router, approvals.router], (*pages.NAV, *approvals.NAV)
        app = shell_app(node, routers=routers, navigation=desk, approvables=APPROVABLES)
        clients[name] = browser(app, language="en")
        sign_in(clients[name], name)
    form = {"case": case, "recipient": "Example District Court", "purpose": "court"}
    where = clients["officer"].post("/disclosures", data=form).headers["location"]

    def waiting(name: str) -> str:
        return clients[name].get("/approvals").text.partition("Given")[0]

    assert "proposed by you" in waiting("officer")
    assert f'href="{where}">Look at it' in waiting("second")
    assert clients["second"].post(f"{where}/approve").status_code == 303
    assert "approved by you" in waiting("second")
    assert "1 / 2" in waiting("third")
    assert clients["third"].post(f"{where}/approve").status_code == 303
    assert "Example District Court" not in waiting("third")


def test_what_is_nobodys_is_not_found(node: Node) -> None:
    officer = client_of(node, "officer", Role.INVESTIGATOR)
    assert officer.get("/disclosures/" + "0" * 32).status_code == 404
    assert officer.get("/disclosures?case=none").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_pages_are_readable_in_a_browser(node: Node, language: str) -> None:
    case = a_case(node)
    an_exhibit(node, CONSOLE, case, mark="E1")
    made = propose(node, CONSOLE, case)
    add_member(node, "officer", Role.INVESTIGATOR)
    with (
        served(shell_app(node, routers=[pages.router], navigation=pages.NAV)) as address,
        chromium() as chrome,
        opened_page(chrome, language) as (page, complaints),
    ):
        page.goto(f"{address}/disclosures")
        page.get_by_role("textbox").first.fill("officer")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(f"{address}/disclosures")
        for number, path in enumerate(("/disclosures", f"/disclosures/{made.id}")):
            page.goto(f"{address}{path}")
            assert page.locator("html").get_attribute("lang") == language
            assert overflow_pixels(page) <= 0, path
            if SHOTS:
                shot = Path(SHOTS) / f"disclosure-{number}-{language}.png"
                page.screenshot(path=shot, full_page=True)
    assert complaints == []
