"""A package is verified whole or refused whole, with one face for every reason."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sharing.exchange import bags
from tests.sharing.exchange.packages import (
    AT,
    CARDS,
    CLEARING,
    FILE,
    LIAISON,
    PARTS,
    POLICE,
    Built,
    Landing,
    build,
    first_package,
    refused,
    salt_for,
    salted,
    statement_of,
)
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.knowledge.agreements.clauses import Pap
from tipbridge.knowledge.agreements.markings import UNMARKED, Marking
from tipbridge.knowledge.agreements.model import DataClass, HandlingCode, Part, Tlp
from tipbridge.sharing.exchange.model import (
    RECEIPT_TYPE,
    STATEMENT_TYPE,
    Header,
    PackageKind,
    Receipt,
    SaltedPart,
)
from tipbridge.sharing.exchange.package import header_bytes, read_header
from tipbridge.sharing.exchange.statement import (
    commitment_of,
    commitments_of,
    parse_statement,
    read_receipt,
    receipt_payload,
    statement_payload,
)

FIRST = first_package()
FILES = (FILE, b"")


def test_a_package_arrives_whole_for_any_size_of_step() -> None:
    digest = hashlib.sha256(FIRST.plain).hexdigest()
    for step in (1, 7, 4096, 1 << 20):
        landing = Landing("us.hsi")
        assert landing.read(FIRST.plain, step) == digest
        assert landing.files["files/0/content"].getvalue() == FILE
        assert landing.files["files/1/content"].getvalue() == b""
        assert landing.verified is not None
        assert landing.verified.statement == FIRST.statement
        assert {item.part.label for item in landing.verified.parts} == {
            part.label for part in PARTS
        }
    landing = Landing("us.hsi")
    assert landing.open(FIRST.sealed) == digest


def _spread(data: bytes) -> Iterator[int]:
    """Places all over `data`; `make flips` takes every one."""
    yield from range(0, len(data), 13)


def test_flipped_bytes_of_the_plain_package_are_refused_uniformly() -> None:
    words: set[str] = set()
    for place in _spread(FIRST.plain):
        damaged = bytearray(FIRST.plain)
        damaged[place] ^= 0x01
        with pytest.raises(IntegrityFailure) as caught:
            Landing("us.hsi").read(bytes(damaged))
        words.add(caught.value.public)
    assert len(words) == 1


def test_flipped_bytes_of_the_sealed_package_are_refused() -> None:
    for place in _spread(FIRST.sealed):
        damaged = bytearray(FIRST.sealed)
        damaged[place] ^= 0x80
        with pytest.raises(IntegrityFailure):
            Landing("us.hsi").open(bytes(damaged))


def test_truncation_and_trailing_bytes_are_refused() -> None:
    for length in _spread(FIRST.plain):
        with pytest.raises(IntegrityFailure):
            Landing("us.hsi").read(FIRST.plain[:length])
    with pytest.raises(IntegrityFailure):
        Landing("us.hsi").read(FIRST.plain + b"\0")
    with pytest.raises(IntegrityFailure):
        Landing("us.hsi").open(FIRST.sealed + b"\0")


def test_a_package_opens_for_its_recipient_alone() -> None:
    with pytest.raises(IntegrityFailure):
        Landing("kr.knpa").open(FIRST.sealed, POLICE)
    assert refused(FIRST, "kr.knpa")


def test_a_sender_whose_card_is_not_pinned_is_refused() -> None:
    cards = {"us.hsi": CARDS["us.hsi"]}
    with pytest.raises(IntegrityFailure):
        Landing("us.hsi", cards).read(FIRST.plain)


def test_a_statement_signed_by_another_pinned_node_is_refused() -> None:
    parts = salted(PARTS)
    assert refused(build(statement_of(parts), parts, signer=POLICE))


def test_a_package_to_its_own_sender_is_refused() -> None:
    parts = salted(PARTS)
    assert refused(build(statement_of(parts, recipient="us.clearing"), parts), "us.clearing")


def test_a_deeply_nested_value_is_damage_like_any_other() -> None:
    document = json.loads(header_bytes(FIRST.header))
    document["parts"][0]["value"] = "here"
    whole, refused = canonical_json(document), 0
    for depth in (10, *range(200, 1000, 50), 100_000):
        nested = whole.replace(b'"here"', b"[" * depth + b"]" * depth)
        with contextlib.suppress(IntegrityFailure):
            read_header(nested)
            continue
        refused += 1
    assert refused > 1, "some depth is too much, and is said to be damage"


def _packing(built: Built) -> Callable[[bytes, Sequence[bytes]], bytes]:
    """What packs another header as if it were that of `built`."""
    stated = json.loads(statement_payload(built.statement))
    return bags.pieces_of([stated], json.loads(header_bytes(built.header))["parts"])


def test_the_header_has_one_byte_form() -> None:
    text = header_bytes(FIRST.header)
    document = json.loads(text)
    pack = _packing(FIRST)
    assert pack(text, FILES) == FIRST.plain
    for variant in (
        json.dumps(document).encode(),
        text.replace(b'{"envelopes"', b'{"envelopes":[],"envelopes"', 1),
        canonical_json(document | {"more": []}),
        canonical_json(document | {"parts": document["parts"][::-1]}),
        canonical_json(document | {"envelopes": document["envelopes"] * 2}),
        canonical_json(document | {"envelopes": []}),
        canonical_json([]),
        text.replace(b'"form":"exact"', b'"form":"Exact"', 1),
    ):
        with pytest.raises(IntegrityFailure):
            Landing("us.hsi").read(pack(variant, FILES))


def test_a_statement_in_other_bytes_of_the_same_meaning_is_refused() -> None:
    parts = salted(PARTS)
    payload = statement_payload(statement_of(parts))
    for variant in (
        payload + b"\n",
        json.dumps(json.loads(payload)).encode(),
        payload.replace(b'"sequence":1', b'"sequence":1,"sequence":2'),
        payload.replace(b".000678Z", b".000678+00:00"),
        payload.replace(b'"sequence":1', b'"sequence":true'),
        payload.replace(b'"sequence":1', b'"sequence":0'),
    ):
        assert variant != payload
        header = Header(envelopes=(CLEARING.sign(STATEMENT_TYPE, variant),), parts=parts)
        with pytest.raises(IntegrityFailure):
            Landing("us.hsi").read(_packing(FIRST)(header_bytes(header), FILES))


@pytest.mark.parametrize(
    "change",
    [
        lambda part: replace(part, salt=b"\0" * 32),
        lambda part: replace(part, hop=1),
        lambda part: replace(part, part=replace(part.part, value="other")),
        lambda part: replace(part, part=replace(part.part, label="people/9/name")),
        lambda part: replace(part, part=replace(part.part, data_class=DataClass.AGE)),
    ],
)
def test_a_part_that_is_not_as_committed_is_refused(change: object) -> None:
    for index in range(len(PARTS)):
        parts = list(salted(PARTS))
        parts[index] = change(parts[index])  # pyright: ignore[reportCallIssue, reportUnknownVariableType]
        header = replace(FIRST.header, parts=tuple(parts))
        with pytest.raises(IntegrityFailure):
            Landing("us.hsi").read(_packing(FIRST)(header_bytes(header), FILES))


def test_a_part_left_out_or_doubled_is_refused() -> None:
    parts = salted(PARTS)
    assert refused(build(FIRST.statement, parts[1:]))
    assert refused(build(FIRST.statement, (*parts, parts[0])))


def test_two_parts_under_one_label_are_refused() -> None:
    twin = SaltedPart(part=replace(PARTS[0], value="y"), salt=b"\1" * 32, hop=0)
    parts = (*salted(PARTS), twin)
    assert refused(build(statement_of(parts), parts))


# onward: a second agreement narrower than the first


def _onward(keep: Sequence[str], own: Sequence[Part] = ()) -> tuple[Built, tuple[SaltedPart, ...]]:
    kept = tuple(item for item in salted(PARTS) if item.part.label in keep)
    added = salted(own, hop=1)
    statement = statement_of(
        added,
        package_id="0" * 31 + "2",
        sender="us.hsi",
        recipient="kr.knpa",
        earlier=hashlib.sha256(statement_payload(FIRST.statement)).hexdigest(),
        released=commitments_of(kept),
    )
    files = [FILE] if "files/0/content" in keep else []
    built = build(
        statement,
        (*kept, *added),
        files,
        signer=LIAISON,
        to=POLICE,
        earlier=FIRST.header.envelopes,
    )
    return built, kept


def test_a_later_receiver_verifies_each_part_against_the_first_sender() -> None:
    own = Part(label="lead/grounds", value="seen twice", data_class=DataClass.INCIDENT)
    built, _ = _onward(["people/0/ips/0~prefix", "files/0/content"], [own])
    landing = Landing("kr.knpa")
    landing.open(built.sealed, POLICE)
    assert landing.verified is not None
    assert [item.sender for item in landing.verified.statements] == ["us.clearing", "us.hsi"]
    assert {item.part.label: item.hop for item in landing.verified.parts} == {
        "people/0/ips/0~prefix": 0,
        "files/0/content": 0,
        "lead/grounds": 1,
    }


def test_what_a_narrower_agreement_withholds_is_neither_there_nor_guessable() -> None:
    built, _ = _onward(["people/0/ips/0~prefix"])
    for word in (b"192.0.2.7", b"people/0/name", b'people/0/ips/0"', FILE):
        assert word in FIRST.plain
        assert word not in built.plain
    # whoever guesses the value right still cannot confirm it without the 32 random bytes
    exact = PARTS[2]
    committed = set(parse_statement(_payload(built, 0)).commitments)
    assert commitment_of(exact, salt_for(exact.label)) in committed
    for other in PARTS:
        if other.label != exact.label:
            assert commitment_of(exact, salt_for(other.label)) not in committed
    assert salt_for(exact.label).hex().encode() not in built.plain


def _payload(built: Built, hop: int) -> bytes:
    import base64

    return base64.b64decode(json.loads(built.header.envelopes[hop])["payload"])


def test_an_onward_sender_cannot_add_to_or_change_what_it_was_given() -> None:
    stranger = SaltedPart(part=replace(PARTS[0], value="forged"), salt=b"\2" * 32, hop=0)
    built, kept = _onward(["incident/type"])
    forged = replace(built.statement, released=commitments_of([stranger]))
    for statement, parts in (
        (forged, (stranger,)),
        (replace(built.statement, released=()), kept),
        (replace(built.statement, earlier="0" * 64), kept),
        (replace(built.statement, earlier=None), kept),
        (replace(built.statement, kind=PackageKind.FEEDBACK), kept),
    ):
        damaged = build(
            statement, parts, [], signer=LIAISON, to=POLICE, earlier=FIRST.header.envelopes
        )
        assert refused(damaged, "kr.knpa")
    assert not refused(built, "kr.knpa")


def test_a_third_sender_lets_through_only_what_the_second_gave_it() -> None:
    second, kept = _onward(["incident/type", "people/0/name"])
    cards = CARDS | {
        "kr.city": NodeKeys.generate().card("kr.city", "C", ["police"], synthetic=True)
    }

    def third(parts: Sequence[SaltedPart]) -> bytes:
        statement = statement_of(
            (),
            package_id="0" * 31 + "3",
            sender="kr.knpa",
            recipient="kr.city",
            earlier=hashlib.sha256(statement_payload(second.statement)).hexdigest(),
            released=commitments_of(parts),
        )
        return build(statement, parts, [], signer=POLICE, earlier=second.header.envelopes).plain

    assert Landing("kr.city", cards).read(third(kept[:1]))
    withheld = next(part for part in salted(PARTS) if part.part.label == "people/0/ips/0")
    with pytest.raises(IntegrityFailure):
        Landing("kr.city", cards).read(third((*kept, withheld)))


def test_nobody_passes_on_what_is_marked_less_strictly_than_it_came() -> None:
    strict = Marking(tlp=Tlp.AMBER, handling=frozenset({HandlingCode.H1}))
    came = statement_of(salted(PARTS), marking=strict)
    envelopes = build(came, salted(PARTS)).header.envelopes
    earlier = hashlib.sha256(statement_payload(came)).hexdigest()
    kept = salted(PARTS[:1])

    def passed_on(marking: Marking) -> bool:
        statement = statement_of(
            (),
            package_id="0" * 31 + "2",
            sender="us.hsi",
            recipient="kr.knpa",
            earlier=earlier,
            released=commitments_of(kept),
            marking=marking,
        )
        built = build(statement, kept, [], signer=LIAISON, to=POLICE, earlier=envelopes)
        return not refused(built, "kr.knpa")

    assert passed_on(strict)
    assert passed_on(replace(strict, tlp=Tlp.RED, pap=Pap.RED))
    assert not passed_on(replace(strict, tlp=Tlp.GREEN))
    assert not passed_on(replace(strict, handling=frozenset({HandlingCode.H2})))
    assert not passed_on(UNMARKED)


def test_somebody_else_cannot_pass_a_package_on() -> None:
    parts = salted(PARTS)
    to_other = build(statement_of(parts, recipient="kr.knpa"), parts, to=POLICE)
    statement = statement_of(
        (),
        sender="us.hsi",
        recipient="kr.knpa",
        earlier=hashlib.sha256(statement_payload(to_other.statement)).hexdigest(),
        released=commitments_of(parts),
    )
    envelopes = to_other.header.envelopes
    assert refused(build(statement, parts, signer=LIAISON, to=POLICE, earlier=envelopes), "kr.knpa")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(min_value=1, max_value=50))
def test_any_bytes_are_refused_in_any_step(data: bytes, step: int) -> None:
    for prefix in (b"", FIRST.plain[:512], FIRST.plain[:1536]):
        with pytest.raises(IntegrityFailure):
            Landing("us.hsi").read(prefix + data, step)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(-1e15, 1e15)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_JSON, min_size=1, max_size=5))
def test_any_values_survive_the_journey(values: list[object]) -> None:
    try:
        for value in values:
            canonical_json(value)
    except Invalid:
        return
    parts = salted(
        Part(label=f"p/{index}", value=value, data_class=DataClass.INCIDENT)
        for index, value in enumerate(values)
    )
    built = build(statement_of(parts), parts, [])
    assert read_header(header_bytes(built.header)).envelopes == built.header.envelopes
    landing = Landing("us.hsi")
    landing.read(built.plain)
    assert landing.verified is not None
    assert [item.part.value for item in landing.verified.parts] == values


def test_a_text_that_no_table_can_hold_is_refused() -> None:
    for value in ("\0", ["a\0"], {"a": {"\0": 1}}):
        part = Part(label="p", value=value, data_class=DataClass.INCIDENT)
        parts = salted([part])
        with pytest.raises(IntegrityFailure):
            build(statement_of(parts), parts, [])


def test_a_commitment_binds_label_class_form_value_and_salt() -> None:
    one = Part(label="a", value="b", data_class=DataClass.NAME)
    found = {
        commitment_of(part, salt)
        for part in (one, replace(one, label="b"), replace(one, value=["b"]))
        for salt in (b"\0" * 32, b"\1" * 32)
    }
    assert len(found) == 6
    with pytest.raises(Invalid):
        commitment_of(one, b"short")


def test_a_receipt_is_bound_to_its_signer() -> None:
    receipt = Receipt(
        package_id="0" * 32,
        sender="us.clearing",
        recipient="us.hsi",
        statement_sha256="1" * 64,
        earlier=("3" * 64,),
        content_sha256="2" * 64,
        received_at=AT,
    )
    envelope = LIAISON.sign(RECEIPT_TYPE, receipt_payload(receipt))
    assert read_receipt(CARDS["us.hsi"], envelope) == receipt
    with pytest.raises(IntegrityFailure):
        read_receipt(CARDS["kr.knpa"], envelope)
    forged = POLICE.sign(RECEIPT_TYPE, receipt_payload(receipt))
    with pytest.raises(IntegrityFailure):
        read_receipt(CARDS["kr.knpa"], forged)
