"""Refusals that are carried back by hand: signed by who did not let a carried package in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.exchange import delivery
from tipbridge.sharing.exchange import store as packages
from tipbridge.sharing.exchange.errors import NotCovered
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.parking.actions import DRIVERS
from tipbridge.sharing.exchange.statement import read_time, time_text
from tipbridge.sharing.exchange.trusting import checking

REFUSAL_TYPE = "application/vnd.tipbridge.refusal+json"
_FORMAT = "tipbridge-refusal/1"
_NAMES = {"format", "package_id", "sender", "recipient", "at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """That a package was not let in by its recipient; as over the network, without a word of why."""

    package_id: str
    sender: str
    recipient: str
    at: datetime


class CarriedRefused(NotCovered):
    """A carried package that nothing covers here, with the refusal to carry back."""

    def __init__(self, error: NotCovered, envelope: bytes) -> None:
        super().__init__(error.public, **error.detail)
        self.package_id, self.envelope = error.detail["id"], envelope


def refused(node: Node, error: NotCovered, at: datetime) -> CarriedRefused:
    """The same refusal, signed for its sender."""
    payload = canonical_json(
        {
            "format": _FORMAT,
            "package_id": error.detail["id"],
            "sender": error.detail["sender"],
            "recipient": node.id,
            "at": time_text(at),
        }
    )
    return CarriedRefused(error, node.keys.sign(REFUSAL_TYPE, payload))


@action("exchange.refusal.imported", roles=DRIVERS)
def import_refusal(work: Work, envelope: bytes) -> str:
    """Take a refusal that was carried back: its package waits no more, and stands with what failed.

    Shape: `refused-there`; `again` when it waits no more already, it may have come by another way;
    `of-another-node` for one that this node wrote itself.
    Errors: NotFound when nothing of that id was sent there; IntegrityFailure when its recipient did
    not sign it.
    """
    claimed = _read(unverified_payload(envelope))
    outcome = "of-another-node"
    if claimed.sender == work.node.id:
        outcome = _settle(work, claimed, envelope)
    work.record(claimed.package_id, outcome=outcome)
    return outcome


def _settle(work: Work, claimed: Refusal, envelope: bytes) -> str:
    sent = packages.lock_for_sending(work.db, claimed.package_id)
    if sent is None or sent.recipient != claimed.recipient:
        raise NotFound("sent package", claimed.package_id)
    card = checking.card_for(work, claimed.recipient, envelope)
    if card is None:
        raise IntegrityFailure("This is not a refusal by the package's recipient.")
    verify_envelope(card, REFUSAL_TYPE, envelope)
    if sent.state is not OutboxState.QUEUED:
        return "again"
    delivery.settle(work, sent, OutboxState.REFUSED, "refused")
    return "refused-there"


def _read(payload: bytes) -> Refusal:
    """The refusal in `payload` bytes.

    Errors: IntegrityFailure, the same for every oddity.
    """
    try:
        found = cast("dict[str, Any]", parse_canonical(payload))
        if set(found) != _NAMES or found["format"] != _FORMAT:
            raise ValueError("other names")
        return Refusal(
            package_id=str(found["package_id"]),
            sender=str(found["sender"]),
            recipient=str(found["recipient"]),
            at=read_time(found["at"]),
        )
    except (Invalid, ValueError, TypeError, KeyError) as error:
        raise IntegrityFailure("This is not a refusal.") from error
