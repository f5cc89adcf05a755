"""The package: its bytes before sealing, and the checks that every part of it must pass.

Layout: a magic line; the header's length (8 bytes, big-endian); the header (canonical JSON with
envelopes and released parts); then the bytes of each released file, in label order, nothing after.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_json
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import envelope_key_id, signing_key_id
from tipbridge.knowledge.agreements.model import DataClass, Form
from tipbridge.sharing.exchange.errors import damaged
from tipbridge.sharing.exchange.model import (
    STATEMENT_TYPE,
    FileSlot,
    Header,
    SaltedPart,
    Statement,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.statement import (
    SALT_BYTES,
    commitment_of,
    parse_statement,
    part_document,
    read_part,
)

MAGIC = b"tipbridge-package/1\n"
_LENGTH_BYTES = 8
_HEADER_MAX_BYTES = 64 * 1024 * 1024
_HOPS_MAX = 6
_PARTS_MAX = 200_000


class FileSink(Protocol):
    """Where the bytes of one file go."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""
        ...


def header_bytes(header: Header) -> bytes:
    """The canonical JSON of a header."""
    return canonical_json(
        {
            "envelopes": [envelope.decode("utf-8") for envelope in header.envelopes],
            "parts": [
                part_document(salted.part) | {"salt": salted.salt.hex(), "hop": salted.hop}
                for salted in sorted(header.parts, key=lambda salted: salted.part.label)
            ],
        }
    )


def package_chunks(front: bytes, files: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """The bytes of a package before sealing.

    Shape: `front` is what `header_bytes` gave; `files` in the order of `file_slots`.
    """
    yield MAGIC + len(front).to_bytes(_LENGTH_BYTES, "big") + front
    for chunks in files:
        yield from chunks


def file_slots(parts: Iterable[SaltedPart]) -> tuple[FileSlot, ...]:
    """The files that released content parts announce, by label.

    Errors: IntegrityFailure when such a part does not name a digest and a size.
    """
    found = [
        _file_slot(salted.part.label, salted.part.value)
        for salted in parts
        if salted.part.data_class is DataClass.CONTENT and salted.part.form is Form.EXACT
    ]
    return tuple(sorted(found, key=lambda slot: slot.label))


def read_header(data: bytes) -> Header:
    """The header in `data`, not yet verified.

    Errors: IntegrityFailure, the same for every oddity.
    """
    try:
        document = cast("dict[str, Any]", parse_json(data))
        if set(document) != {"envelopes", "parts"}:
            raise ValueError("other names")
        envelopes = tuple(str(item).encode("utf-8") for item in document["envelopes"])
        parts = tuple(_read_salted(item) for item in document["parts"])
        header = Header(envelopes=envelopes, parts=parts)
        if len(parts) > _PARTS_MAX or header_bytes(header) != data:
            raise ValueError("too many parts, not in order, or not canonical")
    except (Invalid, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise damaged() from error
    return header


def verify_header(
    header: Header, *, recipient: str, cards: Mapping[str, NodeCard]
) -> VerifiedHeader:
    """`header` once every signature, link and commitment in it holds.

    Shape: `cards` are the pinned cards by node id; every sender on the way must be among them.
    Errors: IntegrityFailure, the same for every reason.
    """
    try:
        payloads, statements = _verified_statements(header.envelopes, cards)
        _check_chain(statements, payloads, recipient)
        _check_parts(header.parts, statements)
        files = file_slots(header.parts)
    except (IntegrityFailure, Invalid, ValueError, TypeError, KeyError) as error:
        raise damaged() from error
    return VerifiedHeader(
        envelopes=header.envelopes,
        statements=statements,
        payload_sha256s=tuple(hashlib.sha256(payload).hexdigest() for payload in payloads),
        parts=header.parts,
        files=files,
    )


class PackageReader:
    """Takes a package's bytes as they come; nothing counts until `finish` returns.

    Shape: `verify` gets the header's bytes and answers the files to expect; `sink_for` gives
    each file a sink (called when the file begins) or None to check it only.
    Errors: IntegrityFailure, the same for every damage, from `write` and `finish`.
    """

    def __init__(
        self,
        verify: Callable[[bytes], Sequence[FileSlot]],
        sink_for: Callable[[FileSlot], FileSink | None] | None = None,
    ) -> None:
        self._verify, self._sink_for = verify, sink_for
        self._front = bytearray()
        self._header_end: int | None = None
        self._waiting: list[FileSlot] | None = None
        self._slot: FileSlot | None = None
        self._sink: FileSink | None = None
        self._left_bytes = 0
        self._file_digest = hashlib.sha256()
        self._digest = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._digest.update(data)
        if self._waiting is None:
            data = self._take_front(data)
        while data:
            if self._slot is None:
                raise damaged()
            data = self._take_file(data)

    def finish(self) -> str:
        """The SHA-256 of the whole package, hexadecimal, once it is complete."""
        if self._waiting is None or self._slot is not None:
            raise damaged()
        return self._digest.hexdigest()

    def _take_front(self, data: bytes) -> bytes:
        self._front += data
        head = len(MAGIC) + _LENGTH_BYTES
        if bytes(self._front[: len(MAGIC)]) != MAGIC[: len(self._front)]:
            raise damaged()
        if self._header_end is None and len(self._front) >= head:
            length = int.from_bytes(self._front[len(MAGIC) : head], "big")
            if length > _HEADER_MAX_BYTES:
                raise damaged()
            self._header_end = head + length
        if self._header_end is None or len(self._front) < self._header_end:
            return b""
        rest = bytes(self._front[self._header_end :])
        self._waiting = list(self._verify(bytes(self._front[head : self._header_end])))
        self._front.clear()
        self._next_file()
        return rest

    def _next_file(self) -> None:
        """Begin the next file; an empty one ends at once."""
        self._slot, self._sink = None, None
        while self._waiting:
            self._slot = self._waiting.pop(0)
            self._sink = self._sink_for(self._slot) if self._sink_for else None
            self._left_bytes = self._slot.size_bytes
            self._file_digest = hashlib.sha256()
            if self._left_bytes:
                return
            self._end_file(self._slot)

    def _take_file(self, data: bytes) -> bytes:
        slot = cast("FileSlot", self._slot)
        taken = data[: self._left_bytes]
        self._file_digest.update(taken)
        if self._sink is not None:
            self._sink.write(taken)
        self._left_bytes -= len(taken)
        if not self._left_bytes:
            self._end_file(slot)
            self._next_file()
        return data[len(taken) :]

    def _end_file(self, slot: FileSlot) -> None:
        if self._file_digest.hexdigest() != slot.sha256:
            raise damaged()
        self._slot = None


def _file_slot(label: str, value: object) -> FileSlot:
    if not isinstance(value, dict):
        raise damaged()
    found = cast("dict[str, object]", value)
    sha256, size_bytes = found.get("sha256"), found.get("size_bytes")
    if not isinstance(sha256, str) or type(size_bytes) is not int or size_bytes < 0:
        raise damaged()
    return FileSlot(label=label, sha256=sha256, size_bytes=size_bytes)


def _read_salted(document: object) -> SaltedPart:
    found = dict(cast("dict[str, Any]", document))
    salt, hop = bytes.fromhex(found.pop("salt")), found.pop("hop")
    if len(salt) != SALT_BYTES or not isinstance(hop, int) or isinstance(hop, bool):
        raise ValueError("salt or hop")
    return SaltedPart(part=read_part(found), salt=salt, hop=hop)


def _verified_statements(
    envelopes: Sequence[bytes], cards: Mapping[str, NodeCard]
) -> tuple[tuple[bytes, ...], tuple[Statement, ...]]:
    """Each envelope verified against the card of the sender that its payload names."""
    if not 0 < len(envelopes) <= _HOPS_MAX:
        raise ValueError("number of senders")
    by_key_id = {signing_key_id(card.signing_key): card for card in cards.values()}
    payloads: list[bytes] = []
    statements: list[Statement] = []
    for envelope in envelopes:
        card = by_key_id[envelope_key_id(envelope)]
        payload = verify_envelope(card, STATEMENT_TYPE, envelope)
        statement = parse_statement(payload)
        if statement.sender != card.node_id:
            raise ValueError("signed by another node")
        payloads.append(payload)
        statements.append(statement)
    return tuple(payloads), tuple(statements)


def _check_chain(
    statements: Sequence[Statement], payloads: Sequence[bytes], recipient: str
) -> None:
    """Each sender received what it passes on, and lets through only what it was given."""
    if statements[0].earlier is not None or statements[0].released:
        raise ValueError("the first sender passes nothing on")
    if statements[-1].recipient != recipient:
        raise ValueError("for another node")
    if any(statement.sender == statement.recipient for statement in statements):
        raise ValueError("to itself")
    for before, payload, after in zip(statements, payloads, statements[1:], strict=False):
        if after.sender != before.recipient or after.kind is not before.kind:
            raise ValueError("not the receiver of what it passes on")
        if after.earlier != hashlib.sha256(payload).hexdigest():
            raise ValueError("another earlier statement")
        if not set(before.commitments) | set(before.released) >= set(after.released):
            raise ValueError("lets through what it was not given")


def _check_parts(parts: Sequence[SaltedPart], statements: Sequence[Statement]) -> None:
    """The revealed parts are exactly those of the last statement, each committed by its hop."""
    last = statements[-1]
    own = [set(statement.commitments) for statement in statements]
    seen: set[str] = set()
    labels: set[str] = set()
    for salted in parts:
        commitment = commitment_of(salted.part, salted.salt)
        if not 0 <= salted.hop < len(statements) or commitment not in own[salted.hop]:
            raise ValueError("not committed by that sender")
        seen.add(commitment)
        labels.add(salted.part.label)
    if len(labels) != len(parts) or seen != set(last.commitments) | set(last.released):
        raise ValueError("another set of parts than the statement says")
