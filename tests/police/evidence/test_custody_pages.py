"""The pages of exhibits take when and by whom a thing was seized, and when it passed on."""

from tests.nodes import CONSOLE
from tests.police.evidence.test_actions import a_case
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions

_ADDED = {
    "mark": "USB-1",
    "kind": "device",
    "description": "a stick",
    "place": "at work",
    "authority": "consent",
}


def test_a_page_says_when_and_by_whom_a_thing_was_seized_and_passed_on(node: Node) -> None:
    client = page_client(node, "officer", Role.INVESTIGATOR, Role.EXAMINER)
    form = _ADDED | {"case": a_case(node), "seized_at": "2014-05-01T09:00", "seized_by": "patrol 3"}
    answer = client.post("/exhibits", data=form, follow_redirects=False)
    assert answer.status_code == 303
    exhibit = answer.headers["location"].rpartition("/")[2]
    for word, more in (("seal", {"seal": "A 1"}), ("hand-over", {"to": "lab"})):
        sent = more | {"reason": "typed the day after", "done_at": "2014-05-01T10:30"}
        assert (
            client.post(
                f"/exhibits/{exhibit}/{word}", data=sent, follow_redirects=False
            ).status_code
            == 303
        )
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit)
    assert view.exhibit.seizure.by == "patrol 3"
    assert [f"{each.at:%d %H:%M}" for each in view.custody] == ["01 09:00", "01 10:30", "01 10:30"]
    assert view.custody[0].taker == "patrol 3"
    text = client.get("/exhibits").text
    assert 'name="seized_at"' in text
    assert 'name="seized_by"' in text
    assert client.get(f"/exhibits/{exhibit}").text.count('name="done_at"') == 5


def test_a_time_that_is_none_is_refused(node: Node) -> None:
    client = page_client(node, "officer", Role.INVESTIGATOR, Role.EXAMINER)
    form = _ADDED | {"case": a_case(node), "seized_at": "yesterday"}
    answer = client.post("/exhibits", data=form)
    assert answer.status_code == 400
    assert "seized_at" in answer.text
