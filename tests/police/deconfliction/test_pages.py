"""Hit or no hit on the pages, as staff see them, in both languages."""

import json
import os
from pathlib import Path

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from tests.nodes import CONSOLE
from tests.police.deconfliction.pair import Pair, a_suspect, many, open_pair
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tests.web.pages import PASSWORD, add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.deconfliction import pages
from tipbridge.police.deconfliction.actions import ask_peer
from tipbridge.police.deconfliction.commands import group

SHOTS = os.environ.get("TEST_SCREENSHOTS")


def app_of(node: Node) -> FastAPI:
    add_member(node, "somebody", Role.INVESTIGATOR)
    routers = (case_pages.router, pages.router)
    return shell_app(node, routers=routers, navigation=pages.NAV)


def asked_twice(pair: Pair) -> str:
    """A case with a hit, then a question that waits."""
    a_suspect(pair.holder, "both")
    case_id = a_suspect(pair.asker, "both").case.id
    pair.ask(case_id)
    with open_work(pair.asker, CONSOLE) as work:
        ask_peer(work, case_id, peer_id="us.hsi", reason="again")
    return case_id


def test_staff_ask_by_the_form_and_read_the_hit_and_whom_to_turn_to(make_node):
    with open_pair(make_node) as pair:
        a_suspect(pair.holder, "both")
        path = f"/cases/{a_suspect(pair.asker, 'both').case.id}/deconfliction"
        client = browser(app_of(pair.asker))
        sign_in(client, "somebody")
        assert "Nobody was asked about this case yet." in client.get(path).text
        assert client.post(path, data={"peer": "us.hsi", "reason": "same?"}).status_code == 303
        pair.settle()
        shown = client.get(path).text
        assert ">hit<" in shown
        assert ">no hit<" not in shown
        assert "c3@hsi.example" in shown
        other = browser(app_of(pair.holder))
        sign_in(other, "somebody")
        seen = other.get("/deconfliction").text
        assert "kr.knpa" in seen
        assert "both" not in seen


def test_who_asks_is_told_how_many_a_question_had_no_room_for(
    make_node, monkeypatch: pytest.MonkeyPatch
):
    with open_pair(make_node) as pair:
        case_id = a_suspect(pair.asker, "many-0", also=many(130)[1:]).case.id
        path, client = f"/cases/{case_id}/deconfliction", browser(app_of(pair.asker))
        sign_in(client, "somebody")
        client.post(path, data={"peer": "us.hsi", "reason": "same?"})
        said = "ask again for them: 30</div>"
        assert client.get(path).text.count(said) == 1
        pair.settle()
        url = pair.asker.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
        monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
        where = ["--data", str(pair.asker.data), "--json"]
        called = ["ask", case_id, "--peer", "us.hsi", "--reason", "more"]
        done = CliRunner().invoke(group, [*called, *where], catch_exceptions=False)
        assert json.loads(done.stdout)["left_out"] == 0
        listed = CliRunner().invoke(group, ["list", case_id, *where], catch_exceptions=False)
        assert {line["left_out"] for line in json.loads(listed.stdout)} == {0, 30}
        assert client.get(path).text.count(said) == 1


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_pages_are_readable_in_a_browser(make_node, language: str) -> None:
    with open_pair(make_node) as pair, chromium() as started:
        case_id = asked_twice(pair)
        for node, path in (
            (pair.asker, f"/cases/{case_id}/deconfliction"),
            (pair.holder, "/deconfliction"),
        ):
            with (
                served(app_of(node)) as address,
                opened_page(started, language) as (page, complaints),
            ):
                page.goto(address + path)
                page.get_by_role("textbox").first.fill("somebody")
                page.locator("input[type=password]").fill(PASSWORD)
                page.locator("main button").click()
                page.wait_for_url(address + path)
                assert page.locator("html").get_attribute("lang") == language
                assert overflow_pixels(page) <= 0, path
                if SHOTS:
                    name = f"deconfliction-{node.id}-{language}.png"
                    page.screenshot(path=Path(SHOTS) / name, full_page=True)
            assert complaints == []
