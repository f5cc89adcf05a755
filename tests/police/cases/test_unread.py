"""What a referral said and could not be read: kept as it was written, or named with the reason."""

import html
from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken, varied
from tests.police.cases.test_told_in_case import City, city
from tests.police.folk import a_case, file_of
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import identifying, pages
from tipbridge.police.cases.demands import rules as asking
from tipbridge.police.cases.model import Identifier, IdentifierKind
from tipbridge.police.cases.reading import read_facts, why_unread
from tipbridge.police.cases.searching import actions as searching

__all__ = ["city"]
WRITTEN = ["82-1000-0001", "010-2000-0001", "ext. 7"]


def _phone(number: str, account: str = "kid1") -> list[Part]:
    return [*account_parts(account), part("people/0/phones/0", {"number": number})]


@pytest.mark.parametrize("number", WRITTEN)
def test_a_phone_without_a_country_is_kept_as_it_was_written(node: Node, number: str) -> None:
    file = a_case(node, _phone(number))
    (known,) = file.people
    phone = Identifier(kind=IdentifierKind.PHONE, value=number)
    assert phone in known.identifiers
    assert asking.values_asked([phone])["phones"]
    with open_work(node, CONSOLE) as work:
        result = searching.search(work, about=file.case.id, grounds="The same.", text=number)
    assert {each.case_id for each in result.found} == {file.case.id}
    second = file_of(node, taken(node, _phone(number, "kid2")).case_id)
    assert second.case.id != file.case.id, "it attaches nothing"
    assert [each.kind for each in second.links] == [IdentifierKind.PHONE]
    with open_work(node, CONSOLE) as work:
        identifying.take_back_identifier(work, known.person.id, phone, because="Not a number.")
    assert phone not in file_of(node, file.case.id).people[0].identifiers


def test_of_each_part_that_is_not_in_the_case_it_is_said_why() -> None:
    given = [
        *account_parts(),
        part("people/0/phones/0", {"number": "unknown"}),
        part("people/0/hobby", "chess"),
        part("files/0/digests", {"md5": "no digest"}),
    ]
    unread = read_facts(given, date(2014, 1, 1)).unread
    assert {label: why_unread(label) for label in unread} == {
        "people/0/phones/0": "unreadable",
        "people/0/hobby": "no-field",
        "files/0/digests": "unreadable",
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_cases_page_lists_what_was_not_read(city: City, language: str) -> None:
    add_member(city.node, "clerk", Role.INVESTIGATOR, unit="city")
    app = shell_app(city.node, routers=(pages.router,), navigation=pages.NAV)
    client = browser(app, language=language)
    sign_in(client, "clerk")
    shown = html.unescape(client.get(f"/cases/{city.case_id}").text)
    assert "files/1/digests" in shown
    assert {"en": "can't be read", "ko": "값을 읽을 수 없음"}[language] in shown


@pytest.mark.parametrize("label", ["report/id", "report/provider"])
def test_a_number_too_long_to_be_kept_stops_no_case_and_is_named(node: Node, label: str) -> None:
    given = [*account_parts(), part("report/id", "77"), part(label, varied(2083))]
    result = taken(node, given)
    assert (result.opened, result.unread) == (True, 1)
    assert len(file_of(node, result.case_id).foreign_numbers) == (label != "report/id")
