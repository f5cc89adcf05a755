"""Pages of exhibits say everything and never show content."""

from pathlib import Path

from tests.police.evidence.test_acquiring import failing
from tests.police.evidence.test_actions import a_case, a_folder, an_exhibit
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions, pages
from tipbridge.police.evidence.acquisitions import acquire


def _client(node: Node, username: str, *roles: Role, language: str = "en"):
    add_member(node, username, *roles)
    app = shell_app(node, routers=[pages.router], navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, username)
    return client


def test_an_exhibit_is_added_passed_on_and_shown(node, console, tmp_path: Path) -> None:
    client = _client(node, "officer", Role.INVESTIGATOR, Role.EXAMINER)
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
    assert client.post(f"{where}/hand-over", data={"to": "lab"}).status_code == 303
    assert client.post(f"{where}/receive", data={}).status_code == 409
    said = client.post(f"{where}/receive", data={"reason": "the lab was closed"})
    assert said.status_code == 303
    folder = a_folder(tmp_path / "usb", 3)
    (folder / "link").symlink_to("/etc")
    with open_work(node, console) as work:
        actions.examine_folder(
            work, where.rpartition("/")[2], folder=folder, sorted_material=True, reason="demo"
        )
    text = client.get(where).text
    for word in ("USB-1", "a stick", "not-the-receiver", "the lab was closed", "symbolic-link"):
        assert word in text
    assert "000/000000.bin" in text
    assert text.count("<img") == text.count("/static/mark.svg") - 1, "the house's mark alone"
    assert "<video" not in text
    assert "USB-1" in client.get("/exhibits").text
    assert "USB-1" in client.get(f"/exhibits?case={case}").text


def test_the_pages_are_in_korean_too(node, console) -> None:
    exhibit = an_exhibit(node, console, a_case(node))
    client = _client(node, "officer", Role.INVESTIGATOR, language="ko")
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
    client = _client(node, "officer", Role.INVESTIGATOR)
    text = client.get(f"/exhibits/{exhibit.id}").text
    digests = done.copied.digests
    for word in (digests.sha256, digests.sha1, digests.md5, "<td>1024</td><td>512</td>", "a.raw"):
        assert word in text


def test_an_unknown_exhibit_is_not_found(node) -> None:
    client = _client(node, "officer", Role.INVESTIGATOR)
    assert client.get("/exhibits/" + "0" * 32).status_code == 404
    assert client.get("/exhibits?case=none").status_code == 404
