"""A node's word that another card follows its own, signed with the key that peers know."""

from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.card import NodeCard, parse_card
from tipbridge.foundation.identity.keys import verify_envelope

SUCCESSION_TYPE = "application/vnd.tipbridge.succession+json"
_FORMAT = "tipbridge-succession/1"


def succession_payload(node_id: str, card: bytes) -> bytes:
    """The canonical JSON that the node signs with the key in use."""
    return canonical_json({"format": _FORMAT, "node_id": node_id, "card": card.decode("ascii")})


def read_succession(before: NodeCard, envelope: bytes) -> tuple[bytes, NodeCard]:
    """The card that follows `before`, as its bytes and read.

    Errors: IntegrityFailure when `before` did not sign it, or it is another node's card.
    """
    payload = verify_envelope(before, SUCCESSION_TYPE, envelope)
    try:
        found = cast("dict[str, Any]", parse_canonical(payload))
        if set(found) != {"format", "node_id", "card"} or found["format"] != _FORMAT:
            raise ValueError("other names")
        card = str(found["card"]).encode("ascii")
        read = parse_card(card)
    except (Invalid, ValueError, TypeError, KeyError) as error:
        raise IntegrityFailure("This is not a succession.") from error
    same = (read.node_id, read.synthetic) == (before.node_id, before.synthetic)
    if not same or found["node_id"] != before.node_id:
        raise IntegrityFailure("This succession is another node's.")
    return card, read


def claimed_node(payload: bytes) -> str:
    """Whose succession it says it is: to learn whose keys to ask, nothing else.

    Errors: IntegrityFailure when it is none.
    """
    try:
        return str(cast("dict[str, Any]", parse_canonical(payload))["node_id"])
    except (Invalid, ValueError, TypeError, KeyError) as error:
        raise IntegrityFailure("This is not a succession.") from error
