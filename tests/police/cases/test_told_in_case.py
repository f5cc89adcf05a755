"""What a referral said of a case's people, read by who works the case and can't open the referral."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from tests.nodes import CONSOLE, acting, add_unit
from tests.police.cases.builders import account_parts, file_part, part, taken
from tests.police.deconfliction.pair import open_pair, referred
from tests.police.folk import file_of
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import pages
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.told import actions as told
from tipbridge.police.cases.told.rules import in_order
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.facts import NAME_HELD
from tipbridge.sharing.referral.tables import referrals as table
from tipbridge.tips.enrichment.sentences import PROXY

GIVEN = [
    *account_parts("kid1"),
    part("people/0/ips/0", {"address": "203.0.113.7", "at": "2014-01-10T18:17:42Z"}),
    *account_parts("kid2", person=1),
    *account_parts("kid3", person=10),
    part("incident/at", "2014-01-10T00:00:00Z"),
    file_part(1),
    part("files/1/digests", {"md5": "no digest"}),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A case that a city unit works, its referral at the headquarters, and an officer there."""

    node: Node
    case_id: str
    referral_id: str
    officer: Actor
    elsewhere: str


@pytest.fixture
def city(make_node: Callable[..., Node]) -> Iterator[City]:
    """A case of one of a referral's three people; the others went to a case of their own."""
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        referral_id = referred(node, GIVEN)
        case_id = taken(node, GIVEN, referral_id=referral_id).case_id
        below = add_unit(node, "city")
        officer = Actor(
            kind=CONSOLE.kind,
            id="officer-1",
            name="officer",
            roles=frozenset({Role.INVESTIGATOR}),
            unit=below,
            units=(below,),
        )
        _, *others = [each.person.id for each in file_of(node, case_id).people]
        with open_work(node, replace(CONSOLE, units=(1, below))) as work:
            other = joining.split_case(work, case_id, people=others, grounds="two matters").id
            cases.assign_case(work, case_id, unit="city")
        yield City(
            node=node, case_id=case_id, referral_id=referral_id, officer=officer, elsewhere=other
        )


def _labels(city: City, actor: Actor) -> set[str]:
    with open_work(city.node, actor) as work:
        said = told.read_told(work, city.case_id, city.referral_id)
    return {each.label for each in said.parts}


def test_a_city_unit_reads_what_was_said_of_its_cases_people_alone(city: City) -> None:
    with pytest.raises(NotFound), open_work(city.node, city.officer) as work:
        referrals.referral_seen(work, city.referral_id)
    labels = _labels(city, city.officer)
    assert {"people/0/ips/0", "people/0/accounts/0", "incident/at", "files/0/digests"} <= labels
    assert not any(each.startswith("people/1") for each in labels)
    everything = replace(CONSOLE, units=(1, *city.officer.units))
    assert labels == _labels(city, everything), "the case's page says the same to who sees it all"


def test_of_a_restricted_referral_nothing_is_read_by_who_cannot_open_it(city: City) -> None:
    with acting(city.node.engine, WORKER) as db:
        db.execute(table.update().values(restricted=True, members=["somebody"]))
    with open_work(city.node, city.officer) as work:
        said = told.read_told(work, city.case_id, city.referral_id)
    assert (said.parts, said.closed) == ((), True)


def test_another_case_and_another_referral_are_not_found(city: City) -> None:
    for case_id, referral_id in (
        (city.elsewhere, city.referral_id),
        (city.case_id, referred(city.node, GIVEN)),
        (city.case_id, "nothing"),
    ):
        with pytest.raises(NotFound), open_work(city.node, city.officer) as work:
            told.read_told(work, case_id, referral_id)


def test_the_page_shows_it_in_both_languages(city: City) -> None:
    add_member(city.node, "clerk", Role.INVESTIGATOR, unit="city")
    for language in ("en", "ko"):
        app = shell_app(city.node, routers=(pages.router,), navigation=pages.NAV)
        client = browser(app, language=language)
        sign_in(client, "clerk")
        shown = client.get(f"/cases/{city.case_id}/referrals/{city.referral_id}")
        assert shown.status_code == 200, shown.text
        assert "2014-01-10T18:17:42Z" in shown.text
        assert "kid2" not in shown.text
        case = client.get(f"/cases/{city.case_id}").text
        assert f"/cases/{city.case_id}/referrals/{city.referral_id}" in case


def test_parts_are_read_in_the_order_of_their_numbers() -> None:
    labels = [
        "people/10/role",
        "people/2/ips/0~prefix",
        "people/2/ips/0",
        "favours/0",
        "people/2/ips/11",
    ]
    assert sorted(labels, key=in_order) == [
        "favours/0",
        "people/2/ips/0",
        "people/2/ips/0~prefix",
        "people/2/ips/11",
        "people/10/role",
    ]


def test_what_favours_in_the_same_words_stands_once_and_in_korean(
    make_node: Callable[..., Node],
) -> None:
    held = {"kind": "name-withheld", "about": "people/0", "text": NAME_HELD}
    said = [
        Part(label=f"favours/{n}", value=held, data_class=DataClass.FAVOURS, form=Form.EXACT)
        for n in range(3)
    ]
    proxies = [
        Part(
            label=f"favours/{n}",
            value={"kind": "proxy-possible", "about": f"people/0/ips/{n - 8}", "text": PROXY},
            data_class=DataClass.FAVOURS,
            form=Form.EXACT,
        )
        for n in (8, 9)
    ]
    seen = [
        part(f"people/0/ips/{n}", {"address": f"203.0.113.{n + 7}", "at": "2014-01-10T18:17:42Z"})
        for n in (0, 1)
    ]
    given = [*account_parts("kid1"), *said, *seen, *proxies]
    with open_pair(make_node, agreed=False) as pair:
        node = pair.asker
        case_id = taken(node, given, referral_id=referred(node, given)).case_id
        person_id = file_of(node, case_id).people[0].person.id
        with open_work(node, CONSOLE) as work:
            fairness.record_favour(work, case_id, person_id, text="Was abroad.")
        add_member(node, "reader", Role.INVESTIGATOR)
        client = browser(shell_app(node, routers=[pages.router]), language="ko")
        sign_in(client, "reader")
        page = client.get(f"/cases/{case_id}/due-process").text
    assert page.count("아동일 수 있어 보내지 않았습니다.") == 1
    assert "× 3" in page
    assert "203.0.113.7, 203.0.113.8</span>" in page, "which addresses may be a proxy"
    assert "Was abroad." in page
