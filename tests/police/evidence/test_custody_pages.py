"""The pages of exhibits take when and by whom a thing was seized, and when it passed on."""

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.begun import open_medium
from tipbridge.police.evidence.model import Taking

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
    for word, more in (("seal", {"seal": "A 1"}), ("hand-over", {"to": "lab", "outside": "true"})):
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


def test_an_exhibit_goes_to_somebody_who_works_here_or_is_said_to_be_outside(node: Node) -> None:
    client = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    page_client(node, "lab", Role.EXAMINER)
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    where, reason = f"/exhibits/{exhibit}", "found in the store"

    def given(**form: str) -> tuple[int, str]:
        answer = client.post(f"{where}/hand-over", data=form | {"reason": reason})
        return answer.status_code, answer.text

    for form, words in (
        ({"to": "lba"}, "직원이 없습니다"),
        ({"to": "lab", "outside": "true"}, "외부 사람이라는 표시 없이"),
    ):
        code, text = given(**form)
        assert (code, words in text) == (400, True), text
    with open_work(node, CONSOLE) as work:
        assert len(actions.read_exhibit(work, exhibit).custody) == 1
    assert given(to="lab")[0] == 303
    assert given(to="Example Court", outside="true")[0] == 303
    assert "기관 외부" in client.get(where).text
    assert "기관 외부" in client.get(f"{where}/custody").text
    with open_work(node, CONSOLE) as work:
        *_, last = actions.read_exhibit(work, exhibit).custody
    assert (last.taker, last.detail) == ("Example Court", "outside of this organisation")


@pytest.mark.parametrize("reason", ["nul \x00", "bell \x1b[31m", "two\nlines", "z" * 2001])
def test_a_reason_is_one_printable_line_of_a_length_that_a_record_holds(
    node: Node, reason: str
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    needed = "needs a reason of 1 to 2000 printable"
    with pytest.raises(Invalid, match=needed), open_work(node, CONSOLE) as work:
        actions.receive(work, exhibit, reason=reason)
    with pytest.raises(Invalid, match=needed), open_work(node, CONSOLE) as work:
        open_medium(work, exhibit, source="stick.img", reason=reason)
    case = a_case(node)
    for taking, identifiers in ((Taking(by=reason), ""), (None, reason)):
        with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
            actions.add_exhibit(
                work, case, mark="X", kind="device", description="a stick", place="here",
                authority="warrant", taking=taking, identifiers=identifiers,
            )  # fmt: skip
