"""Likely countries, what favours a person, and places of posting."""

from datetime import UTC, datetime, timedelta

import pytest

from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.knowledge.places.base import demo_base, known_services
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.tips.enrichment import sentences
from tipbridge.tips.enrichment.model import (
    Basis,
    Confidence,
    FavourKind,
    Identified,
    ListHit,
    NearListHit,
    PhoneNumber,
    PlacedIp,
    TipFile,
)
from tipbridge.tips.enrichment.people import identify, normal_phone
from tipbridge.tips.enrichment.rules import favours, likely_country, place_of
from tipbridge.tips.enrichment.sentences import read_back
from tipbridge.tips.report.model import (
    Account,
    Email,
    EstimatedLocation,
    FileDetails,
    Incident,
    IpCapture,
    Moment,
    Person,
    PersonRole,
    Phone,
    Report,
)

NOW = datetime(2014, 3, 1, tzinfo=UTC)
HOME, CARRIER, TUNNEL, ABROAD = "203.0.113.7", "203.0.113.140", "198.51.100.200", "192.0.2.5"


def person(**facts: object) -> Identified:
    return Identified(index=0, role=PersonRole.REPORTED, **facts)


def seen(
    address: str, *, days_ago: int = 1, event: str = "Login", number: int = 0, **facts: object
) -> PlacedIp:
    at = NOW - timedelta(days=days_ago)
    placed = demo_base().look_up(address)
    assert placed is not None
    return PlacedIp(
        label=f"people/0/ips/{number}",
        person=0,
        event=IpCapture(
            address=address, event=event, at=Moment(at=at, as_sent=at.isoformat()), **facts
        ),
        facts=placed,
    )


def test_a_recent_login_speaks_strongly_for_its_country() -> None:
    likely = likely_country(person(), [seen(HOME)], NOW)
    assert (likely.country, likely.confidence) == ("KR", Confidence.STRONG)
    assert [(each.basis, each.about) for each in likely.reasons] == [
        (Basis.IP_EVENT, "people/0/ips/0")
    ]


def test_nothing_known_is_unknown_and_never_a_country() -> None:
    likely = likely_country(person(), [seen("192.0.2.200")], NOW)
    assert (likely.country, likely.confidence) == (None, Confidence.UNKNOWN)
    assert likely.reasons == ()


def test_two_countries_alike_give_none_and_keep_both_reasons() -> None:
    likely = likely_country(person(), [seen(HOME), seen(ABROAD, number=1)], NOW)
    assert (likely.country, likely.confidence) == (None, Confidence.TIED)
    assert {each.country for each in likely.reasons} == {"KR", "DE"}


@pytest.mark.parametrize("proxy", [True, False])
def test_a_proxy_or_a_tunnel_never_outweighs_a_phone(proxy: bool) -> None:
    """Fifty events through a tunnel place nobody where the tunnel ends."""
    address = ABROAD if proxy else TUNNEL
    events = [seen(address, number=n, possible_proxy=proxy) for n in range(50)]
    phone = PhoneNumber(number="+821000000000", country="KR", verified=True)
    likely = likely_country(person(phones=(phone, phone)), events, NOW)
    assert likely.country == "KR"


def test_an_old_event_weighs_less_than_a_new_one() -> None:
    likely = likely_country(person(), [seen(ABROAD, days_ago=400), seen(HOME, number=1)], NOW)
    assert likely.country == "KR"


def test_many_events_in_one_country_are_capped() -> None:
    """The points of a country do not grow without end with the length of a log."""
    few = likely_country(person(), [seen(HOME, number=n) for n in range(4)], NOW)
    many = likely_country(person(), [seen(HOME, number=n) for n in range(40)], NOW)
    assert sum(each.points for each in few.reasons) == sum(each.points for each in many.reasons)
    assert len(many.reasons) == 40


def test_estimated_and_stated_places_count_and_codes_of_no_country_do_not() -> None:
    hinted = person(
        location=EstimatedLocation(country="US", verified=True), stated_countries=("A1", "US")
    )
    likely = likely_country(hinted, [], NOW)
    assert {each.basis for each in likely.reasons} == {
        Basis.ESTIMATED_LOCATION,
        Basis.STATED_ADDRESS,
    }
    nowhere = person(location=EstimatedLocation(country="A1"), stated_countries=("EU", "O1"))
    assert likely_country(nowhere, [], NOW).confidence is Confidence.UNKNOWN


def tip_file(index: int, *, viewed: bool | None) -> TipFile:
    details = FileDetails(report_id=1, file_id=f"f{index}", viewed_by_provider=viewed)
    return TipFile(index=index, file_id=f"f{index}", digests=digest_bytes(b"x"), details=details)


def kinds(*placed: PlacedIp) -> set[FavourKind]:
    return {each.kind for each in favours([], placed, [], [], NOW)}


def test_an_address_shared_without_port_is_said_and_with_port_is_not() -> None:
    assert FavourKind.SHARED_ADDRESS in kinds(seen(CARRIER))
    assert FavourKind.SHARED_ADDRESS not in kinds(seen(CARRIER, port=4242))


def test_a_network_of_unknown_kind_counts_as_maybe_shared() -> None:
    """Unknown is not no."""
    assert FavourKind.SHARED_ADDRESS in kinds(seen("192.0.2.200"))
    assert FavourKind.SHARED_ADDRESS not in kinds(seen(HOME))


def test_proxy_tunnel_and_age_of_data_are_said() -> None:
    found = kinds(seen(TUNNEL, possible_proxy=True))
    assert {FavourKind.POSSIBLE_PROXY, FavourKind.HOSTING_NETWORK, FavourKind.IP_DATA_AGE} <= found
    texts = [each.text for each in favours([], [seen(HOME)], [], [], NOW)]
    assert any("demo.mmdb" in text and "151 days old" in text for text in texts)


def test_a_compromised_account_is_said_of_its_person() -> None:
    (found,) = favours([person(compromised=True)], [], [], [], NOW)
    assert (found.kind, found.about) == (FavourKind.COMPROMISED_ACCOUNT, "people/0")


@pytest.mark.parametrize("viewed", [None, False])
def test_a_file_the_provider_did_not_say_it_viewed_is_said(viewed: bool | None) -> None:
    file = tip_file(0, viewed=viewed)
    found = favours([], [], [file], [], NOW)
    assert [each.kind for each in found] == [FavourKind.NOT_VIEWED, FavourKind.MATCH_EXACTNESS]


def test_what_holds_for_every_file_is_said_once() -> None:
    files = [tip_file(n, viewed=n == 0) for n in range(3)]
    found = favours([], [], files, [], NOW)
    assert [(each.kind, each.about) for each in found] == [
        (FavourKind.MATCH_EXACTNESS, "files"),
        (FavourKind.NOT_VIEWED, "files/1"),
        (FavourKind.NOT_VIEWED, "files/2"),
    ]


def hit(name: str, handling: Handling = Handling.AMBER) -> ListHit:
    return ListHit(
        file_id="f0",
        list_id=name,
        list_name=name,
        purpose="known-material",
        handling=handling,
        mark=None,
    )


def near_hit(name: str, bits: int, handling: Handling = Handling.AMBER) -> NearListHit:
    return NearListHit(
        file_id="f0",
        list_id=name,
        list_name=name,
        purpose="known-material",
        handling=handling,
        mark=None,
        by="as-it-is",
        distance_bits=bits,
    )


def test_an_exact_match_names_its_list() -> None:
    file = tip_file(0, viewed=True)
    (found,) = favours([], [], [file], [hit("national")], NOW)
    assert found.text == "Exact match by digest with: national."
    (none,) = favours([], [], [file], [], NOW)
    assert "No exact match" in none.text


@pytest.mark.parametrize("handling", [Handling.RED, Handling.AMBER_STRICT])
def test_a_list_for_named_people_alone_is_said_without_its_name(handling: Handling) -> None:
    """The sentence goes out with a referral; that there is a match does, whose list does not."""
    file = tip_file(0, viewed=True)
    hits = [hit("national"), hit("secret", handling)]
    near = [
        near_hit("allies", 9),
        near_hit("allies", 12),
        near_hit("quiet", 4, handling),
        near_hit("secret", 2, handling),
    ]
    texts = [each.text for each in favours([], [], [file], hits, NOW, near=near)]
    assert texts == [
        "Exact match by digest with: national.",
        "Exact match by digest with a list whose name may not be passed on.",
        "Alike, not the same: something on allies; at the nearest 9 of 256 bits differ.",
        sentences.NEAR_UNNAMED.format(bits=4),
    ]
    forms = [read_back(text).form for text in texts]
    assert forms == [
        sentences.EXACT,
        sentences.EXACT_UNNAMED,
        sentences.NEAR,
        sentences.NEAR_UNNAMED,
    ]


@pytest.mark.parametrize(
    ("incident", "service", "kind"),
    [
        ({"urls": ("https://x.video.example/1",)}, None, PlaceKind.VIDEO_SITE),
        ({"platform": "Example SNS"}, None, PlaceKind.SOCIAL_NETWORK),
        (
            {"clients": ("Example Messenger",), "channels": ("chatImIncident",)},
            None,
            PlaceKind.CHAT,
        ),
        ({}, "Example Drive", PlaceKind.CLOUD_DRIVE),
        ({"channels": ("webPageIncident",)}, None, PlaceKind.WEB),
        ({"channels": ("peer2peerIncident",)}, None, PlaceKind.OTHER),
    ],
)
def test_the_place_comes_from_the_incident_and_then_the_account(
    incident: dict[str, object], service: str | None, kind: PlaceKind
) -> None:
    reported = person(accounts=(Account(identifier="u", service=service),))
    place = place_of(Incident(type="x", **incident), reported, known_services())
    assert place is not None
    assert place.kind is kind


def test_without_any_sign_the_place_is_unknown() -> None:
    assert place_of(Incident(type="x"), person(), known_services()) is None


def reported(**facts: object) -> Person:
    return Person(role=PersonRole.REPORTED, **facts)


def test_addresses_of_files_go_to_the_only_reported_person() -> None:
    """With two reported people nobody is guessed."""
    capture = IpCapture(address=HOME)
    files = [FileDetails(report_id=1, file_id="f", ip=capture)]
    victim = Person(role=PersonRole.VICTIM)
    one = identify(
        Report(incident=Incident(type="x"), reporter=reported(), people=(reported(), victim)), files
    )
    assert [each.ips for each in one] == [(capture,), ()]
    two = identify(
        Report(incident=Incident(type="x"), reporter=reported(), people=(reported(), reported())),
        files,
    )
    assert [each.ips for each in two] == [(), ()]


def test_a_guardians_account_is_never_the_persons_own() -> None:
    """It would tie a parent to the case as the suspect's account."""
    own, theirs = Account(identifier="u"), Account(identifier="g", kind="Parent/Guardian")
    report = Report(
        incident=Incident(type="x"),
        reporter=reported(),
        people=(reported(account=own, other_accounts=(theirs,)),),
    )
    (found,) = identify(report)
    assert (found.accounts, found.related) == ((own,), (theirs,))


def test_the_same_address_given_twice_is_one() -> None:
    email = Email(address="User@Mail.Example")
    again = Email(address="User@mail.example")
    report = Report(
        incident=Incident(type="x"), reporter=reported(), people=(reported(emails=(email, again)),)
    )
    (found,) = identify(report)
    assert [each.address for each in found.emails] == ["User@mail.example"]


@pytest.mark.parametrize(
    ("code", "number", "normal", "country"),
    [
        ("+82", "10-0000-0000", "+821000000000", "KR"),
        (None, "+821000000000", "+821000000000", "KR"),
        ("+1", "2025550100", "+12025550100", "US"),
        ("+1", "0000000000", "+10000000000", None),
        (None, "010 0000 0000", "010 0000 0000", None),
    ],
)
def test_a_phone_tells_its_country_only_by_a_calling_code(
    code: str | None, number: str, normal: str, country: str | None
) -> None:
    """A code of many countries alone tells none of them."""
    found = normal_phone(Phone(number=number, calling_code=code))
    assert (found.number, found.country) == (normal, country)
