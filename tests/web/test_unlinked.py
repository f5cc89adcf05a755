"""Web addresses in pages are text that no program takes for a link, whoever typed them."""

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, recorded, suspect
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.defanging import defang_text, refang
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.web.language import Language
from tipbridge.web.shell import environment
from tipbridge.web.unlinked import without_links

ADDRESS = "https://media.example/posts/1?a=b"
SHOWN = "hxxps[:]//media[.]example/posts/1?a=b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"See {ADDRESS}.", f"See {SHOWN}."),
        (f"({ADDRESS})", f"({SHOWN})"),
        ("HTTP://Media.example", "HxxP[:]//Media[.]example"),
        ("ftp://media.example/a, and", "ftp[:]//media[.]example/a, and"),
        ("www.media.example/a", "www[.]media[.]example/a"),
        ("주소 https://media.example/사진 입니다", "주소 hxxps[:]//media[.]example/사진 입니다"),
        (SHOWN, SHOWN),
        ("At 3:15 p.m. a/b and x:y, e.g. 1.2.", "At 3:15 p.m. a/b and x:y, e.g. 1.2."),
    ],
)
def test_an_address_within_a_text_is_defanged_once(text: str, shown: str) -> None:
    assert defang_text(text) == shown
    assert defang_text(shown) == shown


def test_the_exact_address_can_be_had_back() -> None:
    assert refang(defang_text(ADDRESS)) == ADDRESS


def test_an_address_that_a_room_defanged_is_not_defanged_again_by_a_template() -> None:
    shown = environment(Language.ENGLISH).from_string("{{ one | defang }} {{ two | defang }}")
    assert shown.render(one=ADDRESS, two=SHOWN) == f"{SHOWN} {SHOWN}"


def test_a_page_keeps_what_its_forms_send_back_and_the_addresses_of_our_machines() -> None:
    page = (
        f'<p title="{ADDRESS}">{ADDRESS}</p><textarea name="a">{ADDRESS}</textarea>'
        f'<input value="{ADDRESS}"><code>{ADDRESS}</code><b>{ADDRESS}</b><script src="/a.js"></script>'
    )
    assert without_links(page) == page.replace(f">{ADDRESS}</p>", f">{SHOWN}</p>").replace(
        f"<b>{ADDRESS}</b>", f"<b>{SHOWN}</b>"
    )


def test_what_staff_typed_is_shown_without_links(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        diary.add_note(work, file.case.id, note=f"Seen at {ADDRESS}")
        diary.add_task(work, file.case.id, title=f"Look at {ADDRESS}")
        fairness.record_favour(work, file.case.id, person_id, text=f"Not theirs: {ADDRESS}")
        fairness.note_defence(work, file.case.id, person_id, asked=f"The logs of {ADDRESS}")
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=[case_pages.router]))
    sign_in(client, "desk")
    shown = ""
    for page in ("diary", "due-process"):
        answer = client.get(f"/cases/{file.case.id}/{page}")
        assert answer.status_code == 200
        shown += answer.text
    assert "media.example" not in shown
    assert shown.count(SHOWN.replace("&", "&amp;")) == 4
