"""Identifiers that staff write down, and those that turn out to be somebody else's."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import a_case, file_of
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import identifiers, identifying, pages
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)
from tipbridge.police.cases.model import Identifier, IdentifierKind, LinkState

PHONE = Identifier(kind=IdentifierKind.PHONE, value="+821020000001")


@pytest.mark.parametrize(
    ("kind", "value", "service", "normal"),
    [
        ("phone", "010-2000-0001", "", ("", "+821020000001")),
        ("email", " Kid@Mail.Example ", "", ("", "kid@mail.example")),
        ("account", "Kid1", " Example-Social ", ("example-social", "Kid1")),
        ("screen_name", "kid", "example-chat", ("example-chat", "kid")),
        ("ip", "2001:DB8:0::1", "", ("", "2001:db8::1")),
        ("device", "35-1", "IMEI", ("imei", "35-1")),
    ],
)
def test_what_is_written_has_one_form(
    kind: str, value: str, service: str, normal: tuple[str, str]
) -> None:
    found = identifiers.read(IdentifierKind(kind), value, service=service, region="KR")
    assert (found.kind, found.scope, found.value) == (kind, *normal)


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("phone", "many", "with its country"),
        ("email", "nobody", "an e-mail address"),
        ("account", "kid", "a service"),
        ("ip", "300.1.1.1", "such as 203.0.113.7"),
        ("device", " ", "a device's id"),
        ("file", "ab" * 32, "one of: account, phone"),
    ],
)
def test_what_is_none_says_what_is_wanted(kind: str, value: str, wanted: str) -> None:
    with pytest.raises(Invalid, match=wanted):
        identifiers.read(IdentifierKind(kind), value, service="", region=None)


def test_a_number_without_its_country_is_one_of_the_case_where_the_persons_is_not_known(
    node: Node,
) -> None:
    file = a_case(node)
    person = file.people[0].person
    assert (person.country, file.case.jurisdiction) == (None, "KR")
    _added(node, person.id, Identifier(kind=IdentifierKind.PHONE, value="010-2000-0001"))
    assert PHONE in file_of(node, file.case.id).people[0].identifiers


def _added(node: Node, person_id: str, found: Identifier = PHONE) -> None:
    with open_work(node, CONSOLE) as work:
        identifying.add_identifier(work, person_id, found)
    run_followups(node)


def _taken_back(node: Node, person_id: str, found: Identifier = PHONE) -> None:
    with open_work(node, CONSOLE) as work:
        identifying.take_back_identifier(work, person_id, found, because="Another had it by then.")


def test_an_identifier_that_was_taken_back_attaches_links_and_is_found_no_more(node: Node) -> None:
    phone = ("people/0/phones/0", {"number": "+82 10 2000 0001"})
    file = a_case(node, account_parts("a"))
    person_id = file.people[0].person.id
    _added(node, person_id)
    with open_work(node, CONSOLE) as work, pytest.raises(Invalid, match="because"):
        identifying.take_back_identifier(work, person_id, PHONE, because=" ")
    _taken_back(node, person_id)
    with open_work(node, CONSOLE) as work, pytest.raises(NotFound):
        identifying.take_back_identifier(work, person_id, PHONE, because="Once more.")
    named = [*account_parts("b"), part(*phone)]
    other = taken(node, named)
    assert other.case_id != file.case.id, "the number was theirs once, and attaches nothing now"
    assert file_of(node, file.case.id).links == ()
    with open_work(node, CONSOLE) as work:
        assert PHONE not in file_of(node, file.case.id).people[0].identifiers
        (kept,) = identifying.taken_back_seen(work, person_id)
    assert (kept.identifier, kept.because) == (PHONE, "Another had it by then.")
    again = taken(node, [*account_parts("a"), part(*phone)])
    assert again.case_id == file.case.id
    assert PHONE not in file_of(node, file.case.id).people[0].identifiers, (
        "nor does a referral bring it back"
    )
    _added(node, person_id)
    assert PHONE in file_of(node, file.case.id).people[0].identifiers
    (link,) = file_of(node, file.case.id).links
    assert (link.other_id, link.state) == (other.case_id, LinkState.PROPOSED)


def _answered(node: Node, person_id: str, case_id: str) -> str:
    facts = DemandFacts(
        kind=DemandKind.SUBSCRIBER, addressee="Provider", language=LetterLanguage.KOREAN,
        authority="Warrant 1", person_id=person_id, account="kid",
    )  # fmt: skip
    with open_work(node, CONSOLE) as work:
        made = demands.draft_demand(work, case_id, facts)
    with open_work(node, CONSOLE) as work:
        demands.send_demand(work, case_id, made.id)
    with open_work(node, CONSOLE) as work:
        said = [Said(kind=FactKind.PHONE, value="010-2000-0001")]
        demands.answer_demand(work, case_id, made.id, said=said)
    return made.id


def test_an_answer_is_put_on_the_person_by_a_link_and_then_compared(
    node: Node, browse: Callable[[], TestClient]
) -> None:
    client = browse()
    cases = [a_case(node, account_parts(name)) for name in ("a", "b")]
    for file in cases:
        person_id = file.people[0].person.id
        demand = _answered(node, person_id, file.case.id)
        shown = client.get(f"/cases/{file.case.id}/demands/{demand}").text
        assert f"/people/{person_id}?kind=phone&amp;value=010-2000-0001" in shown
        form = client.get(
            f"/cases/{file.case.id}/people/{person_id}?kind=phone&value=010-2000-0001"
        )
        assert 'value="010-2000-0001"' in form.text
        done = client.post(
            f"/cases/{file.case.id}/people/{person_id}/identifiers",
            data={"kind": "phone", "value": "+82 10-2000-0001"},
        )
        assert done.status_code == 303
    run_followups(node)
    links = file_of(node, cases[0].case.id).links
    assert {link.other_id for link in links} == {cases[1].case.id}
    assert {link.kind for link in links} == {IdentifierKind.PHONE, IdentifierKind.ACCOUNT}, (
        "both asked about it"
    )
    person_id = cases[0].people[0].person.id
    path = f"/cases/{cases[0].case.id}/people/{person_id}"
    done = client.post(
        f"{path}/identifiers/taking-back",
        data={"kind": "phone", "value": PHONE.value, "because": "Another had it."},
    )
    assert done.status_code == 303
    assert "<s>+821020000001</s> · Another had it." in client.get(path).text


@pytest.fixture
def browse(node: Node) -> Callable[[], TestClient]:
    """Signs an investigator in."""

    def open_() -> TestClient:
        add_member(node, "desk", Role.INVESTIGATOR)
        client = browser(shell_app(node, routers=[pages.router]))
        sign_in(client, "desk")
        return client

    return open_
