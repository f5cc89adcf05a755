"""What staff write is kept in the form in which it is compared, and dated where the case is."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.cases.test_demands import ASKED
from tests.police.folk import a_case, file_of
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import identifiers
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import IdentifierKind
from tipbridge.police.cases.numbers import actions as numbers
from tipbridge.police.cases.searching import actions as searching


def test_a_demand_is_kept_as_it_is_compared_and_written(node: Node) -> None:
    case_id = a_case(node).case.id
    written = replace(
        ASKED, addressee="\n" + unicodedata.normalize("NFD", "카카오") + " ", account=" 가나 "
    )
    with open_work(node, CONSOLE) as work:
        asked = demands.draft_demand(work, case_id, written).asked
    assert (asked.addressee, asked.account) == ("카카오", "가나")


def test_an_ipv4_address_in_an_ipv6_one_is_the_same_address() -> None:
    assert identifiers.ip("::ffff:203.0.113.7") == identifiers.ip("203.0.113.7")
    assert identifiers.ip("fe80::1%eth0") is None


def test_a_cases_number_has_the_year_it_is_where_the_case_is(node: Node) -> None:
    a_case(node, now=datetime(2014, 12, 31, 16, tzinfo=UTC))
    case_id = taken(node, account_parts("another")).case_id
    assert file_of(node, case_id).case.number.startswith("2015-")


DEVICES = [
    ("imei", "35-209900-176148-1", "352099001761481"),
    ("mac", "AA:BB:CC:00:11:22", "aa-bb-cc-00-11-22"),
    ("idfa", "6D92078A-8246-4BA4-AE5B-76104861E7DC", "6d92078a-8246-4ba4-ae5b-76104861e7dc"),
]


def _with_device(type_: str, value: str, account: str) -> list[Part]:
    return [*account_parts(account), part("people/0/devices/0", {"type": type_, "value": value})]


@pytest.mark.parametrize(("type_", "written", "other"), DEVICES)
def test_a_device_in_another_spelling_is_the_same_device(
    node: Node, type_: str, written: str, other: str
) -> None:
    first = taken(node, _with_device(type_, written, "one")).case_id
    second = taken(node, _with_device(type_, other, "two")).case_id
    (link,) = file_of(node, second).links
    assert (link.other_id, link.kind) == (first, IdentifierKind.DEVICE)
    kept = {each.value for each in file_of(node, first).people[0].identifiers}
    assert written in kept, "what was written stays"
    with open_work(node, CONSOLE) as work:
        result = searching.search(work, about=first, grounds="The same.", text=other)
    assert {each.case_id for each in result.found} == {first, second}


def test_devices_of_another_type_or_without_letters_are_not_the_same(node: Node) -> None:
    taken(node, _with_device("imei", "352099001761481", "one"))
    assert not file_of(
        node, taken(node, _with_device("serial", "352099001761481", "b")).case_id
    ).links
    taken(node, _with_device("other", "기기", "three"))
    assert not file_of(node, taken(node, _with_device("other", "단말", "four")).case_id).links


@pytest.mark.parametrize(
    ("number", "kept"),
    [(unicodedata.normalize("NFD", "수사-1"), "수사-1"), ("A  12", "A 12"), ("İ-1", "İ-1")],
)
def test_another_agencys_number_is_found_as_it_was_written(
    node: Node, number: str, kept: str
) -> None:
    case_id = a_case(node).case.id
    with open_work(node, CONSOLE) as work:
        numbers.add_foreign_number(work, case_id, agency="hsi", number=number)
        result = searching.search(work, about=case_id, grounds="The same.", text=number)
    assert [each.case_id for each in result.found] == [case_id]
    assert ("hsi", kept) in file_of(node, case_id).foreign_numbers
    with open_work(node, CONSOLE) as work:
        numbers.take_back_number(work, case_id, agency="hsi", number=number, because="Another's.")


def test_a_new_task_is_due_on_no_day_that_is_over(node: Node) -> None:
    case_id = a_case(node, now=datetime(2014, 3, 1, 16, tzinfo=UTC)).case.id
    with pytest.raises(Invalid, match="before today"), open_work(node, CONSOLE) as work:
        diary.add_task(work, case_id, title="To do.", due_on=date(2014, 3, 1))
    with open_work(node, CONSOLE) as work:
        diary.add_task(work, case_id, title="To do.", due_on=date(2014, 3, 2))
