"""The field rule `hash`: what is the same can be seen to be the same, and nothing else."""

import hashlib
import re
from collections.abc import Callable, Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nodes import CONSOLE, acting
from tests.sharing.referral.road import (
    PERSON,
    START,
    Road,
    hold_signed,
    open_road,
    values,
    view,
)
from tests.sharing.referral.test_approving import MOU
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import store as agreement_store
from tipbridge.knowledge.agreements.contradicting import contradictions
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.keying import key_of, keyed_value
from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.pipeline import leftovers
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral.hashing import hashed, identity_of
from tipbridge.sharing.referral.model import SourceKind
from tipbridge.sharing.referral.replaying import actions as replaying

KEY = bytes(range(32))
HASHING = (
    MOU.partition("[approval]")[0]  # nobody but the rules
    .replace('ip = "allow"', 'ip = "hash"')
    .replace('contact = "allow"', 'contact = "hash"')
)


def _rules(text: str) -> dict[str, str]:
    agreement, _ = load_agreement(text.encode())
    return {each.value: rule.verdict.value for each, rule in agreement.terms.rules.items()}


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Liaison and police under an agreement that hashes addresses and contacts."""
    assert _rules(HASHING)["ip"] == _rules(HASHING)["contact"] == "hash"
    with open_road(make_node, agreed=False) as found:
        hold_signed(found.liaison, found.police, HASHING)
        yield found


def _onward(road: Road, document: bytes) -> tuple[str, str, dict[str, object]]:
    """A tip sent on: the referral at the liaison, at the police, and the values there."""
    known = {each.id for each in road.received(road.liaison)}
    road.refer(road.clearing, SourceKind.TIP, road.tip(document), road.liaison)
    road.settle()
    (fresh,) = (each.id for each in road.received(road.liaison) if each.id not in known)
    before = {each.id for each in road.received(road.police)}
    second = road.refer(road.liaison, SourceKind.REFERRAL, fresh, road.police)
    road.settle()
    (arrived,) = (each.id for each in road.received(road.police) if each.id not in before)
    return second, arrived, values(road.police, arrived)


def test_what_is_hashed_arrives_as_a_hash_that_ties_two_tips_and_says_nothing_more(
    road: Road,
) -> None:
    second, one, first_values = _onward(road, report_xml(PERSON))
    other = PERSON.replace("2014-02-20", "2014-02-21").replace("u@mail", "v@mail")
    _, two, second_values = _onward(road, report_xml(other))
    for found in (first_values, second_values):
        assert {label for label in found if "/ips/" in label} == {"people/0/ips/0~keyed"}
        assert {label for label in found if "/emails/" in label} == {"people/0/emails/0~keyed"}
    assert first_values["people/0/ips/0~keyed"] == second_values["people/0/ips/0~keyed"]
    assert first_values["people/0/emails/0~keyed"] != second_values["people/0/emails/0~keyed"]
    # Neither the address nor a plain hash of it is anywhere in what arrived.
    with open_work(road.police, WORKER) as work:
        package = str(view(road.police, one).referral.package_id)
        front = work.node.vault.read(exchange.received_package(work, package).header)
    for plain in (b"203.0.113.7", b"u@mail.example", b"8210000001"):
        assert plain not in front
        for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
            assert digest(plain).hexdigest().encode() not in front
    # Staff of the receiver see what is the same, without learning what it is.
    alike = {(each.label, each.referral_id) for each in view(road.police, one).alike}
    assert alike == {("people/0/ips/0~keyed", two), ("people/0/phones/0~keyed", two)}
    # And the decision can be made again, hashes and all.
    with open_work(road.liaison, CONSOLE) as work:
        again = replaying.read_decisions(work, second)
        assert [(each.unread, each.changed) for each in again] == [(None, ())] * 2
        sealed = agreement_store.key_of(work.db, _held(road))
        assert sealed is not None
        assert sealed[0] not in leftovers(work)
        assert agreement_store.known_keys(work.db, [sealed[0], "x"]) == {sealed[0]}


def _held(road: Road) -> str:
    return load_agreement(HASHING.encode())[0].sha256


def test_the_key_is_each_agreements_own_and_never_leaves_the_sender(road: Road) -> None:
    _onward(road, report_xml(PERSON))
    with open_work(road.liaison, WORKER) as work:
        mine = key_of(work, _held(road))
        assert key_of(work, _held(road)) == mine
    with acting(road.police.engine, WORKER) as db:
        assert agreement_store.key_of(db, _held(road)) is None
    with open_work(road.police, WORKER) as work:
        assert key_of(work, _held(road)) != mine
    with open_work(road.liaison, WORKER) as work:
        (other,) = (
            each.sha256
            for each in agreement_store.everything(work.db)
            if each.terms.sender == "us.clearing"
        )
        assert key_of(work, other) != mine


def test_an_amendment_keeps_the_key_so_that_tips_before_and_after_compare(road: Road) -> None:
    _, before, first_values = _onward(road, report_xml(PERSON))
    amended = HASHING.replace("version = 1", f'version = 2\nreplaces = "{_held(road)}"')
    second = hold_signed(road.liaison, road.police, amended)
    again = amended.replace("version = 2", "version = 3").replace(_held(road), second)
    third = hold_signed(
        road.liaison,
        road.police,
        re.sub(r"(?m)^valid_from = .*$", f"valid_from = {START.date()}", again),
    )
    with open_work(road.liaison, WORKER) as work:
        mine = key_of(work, _held(road))
        assert [key_of(work, name) for name in (second, third)] == [mine, mine]
        assert agreement_store.key_of(work.db, third) is None  # nothing new was made
    _, after, second_values = _onward(road, report_xml(PERSON))
    assert first_values["people/0/ips/0~keyed"] == second_values["people/0/ips/0~keyed"]
    alike = {(each.label, each.referral_id) for each in view(road.police, after).alike}
    assert ("people/0/ips/0~keyed", before) in alike


def _part(data_class: DataClass, value: object, label: str = "people/0/x/0") -> Part:
    return Part(label=label, value=value, data_class=data_class)


@pytest.mark.parametrize(
    ("data_class", "one", "other", "same"),
    [
        (DataClass.IP, {"address": "203.0.113.7", "at": "a"}, {"address": "203.0.113.7"}, True),
        (DataClass.IP, {"address": "2001:DB8::1"}, {"address": "2001:db8::1"}, True),
        (DataClass.IP, {"address": "203.0.113.7"}, {"address": "203.0.113.8"}, False),
        (DataClass.CONTACT, {"number": "+82 10-0000-0001"}, {"number": "821000000001"}, True),
        (DataClass.CONTACT, {"address": "U@Mail.Example"}, {"address": "u@mail.example"}, True),
        (DataClass.CONTACT, {"address": "1"}, {"number": "1"}, False),
        (DataClass.ACCOUNT, {"service": "A", "account": "b"}, {"service": "A", "account": "c"}, False),
        (DataClass.ACCOUNT, {"service": "A", "account": "b"}, {"service": "B", "account": "b"}, False),
        (DataClass.ACCOUNT, {"service": "A", "account": "b"}, {"service": "A", "screen_name": "b"}, False),
        (DataClass.NAME, "Given  Family", "given family", True),
        (DataClass.DEVICE, {"type": "IMEI", "value": "0"}, {"type": "imei", "value": "0"}, True),
        (DataClass.CONTENT_HASH, {"sha256": "aa", "md5": "b"}, {"sha256": "aa"}, True),
    ],
)  # fmt: skip
def test_two_parts_hash_alike_when_they_name_the_same(
    data_class: DataClass, one: object, other: object, same: bool
) -> None:
    found = [identity_of(_part(data_class, value)) for value in (one, other)]
    assert None not in found
    first, second = (keyed_value(KEY, data_class, each or ()) for each in found)
    assert (first == second) is same


@pytest.mark.parametrize(
    ("data_class", "value"),
    [
        (DataClass.ACCOUNT, "reported"),
        (DataClass.LOCATION, {"country": "KR"}),
        (DataClass.ACCOUNT, {"kind": "gaming"}),
        (DataClass.IP, {"prefix": "203.0.113.0/24"}),
        (DataClass.CONTACT, {"address": " "}),
        (DataClass.NAME, ""),
        (DataClass.INCIDENT, {"address": "x"}),
    ],
)
def test_words_of_a_small_list_have_no_hash(data_class: DataClass, value: object) -> None:
    assert identity_of(_part(data_class, value)) is None


def test_a_coarser_form_has_no_hash_and_a_taken_label_no_second_part() -> None:
    agreement, _ = load_agreement(HASHING.encode())
    exact = _part(DataClass.IP, {"address": "203.0.113.7"}, "people/0/ips/0")
    forged = Part(label="people/0/ips/0~keyed", value={}, data_class=DataClass.IP, form=Form.KEYED)
    (made,) = hashed([exact], agreement, KEY)
    assert made.label == forged.label
    assert hashed([exact, forged], agreement, KEY) == []


def test_a_country_hashed_is_called_a_contradiction() -> None:
    for rule, said in (("allow", False), ("hash", True)):
        text = MOU.replace('location = "allow"', f'location = "{rule}"')
        found, _ = load_agreement(text.encode())
        assert any("fields.location" in str(line) for line in contradictions(found)) is said


@given(st.binary(min_size=32, max_size=32), st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_another_key_another_hash(key: bytes, identity: list[str]) -> None:
    found = keyed_value(key, DataClass.IP, identity)
    assert found == keyed_value(key, DataClass.IP, identity)
    assert (found == keyed_value(KEY, DataClass.IP, identity)) is (key == KEY)
    assert found != keyed_value(key, DataClass.ACCOUNT, identity)
