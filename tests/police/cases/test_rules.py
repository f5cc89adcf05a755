"""Reading parts, and where a referral belongs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.police.cases.builders import account_parts, file_part, part, parts, sha256
from tipbridge.knowledge.law.model import Certainty
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.police.cases import identifiers
from tipbridge.police.cases.model import (
    ATTACHING,
    Identifier,
    IdentifierKind,
    PersonRole,
)
from tipbridge.police.cases.reading import read_facts
from tipbridge.police.cases.referred import Match
from tipbridge.police.cases.rules import (
    attaching_keys,
    decide_placement,
    proposing_keys,
)

DAY = date(2014, 1, 20)


def test_a_person_is_read_with_everything_that_was_released() -> None:
    facts = read_facts(
        [
            *account_parts("Kid1", " Example-Social "),
            part("people/0/name", "A Name"),
            part("people/0/emails/0", {"address": "Kid@Mail.Example", "verified": True}),
            part("people/0/phones/0", {"number": "010-2000-0001", "verified": None}),
            part("people/0/country", {"country": "KR", "reasons": ["ip"]}),
            part("people/0/ips/0", {"address": "203.0.113.7", "event": "upload"}),
            part("people/0/ips/0~prefix", {"prefix": "203.0.113.0/24"}),
            part("people/0/devices/0", {"type": "IMEI", "value": "123"}),
            part("people/0/place", {"kind": "social-network", "service": "example-social"}),
            part("people/0/birth_date", "2000-05-05"),
        ],
        DAY,
    )
    (person,) = facts.people
    assert person.roles == {PersonRole.REPORTED_USER}
    assert person.place_kind is PlaceKind.SOCIAL_NETWORK
    assert person.birth is not None
    assert person.birth.certainty is Certainty.DECLARED
    assert {(i.kind, i.scope, i.value) for i in person.identifiers} == {
        (IdentifierKind.ACCOUNT, "example-social", "Kid1"),
        (IdentifierKind.EMAIL, "", "kid@mail.example"),
        (IdentifierKind.PHONE, "", "+821020000001"),
        (IdentifierKind.IP, "", "203.0.113.7"),
        (IdentifierKind.DEVICE, "imei", "123"),
    }
    assert facts.unread == ()


@pytest.mark.parametrize(
    ("label", "value", "earliest", "latest"),
    [
        ("people/0/age", 15, date(1998, 1, 21), date(1999, 1, 20)),
        ("people/0/age", {"age": 15}, date(1998, 1, 21), date(1999, 1, 20)),
        ("people/0/age~band", {"from": 14, "to": 18}, date(1995, 1, 21), date(2000, 1, 20)),
    ],
)
def test_an_age_becomes_an_estimated_range_of_births(
    label: str, value: object, earliest: date, latest: date
) -> None:
    (person,) = read_facts([*account_parts(), part(label, value)], DAY).people
    assert person.birth is not None
    assert (person.birth.earliest, person.birth.latest) == (earliest, latest)
    assert person.birth.certainty is Certainty.ESTIMATED


def test_files_marks_and_addresses_are_read() -> None:
    facts = read_facts(
        [
            file_part(7),
            part("files/0/marks", {"possible_self_production": True}),
            part("files/0/address", {"url": "https://host.example/1"}),
            part("files/1/digests", {"md5": "0" * 32}),
            part("report/id", 4564654),
            part("report/received_at", "2014-01-03T04:05:06Z"),
        ],
        DAY,
    )
    assert [(item.sha256, item.md5) for item in facts.items] == [
        (sha256(7), None),
        (None, "0" * 32),
    ]
    assert facts.possible_self_production
    assert facts.addresses == (("files/0/address", "https://host.example/1"),)
    assert facts.unread == ()
    assert facts.report_number == "4564654"
    assert facts.reported_at == datetime(2014, 1, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("service", [{}, {"service": None}, {"service": " "}])
def test_an_account_without_a_service_is_one_at_the_provider(service: dict[str, object]) -> None:
    account = service | {"account": "u-1", "screen_name": "fish"}
    facts = read_facts(
        [part("people/0/accounts/0", account), part("report/provider", "Example Social")], DAY
    )
    assert {(i.kind, i.scope, i.value) for i in facts.people[0].identifiers} == {
        (IdentifierKind.ACCOUNT, "example social", "u-1"),
        (IdentifierKind.SCREEN_NAME, "example social", "fish"),
    }
    assert facts.unread == ()


def test_a_screen_name_proposes_and_an_account_attaches() -> None:
    named = {"service": "s", "screen_name": "1234"}
    facts = read_facts([part("people/0/accounts/0", named)], DAY)
    assert attaching_keys(facts.people) == ()
    assert [key.kind for key in proposing_keys(facts)] == [IdentifierKind.SCREEN_NAME]
    facts = read_facts([part("people/0/accounts/0", {"service": "s", "account": "1234"})], DAY)
    assert [key.kind for key in attaching_keys(facts.people)] == [IdentifierKind.ACCOUNT]


def test_what_cannot_be_read_is_named_not_lost() -> None:
    facts = read_facts([*account_parts(), part("people/0/ips/0", {"address": "nowhere"})], DAY)
    assert facts.unread == ("people/0/ips/0",)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "report/id", "report/received_at", "incident/at", "people/0/role", "people/0/age",
                "people/0/birth_date", "people/0/age~band", "people/0/accounts/0", "people/0/place",
                "people/0/emails/0", "people/0/phones/0", "people/0/ips/0", "people/x/devices/9",
                "people/0/country", "files/0/digests", "files/0/content", "files/0/address",
                "files/0/marks", "people/0/name", "people", "files/",
            ]
        ),
        json_values,
    )
)  # fmt: skip
def test_no_value_of_a_part_makes_the_reading_fail(values: dict[str, object]) -> None:
    read_facts(parts(**values), DAY)


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (identifiers.phone("+82 10-2000-0001", None), "+821020000001"),
        (identifiers.phone("010 2000 0001", "KR"), "+821020000001"),
        (identifiers.phone("010 2000 0001", None), None),
        (identifiers.email("  A.B@Mail.EXAMPLE "), "a.b@mail.example"),
        (identifiers.email("no address"), "no address"),
        (identifiers.email(""), None),
        (identifiers.ip("2001:0db8::0001"), "2001:db8::1"),
        (identifiers.ip("x"), None),
        (identifiers.account("", "x"), None),
        (identifiers.account("s", " cafe\u0301 "), "caf\u00e9"),
        (identifiers.account("s", "\ufb01sh"), "\ufb01sh"),
        (identifiers.account("s", "Fish"), "Fish"),
        (identifiers.email("u\u00df@mail.example"), "u\u00df@mail.example"),
        (identifiers.device("imei", " "), None),
    ],
)
def test_identifiers_have_one_form(made: Identifier | None, value: str | None) -> None:
    assert (None if made is None else made.value) == value


def _match(case_id: str, kind: IdentifierKind, **changes: object) -> Match:
    values: dict[str, object] = {
        "case_id": case_id,
        "unit_id": 1,
        "restricted": False,
        "opened_at": datetime(2014, 1, 1, tzinfo=UTC),
        "kind": kind,
    }
    return Match(**(values | changes))  # type: ignore[arg-type]


REACH = frozenset({1, 2})


@pytest.mark.parametrize("kind", sorted(ATTACHING))
def test_an_account_phone_or_address_attaches(kind: IdentifierKind) -> None:
    assert decide_placement([_match("a", kind)], REACH).case_id == "a"


@pytest.mark.parametrize("kind", sorted(set(IdentifierKind) - ATTACHING))
def test_an_ip_device_or_file_only_proposes(kind: IdentifierKind) -> None:
    placement = decide_placement([_match("a", kind)], REACH)
    assert placement.case_id is None
    assert [link.case_id for link in placement.links] == ["a"]


def test_the_oldest_case_wins_and_the_others_are_proposed() -> None:
    later = datetime(2014, 2, 1, tzinfo=UTC)
    placement = decide_placement(
        [
            _match("b", IdentifierKind.ACCOUNT, opened_at=later),
            _match("a", IdentifierKind.PHONE),
            _match("a", IdentifierKind.IP),
        ],
        REACH,
    )
    assert placement.case_id == "a"
    assert [link.case_id for link in placement.links] == ["b"]


def test_a_case_of_another_unit_is_proposed_not_attached_to() -> None:
    placement = decide_placement([_match("a", IdentifierKind.ACCOUNT, unit_id=9)], REACH)
    assert placement.case_id is None
    assert len(placement.links) == 1


def test_a_restricted_case_is_told_and_named_to_nobody() -> None:
    placement = decide_placement([_match("a", IdentifierKind.ACCOUNT, restricted=True)], REACH)
    assert placement.case_id is None
    assert placement.links == ()
    assert [notice.case_id for notice in placement.notices] == ["a"]


case_facts = st.builds(
    dict,
    unit_id=st.integers(1, 3),
    restricted=st.booleans(),
    opened_at=st.integers(0, 3).map(lambda n: datetime(2014, 1, 1, tzinfo=UTC) + timedelta(n)),
)


@st.composite
def some_matches(draw: st.DrawFn) -> list[Match]:
    """Matches in four cases, each case with one unit and one day."""
    known = {case_id: draw(case_facts) for case_id in "abcd"}
    drawn = draw(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(IdentifierKind))))
    return [_match(case_id, kind, **known[case_id]) for case_id, kind in drawn]


@given(some_matches(), st.randoms())
def test_placement_never_depends_on_order_and_never_on_restricted_cases(
    found: list[Match], random: object
) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    placement = decide_placement(found, REACH)
    assert decide_placement(shuffled, REACH) == placement
    open_ones = [match for match in found if not match.restricted]
    without = decide_placement(open_ones, REACH)
    assert (without.case_id, without.links) == (placement.case_id, placement.links)


def test_an_address_proposes() -> None:
    facts = read_facts([*account_parts(), part("people/0/ips/0", {"address": "203.0.113.7"})], DAY)
    assert [key.kind for key in proposing_keys(facts)] == [IdentifierKind.IP]
