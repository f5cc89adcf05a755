"""What the second person sees of a list before activating it, and what votes say of its entries."""

import hashlib

import pytest
from sqlalchemy import text

from tests.knowledge.hashes.lists import activated, loaded, opened
from tests.nodes import CONSOLE, add_staff
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import history, pages
from tipbridge.knowledge.hashes.feeds import actions as feeds

SOME = sorted(hashlib.sha256(b"%d" % number).hexdigest() for number in range(105))


@pytest.fixture
def voted(node):
    """A list with a trusted, a disputed and an unvoted entry, and a version that waits."""
    keeper = opened(node, "national", scheme="industry")
    loaded(node, keeper, "national", *(f"{each},A1" for each in SOME[:4]))
    activated(node, "national")
    for number in range(3):
        with open_work(node, add_staff(node, Role.ANALYST)) as work:
            said = {"name": "national", "kind": "sha256"}
            feeds.vote(work, **said, digest=SOME[0], affirmative=True)
            feeds.vote(
                work, **said, digest=SOME[1], affirmative=number > 0, reason="a <b>drawing</b>"
            )
    with open_work(node, keeper) as work:
        feeds.vote(work, name="national", kind="sha256", digest=SOME[2], affirmative=True)
    loaded(node, keeper, "national", f"{SOME[3]},B2", *SOME[4:])
    return node


def test_a_list_tells_how_sure_its_entries_are_and_which_are_disputed(voted) -> None:
    with open_work(voted, CONSOLE) as work:
        found = history.show_list(work, name="national")
    assert found.confidences == {"unvoted": 1, "open": 1, "trusted": 1, "disputed": 1}
    (one,) = found.disputed
    assert (one.kind, one.digest, one.in_favour, one.against) == ("sha256", SOME[1], 2, 1)
    assert one.reasons == ("a <b>drawing</b>",)
    activated(voted, "national")  # another class of the fourth, and nobody has voted on that
    with open_work(voted, CONSOLE) as work:
        found = history.show_list(work, name="national")
    assert found.confidences["unvoted"] == 102


def test_the_page_shows_the_lines_that_wait_and_what_is_disputed(voted) -> None:
    add_member(voted, "analyst-2", Role.ANALYST)
    for language in ("ko", "en"):
        shows(voted, language)
    client = browser(shell_app(voted, routers=[pages.router], navigation=pages.NAV))
    sign_in(client, "analyst-2")
    pasted = {"name": "national", "mode": "remove", "lines": f"{SOME[0]}\r\n{SOME[1]}\r\n"}
    answer = client.post("/lists/lines", data=pasted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/lists/list?name=national")
    answer = client.post("/lists/lines", data=pasted | {"lines": f"{SOME[2]}\nno digest"})
    assert answer.status_code == 400
    assert "line 2: not an MD5, SHA-1 or SHA-256" in answer.text
    with open_work(voted, CONSOLE) as work:
        found = history.show_list(work, name="national")
        work.db.execute(text("UPDATE hash_list_entries SET removed_in = 1 WHERE removed_in = 2"))
    assert found.versions[-1].imports[-1].removed == 2
    shown = client.post("/lists/verification", data={"name": "national"}).text
    assert "it holds 1 entries that give another digest than was signed" in shown
    assert "no index files" in shown


def shows(voted, language: str) -> None:
    client = browser(
        shell_app(voted, routers=[pages.router], navigation=pages.NAV), language=language
    )
    sign_in(client, "analyst-2")
    shown = client.get("/lists/list?name=national").text
    assert [each in shown for each in SOME[3:]] == [True] * 100 + [False] * 2
    rows = [row for row in shown.split("<tr>") if SOME[3] in row]
    assert [("B2" in row, "A1" in row) for row in rows] == [(True, False), (False, True)]
    assert SOME[1] in shown
    assert "a &lt;b&gt;drawing&lt;/b&gt;" in shown
    words = {
        "ko": ("대기 중인 버전의 변경 내용", "이견 있음"),
        "en": ("What the waiting", "Disputed"),
    }
    assert all(word in shown for word in words[language])
