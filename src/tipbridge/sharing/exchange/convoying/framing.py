"""The form of a convoy and of the answer to it. Pure; written down in docs/peer-protocol.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_json
from tipbridge.foundation.base.errors import Invalid

CONVOYS_PATH = "/exchange/v1/convoys"
CONVOY_TYPE = "application/vnd.tipbridge.convoy"
ANSWERS_TYPE = "application/vnd.tipbridge.receipts+json"
CONVOYS_HEADER, CONVOYS_TAKEN = "tipbridge-convoys", "1"
"""How a peer says, beside a receipt, that it takes convoys."""
MOST_PACKAGES, MOST_BYTES = 16, 8 * 1024 * 1024
LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a peer said of one package of a convoy: a receipt, a refusal, or neither yet."""

    receipt: bytes | None = None
    refused: bool = False


def joined(sealed: Sequence[bytes]) -> bytes:
    """A convoy of these sealed packages, in this order."""
    return b"".join(
        piece for each in sealed for piece in (len(each).to_bytes(LENGTH_BYTES, "big"), each)
    )


def split(convoy: bytes) -> list[bytes]:
    """The sealed packages of a convoy.

    Errors: ValueError when it is none, or one of too many.
    """
    found, rest = list[bytes](), memoryview(convoy)
    while rest:
        size = int.from_bytes(rest[:LENGTH_BYTES], "big")
        each, rest = rest[LENGTH_BYTES : LENGTH_BYTES + size], rest[LENGTH_BYTES + size :]
        if len(each) != size or not size or len(found) == MOST_PACKAGES:
            raise ValueError("not a convoy")
        found.append(bytes(each))
    if not found:
        raise ValueError("an empty convoy")
    return found


def answers_payload(told: Sequence[Told]) -> bytes:
    """The answer to a convoy: one word for each package, in its order."""
    return canonical_json({"answers": [_word(each) for each in told]})


def read_answers(payload: bytes, count: int) -> list[Told]:
    """What a peer said of each of so many packages.

    Errors: ValueError when it is no such answer.
    """
    try:
        document = cast("dict[str, Any]", parse_json(payload))
        words = cast("list[Any]", document["answers"])
        told = [_told(each) for each in words]
    except (Invalid, KeyError, TypeError, UnicodeEncodeError) as error:
        raise ValueError("not the answer to a convoy") from error
    if len(told) != count:
        raise ValueError("another number of answers")
    return told


def _word(told: Told) -> dict[str, object]:
    if told.receipt is not None:
        return {"receipt": told.receipt.decode("ascii")}
    return {"refused": True} if told.refused else {"later": True}


def _told(word: object) -> Told:
    if word == {"refused": True}:
        return Told(refused=True)
    if isinstance(word, dict) and "receipt" in word:
        return Told(receipt=str(cast("dict[str, Any]", word)["receipt"]).encode("ascii"))
    return Told()
