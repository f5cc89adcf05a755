"""Addresses: their host, their defanged form, and which network addresses are public."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipbridge.foundation.base.defanging import defang, refang
from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.removals.model import PlaceForm
from tipbridge.police.removals.places import (
    is_public,
    place_of,
    read_address,
    read_host,
)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Host.Example/a?b#c", "host.example"),
        ("http://host.example:80/", "host.example"),
        ("https://host.example:8443/", "host.example:8443"),
        ("https://host.example./", "host.example"),
        ("https://자료.example/", "xn--9r2b13y.example"),
        ("http://[2001:db8::1]/x", "[2001:db8::1]"),
        ("https://user:pass@host.example/", "unknown"),
        ("ftp://host.example/", "unknown"),
        ("javascript:alert(1)", "unknown"),
        ("https:///nothing", "unknown"),
        ("https://host.example:99999/", "unknown"),
        ("a group on a messenger", "unknown"),
    ],
)
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert place_of(address, date(2014, 3, 1)).host == host


@pytest.mark.parametrize(
    ("address", "on", "form"),
    [
        ("https://social.example/posts/1", date(2014, 3, 1), PlaceForm.ACCOUNT_POST),
        ("https://www.sns.example/a", date(2014, 3, 1), PlaceForm.ACCOUNT_POST),
        ("https://chat.example/join/1", date(2014, 3, 1), PlaceForm.MESSAGE_GROUP),
        ("https://video.example/watch", date(2014, 3, 1), PlaceForm.URL),
        ("https://social.example/posts/1", date(1999, 3, 1), PlaceForm.URL),  # not there yet
        ("https://host.example/1", date(2014, 3, 1), PlaceForm.URL),
    ],
)
def test_what_kind_of_place_an_address_is_follows_from_its_service(
    address: str, on: date, form: PlaceForm
) -> None:
    assert place_of(address, on).form is form


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=60))
@example("[:]//")
@example("[[.]")
def test_a_defanged_address_is_no_link_and_is_given_back(rest: str) -> None:
    address = f"http://host.example/{rest}"
    text = defang(address)
    assert not re.search(r"https?:|://|(?<!\[)\.(?!\])", text)
    assert refang(text) == address
    assert read_address(text) == address.strip()


def test_an_address_is_taken_as_it_is_or_defanged() -> None:
    assert read_address(" hxxps[:]//host[.]example/a ") == "https://host.example/a"
    assert read_address("https://host.example/a") == "https://host.example/a"
    for wrong in ("", "  ", "a\nb", "x" * 3000):
        with pytest.raises(Invalid):
            read_address(wrong)


def test_a_host_has_one_form() -> None:
    assert read_host(" Host[.]Example ") == "host.example"
    for wrong in ("", "host example", "https://host.example", "a/b", "host.example:123456"):
        with pytest.raises(Invalid):
            read_host(wrong)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("203.0.113.9", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_the_public_network_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public
