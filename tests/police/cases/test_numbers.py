"""The numbers that other agencies give a case, and those that turn out to be another case's."""

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.cases.test_searching import found, search
from tests.police.folk import a_case, file_of
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.numbers import actions
from tipbridge.police.cases.seeing import numbers_elsewhere

WHY = "It is the number of a colleague's case."


def _added(node: Node, case_id: str, number: str = "ICSE-77") -> None:
    with open_work(node, CONSOLE) as work:
        actions.add_foreign_number(work, case_id, agency="INTERPOL", number=number)


def _taken_back(
    node: Node, case_id: str, agency: str = "INTERPOL", number: str = "ICSE-77"
) -> None:
    with open_work(node, CONSOLE) as work:
        actions.take_back_number(work, case_id, agency=agency, number=number, because=WHY)


def test_numbers_of_other_agencies_are_kept_once(node: Node) -> None:
    case_id = a_case(node).case.id
    for _ in range(2):
        _added(node, case_id)
    assert file_of(node, case_id).foreign_numbers == (("INTERPOL", "ICSE-77"),)


def test_a_wrong_number_stays_with_its_reason_and_finds_the_case_no_more(node: Node) -> None:
    file = a_case(node)
    case_id = file.case.id
    _added(node, case_id)
    assert len(found(search(node, case_id, "icse-77"))) == 1
    with pytest.raises(Invalid, match="because"), open_work(node, CONSOLE) as work:
        actions.take_back_number(work, case_id, agency="INTERPOL", number="ICSE-77", because=" ")
    _taken_back(node, case_id)
    for number in ("ICSE-77", "ICSE-78"):
        with pytest.raises(NotFound):
            _taken_back(node, case_id, number=number)
    assert found(search(node, case_id, "icse-77")) == []
    kept = file_of(node, case_id)
    assert kept.foreign_numbers == ()
    (wrong,) = kept.wrong_numbers
    assert (wrong.agency, wrong.number, wrong.because, wrong.by) == (
        "INTERPOL", "ICSE-77", WHY, CONSOLE.id,
    )  # fmt: skip
    with open_work(node, CONSOLE) as work:
        assert numbers_elsewhere(work, case_id) == [], "nor does a disclosure tell it"
    _added(node, case_id)
    assert file_of(node, case_id).foreign_numbers == (("INTERPOL", "ICSE-77"),)
    (kept_too,) = file_of(node, case_id).wrong_numbers
    assert (kept_too.because, kept_too.by, kept_too.at) == (WHY, wrong.by, wrong.at)
    assert (kept_too.restored_by, wrong.restored_by) == (CONSOLE.id, None)


def test_no_referral_brings_a_wrong_number_back_and_no_split_carries_it(node: Node) -> None:
    named = [*account_parts("a"), *account_parts("b", person=1), part("report/id", "77")]
    case_id = a_case(node, named).case.id
    assert file_of(node, case_id).foreign_numbers == (("us.hsi", "77"),)
    _taken_back(node, case_id, "us.hsi", "77")
    assert taken(node, [*account_parts("a"), part("report/id", "77")]).case_id == case_id
    assert file_of(node, case_id).foreign_numbers == ()
    gone = file_of(node, case_id).people[1].person.id
    with open_work(node, CONSOLE) as work:
        opened = joining.split_case(work, case_id, people=[gone], grounds="One of their own.")
    offshoot = file_of(node, opened.id)
    assert (len(offshoot.referrals), offshoot.foreign_numbers) == (1, ())


def test_a_wrong_number_is_taken_back_on_the_page(node: Node) -> None:
    case_id = a_case(node).case.id
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=[pages.router]))
    sign_in(client, "desk")
    number = {"agency": "INTERPOL", "number": "ICSE-77"}
    assert client.post(f"/cases/{case_id}/numbers", data=number).status_code == 303
    path = f"/cases/{case_id}/numbers/taking-back"
    assert f'action="{path}"' in client.get(f"/cases/{case_id}").text
    assert client.post(path, data={**number, "because": WHY}).status_code == 303
    shown = client.get(f"/cases/{case_id}").text
    assert "INTERPOL <s>ICSE-77</s>" in shown
    assert f'action="{path}"' not in shown
