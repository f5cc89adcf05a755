"""Addresses, their networks and countries, and the places people post in."""

import hashlib
from datetime import UTC, date, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.places import build_demo_base
from tipbridge.knowledge.places.base import (
    demo_base,
    known_services,
    no_base,
    open_base,
    read_base,
)
from tipbridge.knowledge.places.model import NetworkKind, Place, PlaceKind, Reach
from tipbridge.knowledge.places.rules import (
    age_days,
    parse_address,
    place_by_name,
    place_by_url,
    prefix_of,
    reach_of,
)

DAY = date(2014, 1, 1)


@pytest.mark.parametrize(
    ("address", "country", "asn", "kind"),
    [
        ("203.0.113.7", "KR", 64496, NetworkKind.ACCESS),
        ("203.0.113.130", "KR", 64497, NetworkKind.CARRIER),
        ("203.0.113.230", "KR", 64499, NetworkKind.HOSTING),
        ("198.51.100.200", "US", 64502, NetworkKind.VPN),
        ("192.0.2.1", "DE", 64503, NetworkKind.ACCESS),
        ("192.0.2.70", "JP", 64504, NetworkKind.ACCESS),
        ("2001:db8:4b52::9", "KR", 64496, NetworkKind.ACCESS),
    ],
)
def test_the_demo_base_knows_its_networks(
    address: str, country: str, asn: int, kind: NetworkKind
) -> None:
    """Each made-up network answers with its country, number and kind."""
    facts = demo_base().look_up(address)
    assert facts is not None
    assert facts.network is not None
    assert (facts.country, facts.network.asn, facts.network.kind) == (country, asn, kind)


def test_every_answer_names_the_file_its_digest_and_its_date() -> None:
    """A country without its source is a guess."""
    facts = demo_base().look_up("203.0.113.7")
    assert facts is not None
    assert facts.source is not None
    data = (build_demo_base.DATA / "demo.mmdb").read_bytes()
    assert facts.source.file_name == "demo.mmdb"
    assert facts.source.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.source.built_at == datetime(2013, 10, 1, tzinfo=UTC)
    assert age_days(facts.source, datetime(2013, 10, 31, 12, tzinfo=UTC)) == 30


def test_the_script_rebuilds_the_shipped_base_byte_for_byte(tmp_path: Path) -> None:
    """Nobody can slip a network into the binary that the table does not show."""
    target = tmp_path / "demo.mmdb"
    build_demo_base.build(build_demo_base.DATA / "demo_networks.toml", target)
    assert target.read_bytes() == (build_demo_base.DATA / "demo.mmdb").read_bytes()


def test_an_address_the_file_does_not_know_stays_unknown() -> None:
    """Unknown is not no, and not the nearest country either."""
    facts = demo_base().look_up("192.0.2.200")
    assert facts is not None
    assert (facts.country, facts.network, facts.source) == (None, None, None)


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("10.0.0.1", Reach.PRIVATE),
        ("100.64.3.4", Reach.SHARED),
        ("127.0.0.1", Reach.LOOPBACK),
        ("169.254.1.1", Reach.LINK_LOCAL),
        ("224.0.0.5", Reach.MULTICAST),
        ("0.0.0.0", Reach.UNSPECIFIED),
        ("255.255.255.255", Reach.RESERVED),
        ("203.0.113.7", Reach.DOCUMENTATION),
        ("2001:db8::1", Reach.DOCUMENTATION),
        ("fd00::1", Reach.PRIVATE),
        ("8.8.8.8", Reach.GLOBAL),
        ("2606:4700::1", Reach.GLOBAL),
    ],
)
def test_special_ranges_come_before_any_file(address: str, reach: Reach) -> None:
    """Data files have answers for ranges that belong to nobody."""
    parsed = parse_address(address)
    assert parsed is not None
    assert reach_of(parsed) is reach


def test_an_ipv4_mapped_address_is_the_ipv4_address() -> None:
    """Providers log both forms of the same customer."""
    facts = demo_base().look_up("::ffff:203.0.113.7")
    assert facts is not None
    assert (facts.address, facts.country) == ("203.0.113.7", "KR")


@pytest.mark.parametrize("text", ["", "203.0.113", "203.0.113.999", "fe80::1%eth0", "host.example"])
def test_what_is_no_address_has_no_answer(text: str) -> None:
    """No exception, no guess."""
    assert demo_base().look_up(text) is None


def test_without_a_file_only_the_special_ranges_are_told() -> None:
    """A real node without operator data still says what the registries say."""
    facts = no_base().look_up("203.0.113.7")
    assert facts is not None
    assert (facts.reach, facts.country) == (Reach.DOCUMENTATION, None)


def test_a_file_that_is_no_base_is_refused(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(Invalid, match=r"other\.mmdb"):
        read_base("other.mmdb", b"not a base")
    with pytest.raises(Invalid, match=r"absent\.mmdb"):
        open_base(tmp_path / "absent.mmdb")


@given(st.ip_addresses())
def test_the_prefix_always_holds_its_address(address: object) -> None:
    """The generalised form is a /24 or a /48 around the address."""
    parsed = ip_address(str(address))
    prefix = ip_network(prefix_of(parsed))
    assert parsed in prefix
    assert prefix.prefixlen == (24 if parsed.version == 4 else 48)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://social.example/p/1", PlaceKind.SOCIAL_NETWORK),
        ("m.video.example/watch?v=1", PlaceKind.VIDEO_SITE),
        ("https://files.drive.example:8443/x", PlaceKind.CLOUD_DRIVE),
    ],
)
def test_a_domain_tells_the_kind_of_place(url: str, kind: PlaceKind) -> None:
    """Also below the domain, with a port, or without a scheme."""
    place = place_by_url(known_services(), url, DAY)
    assert place is not None
    assert place.kind is kind


def test_a_name_is_read_without_case_or_spacing() -> None:
    """The platform field is free text."""
    expected = Place(kind=PlaceKind.CLOUD_DRIVE, service="Example Drive")
    assert place_by_name(known_services(), "  example   CLOUD drive ", DAY) == expected


@pytest.mark.parametrize("url", ["https://notsocial.example/", "http://[bad", "", "mailto:a@b"])
def test_an_unknown_service_has_no_place(url: str) -> None:
    """A domain that only ends alike is another domain."""
    assert place_by_url(known_services(), url, DAY) is None


def test_an_entry_counts_only_in_its_own_time() -> None:
    """What a service is today says nothing of the day before it existed."""
    assert place_by_name(known_services(), "Example Drive", date(2009, 12, 31)) is None
