"""What a node says when it fetches: signed, to one node, with receipts for what came before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.sharing.exchange.statement import read_time, time_text

FETCH_TYPE = "application/vnd.tipbridge.fetch+json"
FETCH_MAX_BYTES = 1024 * 1024
_FORMAT = "tipbridge-fetch/1"
_NAMES = {"format", "sender", "recipient", "at", "receipts", "refused"}
_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One fetch.

    Shape: `receipts` are envelopes for packages that are durably here, `refused` the ids of
    those that were handed out and not let in; `at` says when, by the fetching node's clock.
    """

    sender: str
    recipient: str
    at: datetime
    receipts: tuple[bytes, ...] = ()
    refused: tuple[str, ...] = ()


def fetch_payload(fetch: Fetch) -> bytes:
    """The canonical JSON that the fetching node signs."""
    return canonical_json(
        {
            "format": _FORMAT,
            "sender": fetch.sender,
            "recipient": fetch.recipient,
            "at": time_text(fetch.at),
            "receipts": [receipt.decode("utf-8") for receipt in fetch.receipts],
            "refused": list(fetch.refused),
        }
    )


def read_fetch(payload: bytes) -> Fetch:
    """The fetch in verified `payload` bytes.

    Errors: IntegrityFailure, the same for every oddity.
    """
    try:
        found = cast("dict[str, Any]", parse_canonical(payload))
        if set(found) != _NAMES or found["format"] != _FORMAT:
            raise ValueError("other names")
        receipts, refused = _texts(found["receipts"]), _texts(found["refused"])
        return Fetch(
            sender=str(found["sender"]),
            recipient=str(found["recipient"]),
            at=read_time(found["at"]),
            receipts=tuple(receipt.encode("utf-8") for receipt in receipts),
            refused=refused,
        )
    except (Invalid, ValueError, TypeError, KeyError) as error:
        raise IntegrityFailure("This is not a fetch.") from error


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    found = cast("list[object]", value)
    if len(found) > _MOST or not all(isinstance(item, str) for item in found):
        raise ValueError("too many, or not texts")
    return tuple(cast("list[str]", found))
