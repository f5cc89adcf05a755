"""Keys, cards, signatures and seals."""

import errno
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, Unavailable
from tipbridge.foundation.identity.card import parse_card
from tipbridge.foundation.identity.keys import NodeKeys, verify_envelope
from tipbridge.foundation.identity.sealing import PIECE_BYTES, seal_stream

KEYS = NodeKeys.generate()
OTHER = NodeKeys.generate()
TYPE = "application/vnd.tipbridge.test+json"


def _card_bytes(keys: NodeKeys = KEYS) -> bytes:
    return keys.sign_card(keys.card("us.clearing", "Clearing", ["clearinghouse"], synthetic=True))


def test_keys_survive_their_file_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "keys.json"
    keys = NodeKeys.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert NodeKeys.load(path).fingerprint == keys.fingerprint
    assert str(NodeKeys.load(path).vault_identity) == str(keys.vault_identity)
    with pytest.raises(Conflict):
        NodeKeys.create(path)
    path.chmod(0o640)
    with pytest.raises(Invalid):
        NodeKeys.load(path)


def test_keys_are_not_in_their_repr() -> None:
    assert "AGE-SECRET" not in repr(KEYS)


def test_a_signature_verifies_over_exact_bytes_and_type() -> None:
    envelope = KEYS.sign(TYPE, b'{"a":1}')
    card = KEYS.card("us.clearing", "Clearing", ["clearinghouse"], synthetic=True)
    assert verify_envelope(card, TYPE, envelope) == b'{"a":1}'
    assert verify_envelope(KEYS.public_signing_key, TYPE, envelope) == b'{"a":1}'
    for key, payload_type in ((OTHER.public_signing_key, TYPE), (card, TYPE + "x")):
        with pytest.raises(IntegrityFailure):
            verify_envelope(key, payload_type, envelope)


def test_every_flipped_byte_of_an_envelope_is_refused_uniformly() -> None:
    envelope = KEYS.sign(TYPE, b'{"a":1}')
    words: set[str] = set()
    for place in range(len(envelope)):
        for mask in (0x01, 0x20, 0x80):
            damaged = bytearray(envelope)
            damaged[place] ^= mask
            with pytest.raises(IntegrityFailure) as caught:
                verify_envelope(KEYS.public_signing_key, TYPE, bytes(damaged))
            words.add(caught.value.public)
    assert len(words) == 1


def test_an_envelope_has_one_byte_form() -> None:
    envelope = KEYS.sign(TYPE, b"payload")
    document = json.loads(envelope)
    variants = [
        envelope + b"\n",
        envelope.replace(b'"payload":', b'"payload":"","payload":', 1),
        json.dumps(document).encode(),
        canonical_json(document | {"more": 1}),
        canonical_json(document | {"signatures": document["signatures"] * 2}),
        canonical_json(document | {"signatures": []}),
        canonical_json(document | {"payload": document["payload"] + "\n"}),
    ]
    for variant in variants:
        with pytest.raises(IntegrityFailure):
            verify_envelope(KEYS.public_signing_key, TYPE, variant)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_envelope_and_card(data: bytes) -> None:
    with pytest.raises(IntegrityFailure):
        verify_envelope(KEYS.public_signing_key, TYPE, data)
    with pytest.raises(Invalid):
        parse_card(data)


def test_a_card_returns_what_was_signed() -> None:
    card = parse_card(_card_bytes() + b"\n")
    assert (card.node_id, card.name, card.synthetic) == ("us.clearing", "Clearing", True)
    assert card.fingerprint == KEYS.fingerprint


def test_every_flipped_byte_of_a_card_is_refused() -> None:
    envelope = _card_bytes()
    for place in range(len(envelope)):
        damaged = bytearray(envelope)
        damaged[place] ^= 0x01
        with pytest.raises(Invalid):
            parse_card(bytes(damaged))


def test_a_card_signed_by_another_key_is_refused() -> None:
    card = KEYS.card("us.clearing", "Clearing", ["clearinghouse"], synthetic=True)
    with pytest.raises(Invalid):
        parse_card(OTHER.sign_card(card))


@pytest.mark.parametrize("node_id", ["", "US.clearing", "a b", "a..b", "-a", "a/b", "a" * 200])
def test_an_odd_node_id_is_refused(node_id: str) -> None:
    with pytest.raises(Invalid):
        KEYS.card(node_id, "Name", ["police"], synthetic=True)


def test_a_card_without_known_profile_is_refused() -> None:
    card = KEYS.card("kr.police", "Police", ["wizard"], synthetic=True)
    with pytest.raises(Invalid):
        parse_card(KEYS.sign_card(card))


def _sealed(size_bytes: int) -> bytes:
    sink = io.BytesIO()
    seal_stream(KEYS.exchange_recipient, [b"x" * 1000] * (size_bytes // 1000), sink)
    return sink.getvalue()


def test_a_sealed_stream_opens_for_its_recipient_alone() -> None:
    sealed, opened = _sealed(300_000), io.BytesIO()
    KEYS.open(io.BytesIO(sealed), opened)
    assert opened.getvalue() == b"x" * 300_000
    for damaged, keys in (
        (sealed, OTHER), (sealed[:-1], KEYS), (sealed + b"x", KEYS), (sealed[:70_000], KEYS),
    ):  # fmt: skip
        with pytest.raises(IntegrityFailure):
            keys.open(io.BytesIO(damaged), io.BytesIO())


class _Counting(io.BytesIO):
    """A file that knows how often it was written to."""

    writes = 0

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self.writes += 1
        return super().write(data)


def test_what_is_sealed_or_opened_goes_on_in_large_pieces() -> None:
    size, sealed, opened = 8 * PIECE_BYTES + 1, _Counting(), _Counting()
    seal_stream(KEYS.exchange_recipient, [bytes(1000), bytes(size - 1000)], sealed)
    sealed.seek(0)
    KEYS.open(sealed, opened)
    assert opened.getvalue() == bytes(size)
    assert opened.writes == 9
    assert sealed.writes <= 12


class _Broken:
    """A file of which the system reads and writes no more from a place on."""

    def __init__(self, data: bytes, after: int) -> None:
        self._file, self._after = io.BytesIO(data), after

    def read(self, count: int, /) -> bytes:
        self._check(0)
        return self._file.read(count)

    def write(self, data: bytes, /) -> int:
        self._check(len(data))
        return self._file.write(data)

    def _check(self, more_bytes: int) -> None:
        if self._file.tell() + more_bytes >= self._after:
            raise OSError(errno.EIO, "synthetic")


@pytest.mark.parametrize("after", [0, 20_000, 150_000])
def test_what_the_system_fails_at_says_nothing_of_the_bytes(after: int) -> None:
    keys, sealed = NodeKeys.generate(), io.BytesIO()
    seal_stream(keys.exchange_recipient, [bytes(200_000)], sealed)
    with pytest.raises(Unavailable):
        keys.open(_Broken(sealed.getvalue(), after), io.BytesIO())
    with pytest.raises(Unavailable):
        keys.open(io.BytesIO(sealed.getvalue()), _Broken(b"", after))
