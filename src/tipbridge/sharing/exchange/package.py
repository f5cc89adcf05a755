"""The package: its bytes before sealing, and the checks that every part of it must pass.

A package is a serialised bag (`bag.py`) that follows from its header and the contents of its
files; the header is canonical JSON with envelopes and released parts.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_json
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import (
    envelope_key_id,
    signing_key_id,
    unverified_payload,
)
from tipbridge.knowledge.agreements.markings import lowers
from tipbridge.knowledge.agreements.model import DataClass, Form
from tipbridge.sharing.exchange.bag import bag_pieces
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

_HOPS_MAX = 6
_PARTS_MAX = 200_000


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
    Errors: IntegrityFailure when `front` is no header.
    """
    header = read_header(front)
    statements = [parse_statement(unverified_payload(each)) for each in header.envelopes]
    contents = iter(files)
    for piece in bag_pieces(front, statements, header.parts, file_slots(header.parts)):
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from next(contents)


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
        if lowers(before.marking, after.marking):
            raise ValueError("marked less strictly than by the sender before")


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
