"""A node's card: what a peer pins to seal to it and to verify what it signs."""

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.sealing import parse_recipient
from tipbridge.foundation.identity.signing import unverified_payload, verify_payload

CARD_TYPE = "application/vnd.tipbridge.node-card+json"
CARD_FORMAT = "tipbridge-node-card/1"
PROFILES = frozenset({"provider", "clearinghouse", "liaison", "police"})
_WORD = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
_NODE_ID = re.compile(rf"{_WORD}(?:\.{_WORD}){{0,3}}")
_NAME_MAX = 120
_CARD_MAX_BYTES = 16_384
_NAMES = {
    "format", "node_id", "name", "profiles", "synthetic", "signing_key", "exchange_recipient",
    "fingerprint",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCard:
    """Who a node says it is, and the public keys that prove it.

    Shape: `signing_key` is a raw Ed25519 public key (32 bytes); `exchange_recipient` an age
    recipient; `profiles` sorted.
    """

    node_id: str
    name: str
    profiles: tuple[str, ...]
    synthetic: bool
    signing_key: bytes
    exchange_recipient: str

    @property
    def fingerprint(self) -> str:
        """Names both public keys: 64 hexadecimal digits, to be compared by voice."""
        return fingerprint_of(self.signing_key, self.exchange_recipient)


def fingerprint_of(signing_key: bytes, exchange_recipient: str) -> str:
    """SHA-256 over a node's two public keys."""
    tagged = b"tipbridge node fingerprint v1\0" + signing_key + exchange_recipient.encode("ascii")
    return hashlib.sha256(tagged).hexdigest()


def check_node_id(node_id: str) -> str:
    """`node_id` itself when it has the form of one (`us.clearing`).

    Errors: Invalid otherwise.
    """
    if not _NODE_ID.fullmatch(node_id):
        raise Invalid(
            "A node id is one to four words of a-z, 0-9 and '-', joined by '.', such as us.clearing."
        )
    return node_id


def card_payload(card: NodeCard) -> bytes:
    """The canonical JSON that a node signs as its card."""
    return canonical_json(
        {
            "format": CARD_FORMAT,
            "node_id": card.node_id,
            "name": card.name,
            "profiles": list(card.profiles),
            "synthetic": card.synthetic,
            "signing_key": card.signing_key.hex(),
            "exchange_recipient": card.exchange_recipient,
            "fingerprint": card.fingerprint,
        }
    )


@functools.lru_cache(maxsize=256)
def parse_card(envelope: bytes) -> NodeCard:
    """The card in a self-signed envelope; the same bytes are read once in a process.

    Self-signed says only that the sender of the card holds its keys; whether they are the
    peer's is what staff check by the fingerprint.
    Errors: Invalid for anything that is not exactly one well-formed, self-signed card.
    """
    data = envelope.strip()
    if len(data) > _CARD_MAX_BYTES:
        raise Invalid("Not a node card: too long.")
    try:
        card = _read_payload(unverified_payload(data))
        payload = verify_payload(card.signing_key, CARD_TYPE, data)
    except (IntegrityFailure, KeyError, TypeError, ValueError) as error:
        raise Invalid("Not a node card, or not signed by its own key.") from error
    if payload != card_payload(card):
        raise Invalid("Not a node card: its content is not in canonical form.")
    return card


def _read_payload(payload: bytes) -> NodeCard:
    document = cast("dict[str, Any]", parse_canonical(payload))
    if set(document) != _NAMES or document["format"] != CARD_FORMAT:
        raise ValueError("other names")
    if not isinstance(document["synthetic"], bool) or not isinstance(document["name"], str):
        raise TypeError("synthetic or name")
    card = NodeCard(
        node_id=check_node_id(document["node_id"]),
        name=check_name(document["name"]),
        profiles=_checked_profiles(document["profiles"]),
        synthetic=document["synthetic"],
        signing_key=bytes.fromhex(document["signing_key"]),
        exchange_recipient=document["exchange_recipient"],
    )
    parse_recipient(card.exchange_recipient)
    return card


def check_name(name: str) -> str:
    """`name` itself when it can stand on a page: 1 to 120 printable characters.

    Errors: Invalid otherwise.
    """
    if not 0 < len(name) <= _NAME_MAX or not name.isprintable() or name != name.strip():
        raise Invalid(f"A node's name has 1 to {_NAME_MAX} printable characters.")
    return name


def _checked_profiles(found: object) -> tuple[str, ...]:
    profiles = tuple(cast("list[str]", found))
    if not profiles or list(profiles) != sorted(set(profiles)) or not PROFILES.issuperset(profiles):
        raise Invalid("A node has one or several of: " + ", ".join(sorted(PROFILES)) + ".")
    return profiles
