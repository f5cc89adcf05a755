"""Pages of exhibits say everything and never show content."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.folders import examined
from tests.police.evidence.test_acquiring import failing
from tests.police.evidence.test_actions import a_case, a_folder, an_exhibit
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tests.web.pages import PASSWORD, add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.evidence import actions, pages, passes, store
from tipbridge.police.evidence.acquisitions import acquire
from tipbridge.police.evidence.hits import FileHit, Looked
from tipbridge.police.evidence.model import Checkpoint, FoundFile, SourceFacts

SHOTS = os.environ.get("TEST_SCREENSHOTS")


def page_client(node: Node, username: str, *roles: Role, language: str = "en"):
    add_member(node, username, *roles)
    app = shell_app(node, routers=[pages.router], navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, username)
    return client


def test_an_exhibit_is_added_passed_on_and_shown(node, console, tmp_path: Path) -> None:
    client = page_client(node, "officer", Role.INVESTIGATOR, Role.EXAMINER)
    case = a_case(node)
    form = {
        "case": case,
        "mark": "USB-1",
        "kind": "device",
        "description": "a stick",
        "identifiers": "",
        "place": "at home",
        "authority": "warrant 2014-1",
    }
    answer = client.post("/exhibits", data=form)
    assert answer.status_code == 303
    where = answer.headers["location"]
    outside = {"to": "lab", "outside": "true"}
    assert client.post(f"{where}/hand-over", data=outside).status_code == 303
    assert client.post(f"{where}/receive", data={}).status_code == 409
    said = client.post(f"{where}/receive", data={"reason": "the lab was closed"})
    assert said.status_code == 303
    folder = a_folder(tmp_path / "usb", 3)
    (folder / "link").symlink_to("/etc")
    with open_work(node, console) as work:
        examined(work, where.rpartition("/")[2], folder=folder, sorted_material=True, reason="demo")
    text = client.get(where).text
    for word in ("USB-1", "a stick", "not the receiver", "the lab was closed", "symbolic link"):
        assert word in text
    assert "000/000000.bin" in text
    assert text.count("<img") == text.count("/static/mark.svg") - 1, "the house's mark alone"
    assert "<video" not in text
    assert "USB-1" in client.get("/exhibits").text
    assert "USB-1" in client.get(f"/exhibits?case={case}").text


def test_the_pages_are_in_korean_too(node, console) -> None:
    exhibit = an_exhibit(node, console, a_case(node))
    client = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    assert "보관의 연속성" in client.get(f"/exhibits/{exhibit.id}").text
    assert "증거물" in client.get("/exhibits").text


def test_an_image_is_shown_with_its_digests_and_bad_ranges(node, console, tmp_path: Path) -> None:
    exhibit = an_exhibit(node, console, a_case(node))
    medium = tmp_path / "medium"
    medium.write_bytes(b"synthetic" * 1000)
    done = acquire(
        node, console, exhibit.id, source=medium, image=tmp_path / "a.raw", read_at=failing((2,))
    )
    assert done.copied is not None
    client = page_client(node, "officer", Role.INVESTIGATOR)
    text = client.get(f"/exhibits/{exhibit.id}").text
    digests = done.copied.digests
    for word in (digests.sha256, digests.sha1, digests.md5, "<td>1024</td><td>512</td>", "a.raw"):
        assert word in text


def test_an_unknown_exhibit_is_not_found(node) -> None:
    client = page_client(node, "officer", Role.INVESTIGATOR)
    assert client.get("/exhibits/" + "0" * 32).status_code == 404
    assert client.get("/exhibits?case=none").status_code == 404


def begun(node: Node, exhibit_id: str) -> None:
    """An examination that runs: a quarter of its medium was read, then half, ten seconds apart."""
    facts = SourceFacts(
        source="/evidence/stick.img", source_kind="raw", size_bytes=4_000_000, entries=900,
        md5="1" * 32, sha1="1" * 40, sha256="1" * 64,
    )  # fmt: skip
    with open_work(node, CONSOLE) as work:
        running = passes.begin_pass(work, exhibit_id, facts, reason="seen on the spot")
        for position, read in ((1, 1_000_000), (2, 2_000_000)):
            point = Checkpoint(
                pass_id=running.begun.id, position=position, at=work.now, entries=10 * position,
                bytes_read=read, findings=position,
            )  # fmt: skip
            later = replace(point, at=point.at + timedelta(seconds=10 * position))
            store.insert_checkpoint(work.db, exhibit_id, later)


def near_file(node: Node, exhibit_id: str) -> None:
    """A file that is near to an entry of a list."""
    hit = FileHit(
        list_id="list-1", list_name="national", purpose="known-material", mark="A1",
        confidence="disputed", by="turned", distance_bits=17,
    )  # fmt: skip
    file = FoundFile(
        number=1, path="volume/IMG_0001.JPG", digests=digest_bytes(b"synthetic"), finding=None,
        looks="picture", looked=Looked.COMPARED, hits=(hit,),
    )  # fmt: skip
    with open_work(node, CONSOLE) as work:
        store.add_files(work.db, exhibit_id, "examination-1", [file])


def test_a_running_examination_is_followed_until_it_ends(node) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    begun(node, exhibit.id)
    client = page_client(node, "officer", Role.INVESTIGATOR)
    answer = client.get(f"/exhibits/{exhibit.id}/progress")
    assert answer.headers["refresh"] == "10"
    for words in (
        "stick.img",
        "<dd>20</dd>",
        '<progress class="w-100 mb-3" max="4000000" value="2000000"',
    ):
        assert words in answer.text
    assert "97.7 KiB" in answer.text, "a hundred thousand bytes a second"
    with open_work(node, CONSOLE) as work:
        (running,) = actions.read_progress(work, exhibit.id).running
        assert (running.bytes_per_second, running.seconds_left) == (100_000, 20)
        passes.finish_pass(work, running.begun.id, sha256_after="1" * 64, unread=[])
    answer = client.get(f"/exhibits/{exhibit.id}/progress")
    assert "refresh" not in answer.headers
    assert "No examination of this exhibit is running." in answer.text


def test_a_near_match_stands_apart_from_findings(node) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    near_file(node, exhibit.id)
    client = page_client(node, "officer", Role.INVESTIGATOR)
    text = client.get(f"/exhibits/{exhibit.id}").text
    near = text.partition("Near matches: advice, no findings")[2].partition("</section>")[0]
    for words in ("IMG_0001.JPG", "national", "A1", "disputed", "turned", "<td>17</td>"):
        assert words in near
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id, findings_only=True)
    assert view.files == ()


def test_the_custody_record_names_who_said_what_and_when(node) -> None:
    client = page_client(node, "officer", Role.INVESTIGATOR)
    case = a_case(node)
    form = {
        "case": case, "mark": "USB-1", "kind": "device", "description": "a stick",
        "place": "at home", "authority": "warrant 2014-1",
    }  # fmt: skip
    where = client.post("/exhibits", data=form).headers["location"]
    lab = page_client(node, "lab", Role.EXAMINER)
    client.post(f"{where}/hand-over", data={"to": "lab"})
    assert lab.post(f"{where}/receive", data={}).status_code == 303
    text = lab.get(f"{where}/custody").text
    assert "Both sides: event 2, said by officer, and event 3, said by lab;" in text
    assert "One side alone" not in text
    rows = text.partition("<tbody>")[2].split("</tr>")
    cells = [re.findall("<td>(.*?)</td>", row) for row in rows[:6:2]]
    said = [(row[1], row[3], row[4], row[5], row[7]) for row in cells]
    assert said == [
        ("seized", "—", "officer", "officer", "none"),
        ("handed over", "officer", "lab", "officer", "none"),
        ("received", "officer", "lab", "lab", "none"),
    ]
    # On paper a shortened digest could be compared with nothing.
    digests = [re.findall(r"\b[0-9a-f]{64}\b", row) for row in rows[1:6:2]]
    assert [len(each) for each in digests] == [1, 1, 1]
    assert len({digest for (digest,) in digests}) == 3
    assert lab.post(f"{where}/receive", data={"reason": "back by post"}).status_code == 303
    assert "One side alone" in lab.get(f"{where}/custody").text


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_pages_are_readable_in_a_browser(node: Node, language: str, tmp_path: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node), identifiers="maker x, serial 1")
    with open_work(node, CONSOLE) as work:
        folder = a_folder(tmp_path / "usb", 12)
        examined(work, exhibit.id, folder=folder, sorted_material=True)
    near_file(node, exhibit.id)
    begun(node, exhibit.id)
    add_member(node, "officer", Role.INVESTIGATOR, Role.EXAMINER)
    app = shell_app(node, routers=[pages.router], navigation=pages.NAV)
    where = f"/exhibits/{exhibit.id}"
    with (
        served(app) as address,
        chromium() as browser,
        opened_page(browser, language) as (page, complaints),
    ):
        page.goto(f"{address}{where}")
        page.get_by_role("textbox").first.fill("officer")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_url(f"{address}{where}")
        for name in ("", "/custody", "/progress"):
            page.goto(f"{address}{where}{name}")
            assert page.locator("html").get_attribute("lang") == language
            assert overflow_pixels(page) <= 0, name
            if SHOTS:
                shot = f"exhibit{name.replace('/', '-')}-{language}.png"
                page.screenshot(path=Path(SHOTS) / shot, full_page=True)
    assert complaints == []
