"""Verbs on keys: make the next ones, take a peer's next card, revoke a key."""

from datetime import datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.foundation.node import key_file_of
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import drop_signatures
from tipbridge.sharing.exchange.trusting import checking, store
from tipbridge.sharing.exchange.trusting.model import PeerKey, Revoked
from tipbridge.sharing.exchange.trusting.succession import (
    SUCCESSION_TYPE,
    claimed_node,
    read_succession,
    succession_payload,
)


@action("exchange.keys.prepared", roles=(Role.ADMINISTRATOR,))
def prepare_keys(work: Work) -> bytes:
    """Make this node's next keys, if there are none yet; its word for its peers.

    Shape: from then on the node, running or not, opens what is sealed to them; it signs with them
    only after `use_next_keys`.
    """
    keys = work.node.keys.with_next()
    if keys is not work.node.keys:
        keys.save_over(key_file_of(work.node.settings))
    card = keys.next_card(work.node.card())
    following = keys.advanced()
    work.record(work.node.id, fingerprint=following.fingerprint)
    return work.node.keys.sign(SUCCESSION_TYPE, succession_payload(work.node.id, card))


@action("exchange.keys.advanced", roles=(Role.ADMINISTRATOR,))
def use_next_keys(work: Work) -> str:
    """Sign with the next keys from now on, in a node that runs too; their fingerprint.

    Shape: the earlier keys go on opening what was sealed to them.
    Errors: Conflict when there are no next keys.
    """
    following = work.node.keys.advanced()
    place = key_file_of(work.node.settings)
    work.after_commit(lambda: following.save_over(place))
    work.record(work.node.id, fingerprint=following.fingerprint)
    return following.fingerprint


@action("exchange.peer.followed", roles=(Role.ADMINISTRATOR,))
def follow_peer(work: Work, *, succession: bytes) -> PeerKey:
    """Pin the card that follows a peer's own, signed with a key that is pinned and holds.

    Shape: both keys verify from now on, until one is revoked; packages are sealed to the new one.
    Errors: NotFound for no peer of this node; IntegrityFailure when none of its keys signed it.
    """
    node_id = claimed_node(unverified_payload(succession))
    before = checking.card_for(work, node_id, succession)
    if before is None:
        raise NotFound("peer", node_id)
    card, read = read_succession(before, succession)
    known = [key for key in store.keys_of(work.db, node_id) if key.card == read]
    key = PeerKey(card=read, pinned_at=work.now, vouched_by=before.fingerprint)
    if not known:
        store.insert_key(work.db, card, key)
        store.follow(work.db, node_id, card)
    work.record(node_id, fingerprint=read.fingerprint, fresh=not known)
    return known[0] if known else key


@action("exchange.key.revoked", roles=(Role.ADMINISTRATOR,))
def revoke_key(work: Work, node_id: str, *, fingerprint: str, since: datetime) -> Revoked:
    """Let nothing count that a peer's key signed from a moment on; what came since.

    Shape: a revocation is never taken back, but may reach further into the past. An agreement
    that this node took the key's signature of since then waits for another one.
    Errors: NotFound for no such key; Conflict when it is revoked from an earlier moment;
    Invalid for a moment that is yet to come.
    """
    found = [key for key in store.keys_of(work.db, node_id) if key.card.fingerprint == fingerprint]
    if not found:
        raise NotFound("key of this peer", fingerprint)
    key = found[0]
    if since > work.now:
        raise Invalid(f"A key is revoked from a moment up to now ({work.now.isoformat()}) on.")
    if key.revoked_from is not None and since > key.revoked_from:
        raise Conflict(f"This key is revoked from {key.revoked_from.isoformat()} on.")
    store.revoke(work.db, key.key_id, since=since, at=work.now, by=work.actor.id)
    doubtful = checking.doubtful_since(work, node_id, key.key_id, since)
    dropped = drop_signatures(work, node_id, key.key_id, since)
    work.record(
        node_id,
        fingerprint=fingerprint,
        since=since.isoformat(),
        doubtful=len(doubtful),
        agreements=len(dropped),
    )
    return Revoked(key=key, packages=tuple(doubtful), agreements=tuple(dropped))


@action("exchange.keys.listed", roles=tuple(Role))
def list_keys(work: Work) -> list[PeerKey]:
    """Every key that was ever pinned, and from when it counts no more."""
    found = store.all_keys(work.db)
    work.record("all", count=len(found))
    return found
