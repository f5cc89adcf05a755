"""When a reported address was seen, from the tip to the letter that asks who used it."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, part, taken
from tests.police.folk import file_of
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.police.cases import pages
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.reading import read_facts
from tipbridge.police.cases.sightings.present import seen_together
from tipbridge.police.striking import actions as striking
from tipbridge.police.striking import joining as uniting

AT = "2014-01-10T18:17:42Z"
SEEN = datetime(2014, 1, 10, 18, 17, 42, tzinfo=UTC)


def _ip(number: int, **more: object) -> Part:
    return part(f"people/0/ips/{number}", {"address": "203.0.113.7", **more})


def _sighted() -> list[Part]:
    return [
        *account_parts(),
        _ip(0, at=AT, port=51413, event="Login"),
        _ip(1, at="2014-01-11T00:00:01+09:00", event="Upload"),
    ]


def test_each_time_at_which_an_address_was_seen_stands_with_the_person(node: Node) -> None:
    case_id = taken(node, _sighted(), referral_id="r1").case_id
    (known,) = file_of(node, case_id).people
    second, first = known.sightings
    assert (first.at, first.port, first.event) == (SEEN, 51413, "Login")
    assert (first.referral_id, first.label) == ("r1", "people/0/ips/0")
    assert first.identifier.value == "203.0.113.7"
    assert (second.at, second.port) == (datetime(2014, 1, 10, 15, 0, 1, tzinfo=UTC), None)


@pytest.mark.parametrize(
    "odd", [{"at": "yesterday"}, {"at": AT, "port": 70000}, {"at": AT, "port": True}]
)
def test_what_cannot_be_read_of_a_sighting_is_named(odd: dict[str, object]) -> None:
    facts = read_facts([*account_parts(), _ip(0, **odd)], SEEN.date())
    assert facts.unread == ("people/0/ips/0",)
    assert any(each.kind == "ip" for each in facts.people[0].identifiers)


def test_a_further_referral_adds_its_own_times(node: Node) -> None:
    case_id = taken(node, _sighted(), referral_id="r1").case_id
    later = [*account_parts(), _ip(0, at="2014-01-12T01:00:00Z")]
    taken(node, later, referral_id="r2")
    taken(node, later, referral_id="r2")
    (known,) = file_of(node, case_id).people
    assert [each.referral_id for each in known.sightings] == ["r1", "r1", "r2"]


def test_sightings_go_with_the_person_to_another_case(node: Node) -> None:
    case_id = taken(node, [*_sighted(), *account_parts("kid2", person=1)]).case_id
    person = next(e.person for e in file_of(node, case_id).people if e.sightings)
    with open_work(node, CONSOLE) as work:
        other = joining.split_case(work, case_id, people=[person.id], grounds="two matters")
    assert not any(each.sightings for each in file_of(node, case_id).people)
    (moved,) = file_of(node, other.id).people
    assert len(moved.sightings) == 2


def test_sightings_of_two_records_of_one_human_stand_with_the_kept_one(node: Node) -> None:
    case_id = taken(node, [*_sighted(), *account_parts("kid2", person=1)]).case_id
    people = file_of(node, case_id).people
    seen = next(e.person for e in people if e.sightings)
    kept = next(e.person for e in people if not e.sightings)
    with open_work(node, CONSOLE) as work:
        uniting.join_people(work, case_id, kept.id, other=seen.id, because="one human")
    (known,) = file_of(node, case_id).people
    assert len(known.sightings) == 2
    with open_work(node, CONSOLE) as work:
        striking.restore_person(work, case_id, seen.id, because="two after all")
    by_id = {each.person.id: each for each in file_of(node, case_id).people}
    assert (len(by_id[kept.id].sightings), len(by_id[seen.id].sightings)) == (0, 2)


def test_asking_who_used_it_knows_the_moment(node: Node) -> None:
    case_id = taken(node, _sighted(), referral_id="r1").case_id
    (known,) = file_of(node, case_id).people
    add_member(node, "officer", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,), navigation=pages.NAV))
    sign_in(client, "officer")
    _asked(client, case_id, known.person.id)


def _asked(client: TestClient, case_id: str, person_id: str) -> None:
    page = client.get(f"/cases/{case_id}/people/{person_id}").text
    assert "2014-01-10 18:17:42 UTC" in page
    assert "51413" in page
    assert "Login" in page
    asking = f"/cases/{case_id}/demands?person={person_id}&amp;ip=203.0.113.7"
    assert page.count(asking) == 2, "each sighting is asked about alone"
    filled = f"{asking}&amp;seen_at=2014-01-10T18%3A17%3A42&amp;port=51413"
    assert filled in page
    form = client.get(filled.replace("&amp;", "&")).text
    assert 'value="2014-01-10T18:17:42"' in form
    assert 'value="51413"' in form


def test_what_several_referrals_say_of_one_moment_stands_once_and_many_are_folded(
    node: Node,
) -> None:
    many = [_ip(n, at=f"2014-01-{n + 1:02d}T01:00:00Z", event="Login") for n in range(8)]
    case_id = taken(node, [*account_parts(), *many], referral_id="r1").case_id
    taken(node, [*account_parts(), *many[:2]], referral_id="r2")
    (known,) = file_of(node, case_id).people
    assert len(known.sightings) == 10
    assert [len(same) for same in seen_together(known.sightings)] == [2, 2, 1, 1, 1, 1, 1, 1]
    add_member(node, "officer", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,), navigation=pages.NAV))
    sign_in(client, "officer")
    page = client.get(f"/cases/{case_id}/people/{known.person.id}").text
    assert page.count("2014-01-01 01:00:00 UTC") == 1
    assert "Further times (3)" in page
    assert f'/cases/{case_id}/referrals/r2"' in page
