"""Verifying with every key that a peer had, and refusing what was signed with a revoked one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.identity.signing import envelope_key_id, unverified_payload
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import store as packages
from tipbridge.sharing.exchange.errors import damaged
from tipbridge.sharing.exchange.model import STATEMENT_TYPE, Header, VerifiedHeader
from tipbridge.sharing.exchange.package import read_header, verify_header
from tipbridge.sharing.exchange.statement import parse_statement
from tipbridge.sharing.exchange.trusting import rules, store
from tipbridge.sharing.exchange.trusting.model import VOICE, PeerKey

log = structlog.get_logger("tipbridge")


def verified(
    work: Work, header: Header, *, seen_at: datetime, keys: Sequence[PeerKey] | None = None
) -> VerifiedHeader:
    """`header` once every signature in it holds, and still counted when this node saw it.

    Shape: `keys` as `keys_pinned` gave them in this work, where several headers are verified.
    Errors: IntegrityFailure, the same for every reason.
    """
    keys = keys_pinned(work) if keys is None else keys
    cards = _cards(keys)
    try:
        found = verify_header(header, recipient=work.node.id, cards=cards)
    except IntegrityFailure:
        _name_strangers(header, cards)
        raise
    key_ids = [envelope_key_id(envelope) for envelope in found.envelopes]
    times = [statement.sent_at for statement in found.statements]
    signed = list(zip(key_ids, times, strict=True))
    if rules.untrusted(signed, _revoked(keys), seen_at) is not None:
        raise damaged()
    return found


def _name_strangers(header: Header, cards: Mapping[str, NodeCard]) -> None:
    """Say in the log whose card is missing, when a pinned peer passed on what another signed."""
    try:
        card = cards[envelope_key_id(header.envelopes[-1])]
        verify_envelope(card, STATEMENT_TYPE, header.envelopes[-1])
        strange = [each for each in header.envelopes if envelope_key_id(each) not in cards]
        nodes = [parse_statement(unverified_payload(each)).sender for each in strange]
    except (IntegrityFailure, Invalid, LookupError):
        return  # of a stranger, nothing is said
    for node in nodes:
        log.warning(
            "what a peer passed on is signed with a key that is not pinned here; pin the card of"
            " who signed it ('peers add CARD' without URL verifies only), then have it sent again",
            node=node,
            by=card.node_id,
        )


def keys_pinned(work: Work) -> list[PeerKey]:
    """Every key that was ever pinned, oldest first."""
    return store.all_keys(work.db)


def cards_known(work: Work) -> dict[str, NodeCard]:
    """Every card that was ever pinned, by key id: what was signed once still verifies."""
    return dict(_cards(store.all_keys(work.db)))


def signed_card(work: Work, envelope: bytes) -> bytes:
    """The card, as its node signed it, of the key that a received envelope names.

    Errors: NotFound when no such key was ever pinned.
    """
    key_id = envelope_key_id(envelope)
    card = store.signed_card(work.db, key_id)
    if card is None:
        raise NotFound("key", key_id)
    return card


def card_for(work: Work, node_id: str, envelope: bytes) -> NodeCard | None:
    """The card whose key an envelope of a peer names, if it still counts; None for no such peer.

    Shape: where it names none of them, the newest one, against which it does not verify.
    """
    return card_among(keys_that_count(work, node_id), envelope)


def keys_that_count(work: Work, node_id: str) -> list[PeerKey]:
    """The keys of a peer that were not revoked by now, oldest first."""
    known = store.keys_of(work.db, node_id)
    return [key for key in known if rules.counts(key.revoked_from, work.now)]


def card_among(holding: Sequence[PeerKey], envelope: bytes) -> NodeCard | None:
    """The card whose key an envelope names, among these; the newest where it names none of them."""
    if not holding:
        return None
    try:
        named = envelope_key_id(envelope)
    except IntegrityFailure:
        return holding[-1].card
    return next((key.card for key in holding if key.key_id == named), holding[-1].card)


def doubtful_since(work: Work, node_id: str, key_id: str, since: datetime) -> list[str]:
    """What came from a moment on and stands on a key that was revoked from then, oldest first.

    Shape: all that its node sent itself, and what others passed on since with a signature by it.
    """
    came = store.received_since(work.db, since)
    return [
        package_id
        for package_id, sender in came
        if sender == node_id or _is_signed_by(work, package_id, key_id)
    ]


def _is_signed_by(work: Work, package_id: str, key_id: str) -> bool:
    """Whether any node that a package went through signed with a key; no, once it is destroyed."""
    package = packages.incoming_by_id(work.db, package_id)
    if package is None or not work.node.vault.has_key(package.key_id):
        return False
    header = read_header(work.node.vault.read(package.header))
    return any(envelope_key_id(each) == key_id for each in header.envelopes)


def may_pin(work: Work, card: NodeCard) -> bool:
    """Whether a card is pinned already, or the peer has none that was not revoked."""
    keys = store.keys_of(work.db, card.node_id)
    return any(key.card == card for key in keys) or not any(
        key.revoked_from is None for key in keys
    )


def pin(work: Work, envelope: bytes, card: NodeCard) -> None:
    """Pin a card that staff compared by voice; one that is pinned already stays.

    Errors: Conflict for a card that was revoked.
    """
    known = [key for key in store.keys_of(work.db, card.node_id) if key.card == card]
    if any(key.revoked_from is not None for key in known):
        raise Conflict("This card was revoked; pin another one.", id=card.node_id)
    if not known:
        key = PeerKey(card=card, pinned_at=work.now, vouched_by=VOICE)
        store.insert_key(work.db, envelope, key)
        store.follow(work.db, card.node_id, envelope)


def may_seal_to(work: Work, card: NodeCard) -> bool:
    """Whether the key to which packages are sealed has not been revoked."""
    keys = store.keys_of(work.db, card.node_id)
    return all(key.revoked_from is None for key in keys if key.card == card)


def _cards(keys: Sequence[PeerKey]) -> Mapping[str, NodeCard]:
    return {key.key_id: key.card for key in keys}


def _revoked(keys: Sequence[PeerKey]) -> Mapping[str, datetime]:
    return {key.key_id: key.revoked_from for key in keys if key.revoked_from is not None}
