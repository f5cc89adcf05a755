"""Statements and commitments: their canonical form, and the reading of it."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.knowledge.agreements.clauses import InformationGrade, Pap, SourceGrade
from tipbridge.knowledge.agreements.markings import Marking
from tipbridge.knowledge.agreements.model import (
    DataClass,
    Form,
    HandlingCode,
    Part,
    Purpose,
    Tlp,
)
from tipbridge.sharing.exchange.errors import damaged
from tipbridge.sharing.exchange.model import (
    RECEIPT_TYPE,
    Basis,
    BasisKind,
    PackageKind,
    Receipt,
    SaltedPart,
    Statement,
)

SALT_BYTES = 32
_COMMITMENT_TAG = b"tipbridge part commitment v1\0"
_STATEMENT_FORMAT = "tipbridge-statement/2"
_RECEIPT_FORMAT = "tipbridge-receipt/1"
_STATEMENT_NAMES = {
    "format", "kind", "package_id", "sender", "recipient", "basis", "purpose", "about",
    "sequence", "sent_at", "earlier", "commitments", "released", "markings",
}  # fmt: skip
_RECEIPT_NAMES = {
    "format", "package_id", "sender", "recipient", "statement_sha256", "earlier",
    "content_sha256", "received_at",
}  # fmt: skip
_MARKING_NAMES = {"tlp", "pap", "handling", "source", "information"}
_Word = TypeVar("_Word", bound=StrEnum)
_HEXADECIMAL = frozenset("0123456789abcdef")


def part_document(part: Part) -> dict[str, object]:
    """A part as JSON."""
    return {
        "label": part.label,
        "value": part.value,
        "data_class": part.data_class.value,
        "form": part.form.value,
    }


def commitment_of(part: Part, salt: bytes) -> str:
    """SHA-256 over tag, salt and the canonical part, label inside: hides what it binds.

    Errors: Invalid when the salt has another length or the value no canonical form.
    """
    if len(salt) != SALT_BYTES:
        raise Invalid(f"A salt has {SALT_BYTES} bytes.")
    return hashlib.sha256(_COMMITMENT_TAG + salt + canonical_json(part_document(part))).hexdigest()


def commitments_of(parts: Iterable[SaltedPart]) -> tuple[str, ...]:
    """The commitments of `parts`, sorted, so that their order says nothing."""
    return tuple(sorted(commitment_of(salted.part, salted.salt) for salted in parts))


def time_text(at: datetime) -> str:
    """UTC with six decimals and `Z`: one text for one moment."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def statement_payload(statement: Statement) -> bytes:
    """The canonical JSON that the sender signs."""
    return canonical_json(
        {
            "format": _STATEMENT_FORMAT,
            "kind": statement.kind.value,
            "package_id": statement.package_id,
            "sender": statement.sender,
            "recipient": statement.recipient,
            "basis": {"kind": statement.basis.kind.value, "id": statement.basis.id},
            "purpose": statement.purpose.value,
            "about": statement.about,
            "sequence": statement.sequence,
            "sent_at": time_text(statement.sent_at),
            "earlier": statement.earlier,
            "commitments": list(statement.commitments),
            "released": list(statement.released),
            "markings": _marking_document(statement.marking),
        }
    )


def parse_statement(payload: bytes) -> Statement:
    """The statement in verified `payload` bytes.

    Errors: IntegrityFailure, the same for every oddity.
    """
    try:
        found = _object(parse_canonical(payload), _STATEMENT_NAMES)
        if found["format"] != _STATEMENT_FORMAT:
            raise ValueError("another format")
        return _read_statement(found)
    except (Invalid, ValueError, TypeError, KeyError) as error:
        raise damaged() from error


def receipt_payload(receipt: Receipt) -> bytes:
    """The canonical JSON that the receiver signs."""
    return canonical_json(
        {
            "format": _RECEIPT_FORMAT,
            "package_id": receipt.package_id,
            "sender": receipt.sender,
            "recipient": receipt.recipient,
            "statement_sha256": receipt.statement_sha256,
            "earlier": list(receipt.earlier),
            "content_sha256": receipt.content_sha256,
            "received_at": time_text(receipt.received_at),
        }
    )


def read_receipt(card: NodeCard, envelope: bytes) -> Receipt:
    """The receipt in `envelope`, signed by the node of `card` and no other.

    Errors: IntegrityFailure, the same for every reason.
    """
    receipt = _read_receipt(verify_envelope(card, RECEIPT_TYPE, envelope))
    if receipt.recipient != card.node_id:
        raise IntegrityFailure("This is not a receipt.")
    return receipt


def claimed_receipt(envelope: bytes) -> Receipt:
    """What a receipt claims, its signature not checked: says whom to ask, proves nothing.

    Errors: IntegrityFailure when it is no receipt.
    """
    return _read_receipt(unverified_payload(envelope))


def _read_receipt(payload: bytes) -> Receipt:
    try:
        found = _object(parse_canonical(payload), _RECEIPT_NAMES)
        if found["format"] != _RECEIPT_FORMAT:
            raise ValueError("another format")
        return Receipt(
            package_id=_hexadecimal(found["package_id"], 32),
            sender=_text(found["sender"]),
            recipient=_text(found["recipient"]),
            statement_sha256=_hexadecimal(found["statement_sha256"], 64),
            earlier=tuple(_hexadecimal(item, 64) for item in found["earlier"]),
            content_sha256=_hexadecimal(found["content_sha256"], 64),
            received_at=read_time(found["received_at"]),
        )
    except (Invalid, ValueError, TypeError, KeyError) as error:
        raise IntegrityFailure("This is not a receipt.") from error


def read_part(document: object) -> Part:
    """The part that `part_document` wrote.

    Errors: ValueError, TypeError or KeyError when it is none.
    """
    found = _object(document, {"label", "value", "data_class", "form"})
    if _has_nul(found):
        raise ValueError("a character that no table can hold")
    return Part(
        label=_text(found["label"]),
        value=found["value"],
        data_class=DataClass(found["data_class"]),
        form=Form(found["form"]),
    )


def read_time(text: object) -> datetime:
    """The moment in `text`, in exactly the form of `time_text`.

    Errors: ValueError or TypeError otherwise.
    """
    at = datetime.strptime(_text(text), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if time_text(at) != text:
        raise ValueError("not the usual form of a time")
    return at


def _read_statement(found: dict[str, Any]) -> Statement:
    basis = _object(found["basis"], {"kind", "id"})
    sequence = found["sequence"]
    if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 1:
        raise ValueError("sequence")
    return Statement(
        kind=PackageKind(found["kind"]),
        package_id=_hexadecimal(found["package_id"], 32),
        sender=_text(found["sender"]),
        recipient=_text(found["recipient"]),
        basis=Basis(kind=BasisKind(basis["kind"]), id=_text(basis["id"])),
        purpose=Purpose(found["purpose"]),
        about=None if found["about"] is None else _hexadecimal(found["about"], 32),
        sequence=sequence,
        sent_at=read_time(found["sent_at"]),
        earlier=None if found["earlier"] is None else _hexadecimal(found["earlier"], 64),
        commitments=_sorted_digests(found["commitments"]),
        released=_sorted_digests(found["released"]),
        marking=_read_marking(found["markings"]),
    )


def _marking_document(marking: Marking) -> dict[str, object]:
    return {
        "tlp": marking.tlp,
        "pap": marking.pap,
        "handling": sorted(marking.handling),
        "source": marking.source,
        "information": marking.information,
    }


def _read_marking(value: object) -> Marking:
    found = _object(value, _MARKING_NAMES)
    marking = Marking(
        tlp=_stated(Tlp, found["tlp"]),
        pap=_stated(Pap, found["pap"]),
        handling=frozenset(HandlingCode(code) for code in found["handling"]),
        source=_stated(SourceGrade, found["source"]),
        information=_stated(InformationGrade, found["information"]),
    )
    if _marking_document(marking) != value:
        raise ValueError("codes not sorted or not unique")
    return marking


def _stated(words: type[_Word], value: object) -> _Word | None:
    return None if value is None else words(value)


def _object(value: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    found = cast("dict[str, Any]", value)
    if set(found) != names:
        raise ValueError("other names")
    return found


def _has_nul(value: object) -> bool:
    """Whether any text in `value` holds U+0000, which PostgreSQL's JSON refuses."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        found = cast("dict[str, object]", value)
        return any("\0" in name or _has_nul(item) for name, item in found.items())
    return isinstance(value, list) and any(_has_nul(item) for item in cast("list[object]", value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _hexadecimal(value: object, digits: int) -> str:
    text = _text(value)
    if len(text) != digits or not _HEXADECIMAL.issuperset(text):
        raise ValueError("not hexadecimal")
    return text


def _sorted_digests(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    digests = tuple(_hexadecimal(item, 64) for item in cast("list[Any]", value))
    if list(digests) != sorted(set(digests)):
        raise ValueError("not sorted or not unique")
    return digests
