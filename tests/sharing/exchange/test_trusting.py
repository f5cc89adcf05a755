"""Keys that follow each other while packages travel, and keys of which nothing counts any more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.signing import envelope_key_id
from tipbridge.foundation.node import Node, key_file_of, open_node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import sign_agreement
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.trusting import actions as trusting
from tipbridge.sharing.exchange.trusting import rules
from tipbridge.sharing.exchange.trusting.succession import SUCCESSION_TYPE, succession_payload

T = START
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("signed", "revoked", "seen", "untrusted"),
    [
        ([("a", T)], {}, T, None),
        ([("a", T)], {"b": T - DAY}, T, None),
        ([("a", T)], {"a": T}, T - DAY, None),  # seen before
        ([("a", T - DAY)], {"a": T}, T, 0),  # what a stolen key states of its time is nothing
        ([("a", T - DAY)], {"a": T}, T + DAY, 0),
        ([("a", T), ("b", T - DAY)], {"a": T}, T + DAY, None),  # a sound signer saw it in time
        ([("a", T), ("b", T)], {"a": T}, T + DAY, 0),
        ([("a", T), ("b", T - DAY)], {"a": T, "b": T + DAY}, T + 2 * DAY, 0),
        ([("a", T), ("b", T - DAY)], {"b": T - DAY}, T, 1),
    ],
)
def test_a_signature_counts_when_somebody_sound_saw_it_before_the_revocation(
    signed: list, revoked: dict, seen: object, untrusted: int | None
) -> None:
    assert rules.untrusted(signed, revoked, seen) == untrusted  # type: ignore[arg-type]


def _again(node: Node) -> Node:
    """The node as it is after a restart."""
    return open_node(node.data, node.engine, ids=node.ids)


def _prepare(node: Node) -> bytes:
    with open_work(node, CONSOLE) as work:
        return trusting.prepare_keys(work)


def _follow(node: Node, succession: bytes) -> None:
    with open_work(node, CONSOLE) as work:
        trusting.follow_peer(work, succession=succession)


def _revoke(node: Node, other: Node, fingerprint: str, **given: object) -> list[str]:
    with open_work(node, CONSOLE) as work:
        found = trusting.revoke_key(
            work,
            other.id,
            fingerprint=fingerprint,
            since=given.get("since", work.now),  # type: ignore[arg-type]
        )
    return list(found.packages)


def test_keys_rotate_at_both_ends_while_packages_are_on_their_way(pair: Pair) -> None:
    """At every step of both rotations a package that waits, and one that is new, arrive."""
    delivered = 0

    def exchange(waiting: str) -> str:
        nonlocal delivered
        with net.listening(pair.receiver) as url:
            net.pin(pair.sender, pair.receiver, url)
            for package_id in (waiting, pair.queue()):
                assert pair.send(package_id) is OutboxState.DELIVERED
                delivered += 1
        return pair.queue()

    waiting = exchange(pair.queue())
    for turning in ("sender", "receiver"):
        node: Node = getattr(pair, turning)
        other = pair.receiver if turning == "sender" else pair.sender
        succession = _prepare(node)
        setattr(pair, turning, _again(node))
        waiting = exchange(waiting)
        assert _prepare(getattr(pair, turning)) == succession
        _follow(other, succession)
        _follow(other, succession)
        waiting = exchange(waiting)
        with open_work(getattr(pair, turning), CONSOLE) as work:
            trusting.use_next_keys(work)
        setattr(pair, turning, _again(node))
        waiting = exchange(waiting)
        assert getattr(pair, turning).keys.fingerprint != node.keys.fingerprint
    assert pair.inbox_count() == delivered == 14


def test_a_running_node_takes_up_its_next_keys_without_a_restart(pair: Pair) -> None:
    """What is sealed to them is opened at once, and what leaves is signed with those in use."""
    old = pair.receiver.keys.fingerprint

    def delivered() -> bool:
        return pair.send(pair.queue()) is OutboxState.DELIVERED

    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert delivered()
        succession = _prepare(pair.receiver)
        _follow(pair.sender, succession)
        assert delivered()
        with open_work(pair.receiver, CONSOLE) as work:
            fingerprint = trusting.use_next_keys(work)
        assert delivered()
        with open_work(pair.receiver, CONSOLE) as work:
            assert work.node.keys.fingerprint == fingerprint != old
            # The log is placed by the node as it was opened: its checkpoints are of these keys too.
            note = pair.receiver.sign_checkpoint(b"synthetic")
            key_ids = {
                envelope_key_id(each) for each in (note.encode(), work.node.keys.sign("x", b"x"))
            }
        assert len(key_ids) == 1
        assert pair.receiver.open_checkpoint(note) == b"synthetic"
        # The keys before count no more for the sender: its receiver signs and answers with the next.
        _revoke(pair.sender, pair.receiver, old)
        assert delivered()
    key_file_of(pair.receiver.settings).unlink()
    with open_work(pair.receiver, CONSOLE) as work:
        assert work.node.keys.fingerprint == old, "as it was opened, where its file is away"


def test_what_was_signed_with_earlier_keys_still_verifies_here(pair: Pair) -> None:
    note = pair.sender.sign_checkpoint(b"synthetic")
    _prepare(pair.sender)
    with open_work(_again(pair.sender), CONSOLE) as work:
        trusting.use_next_keys(work)
    rotated = _again(pair.sender)
    assert rotated.keys.fingerprint != pair.sender.keys.fingerprint
    assert rotated.open_checkpoint(note) == b"synthetic"
    assert rotated.open_checkpoint(rotated.sign_checkpoint(b"x")) == b"x"
    assert str(rotated.keys.vault_identity) == str(pair.sender.keys.vault_identity)
    assert key_file_of(rotated.settings).stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict), open_work(rotated, CONSOLE) as work:
        trusting.use_next_keys(work)


def test_only_a_peers_own_key_names_the_next_one(pair: Pair, make_node: Callable) -> None:
    other = make_node("us.other")
    following = NodeKeys.generate()
    card = following.sign_card(
        following.card(pair.sender.id, pair.sender.name, ["police"], synthetic=True)
    )
    stranger = other.keys.sign(SUCCESSION_TYPE, succession_payload(pair.sender.id, card))
    own = pair.sender.keys.sign
    others = following.sign_card(following.card("us.x", "x", ["police"], synthetic=True))
    real = following.sign_card(
        following.card(pair.sender.id, pair.sender.name, ["police"], synthetic=False)
    )
    for wrong in (
        stranger,
        own("application/other", succession_payload(pair.sender.id, card)),
        own(SUCCESSION_TYPE, succession_payload(pair.sender.id, others)),
        own(SUCCESSION_TYPE, succession_payload(pair.sender.id, real)),
        own(SUCCESSION_TYPE, b"{}"),
        b"nothing",
    ):
        with pytest.raises(IntegrityFailure), open_work(pair.receiver, CONSOLE) as work:
            trusting.follow_peer(work, succession=wrong)
    unknown = other.keys.sign(SUCCESSION_TYPE, succession_payload(other.id, card))
    with pytest.raises(NotFound), open_work(pair.receiver, CONSOLE) as work:
        trusting.follow_peer(work, succession=unknown)
    with open_work(pair.receiver, CONSOLE) as work:
        assert len(trusting.list_keys(work)) == 1


def test_nothing_of_a_revoked_key_is_let_in_whatever_time_it_states(pair: Pair) -> None:
    early = pair.sealed(pair.queue())
    pair.receive(early)
    late = pair.sealed(pair.queue())
    net.set_clock(pair.receiver, START + DAY)
    fingerprint = pair.sender.keys.fingerprint
    assert _revoke(pair.receiver, pair.sender, fingerprint) == []
    with pytest.raises(IntegrityFailure):
        pair.receive(late)
    with pytest.raises(IntegrityFailure):
        pair.receive(early)  # even its receipt is not given again to who may be a thief
    assert pair.inbox_count() == 1
    with open_work(pair.receiver, WORKER) as work:  # what came before goes on to count
        package_id = work.db.exec_driver_sql("SELECT package_id FROM inbox").scalar_one()
        assert actions.received_header(work, package_id).statement.sender == pair.sender.id
    doubtful = _revoke(pair.receiver, pair.sender, fingerprint, since=START - DAY)
    assert doubtful == [package_id]
    with pytest.raises(IntegrityFailure), open_work(pair.receiver, WORKER) as work:
        actions.received_header(work, package_id)


def test_nothing_is_sealed_to_a_revoked_key_and_no_receipt_of_it_counts(pair: Pair) -> None:
    waiting = pair.queue()
    receipt = pair.receive(pair.sealed(waiting))
    net.set_clock(pair.sender, START + DAY)
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(receipt)}\r\n\r\n".encode()
    peer = net.Cut(head + receipt)
    with peer.listening() as url:
        net.pin(pair.sender, pair.receiver, url)
        _revoke(pair.sender, pair.receiver, pair.receiver.keys.fingerprint)
        assert pair.send(waiting) is OutboxState.QUEUED
    assert peer.requests == []
    assert pair.sent(waiting).last_outcome == "key-revoked"


def test_after_a_theft_staff_pin_another_card_by_voice(pair: Pair) -> None:
    stolen = pair.sender
    following = NodeKeys.generate()
    particulars = (stolen.id, stolen.name, sorted(stolen.profiles))
    card = following.sign_card(following.card(*particulars, synthetic=True))
    with pytest.raises(Conflict), open_work(pair.receiver, CONSOLE) as work:
        actions.add_peer(work, card=card)
    _revoke(pair.receiver, stolen, stolen.keys.fingerprint)
    succession = stolen.keys.sign(SUCCESSION_TYPE, succession_payload(stolen.id, card))
    with pytest.raises(NotFound), open_work(pair.receiver, CONSOLE) as work:
        trusting.follow_peer(work, succession=succession)  # the thief names no successor
    with pytest.raises(Conflict), open_work(pair.receiver, CONSOLE) as work:
        actions.add_peer(work, card=net.card_of(stolen))
    with open_work(pair.receiver, CONSOLE) as work:
        actions.add_peer(work, card=card)
    pair.sender = replace(
        stolen, keys=replace(following, vault_identity=stolen.keys.vault_identity)
    )
    pair.receive(pair.sealed(pair.queue()))
    assert pair.inbox_count() == 1


def test_a_revocation_only_reaches_further_back(pair: Pair) -> None:
    fingerprint = pair.sender.keys.fingerprint
    with pytest.raises(Invalid):
        _revoke(pair.receiver, pair.sender, fingerprint, since=START + 365 * DAY)
    with pytest.raises(NotFound):
        _revoke(pair.receiver, pair.sender, "0" * 64)
    _revoke(pair.receiver, pair.sender, fingerprint, since=START - DAY)
    with pytest.raises(Conflict):
        _revoke(pair.receiver, pair.sender, fingerprint, since=START)
    _revoke(pair.receiver, pair.sender, fingerprint, since=START - 2 * DAY)
    with open_work(pair.receiver, CONSOLE) as work:
        (key,) = trusting.list_keys(work)
    assert key.revoked_from == START - 2 * DAY


def test_a_revoked_key_countersigns_nothing(pair: Pair) -> None:
    with open_work(pair.sender, CONSOLE) as work:
        envelope = sign_agreement(work, pair.agreement)
    _revoke(pair.receiver, pair.sender, pair.sender.keys.fingerprint)
    with pytest.raises(NotFound), open_work(pair.receiver, CONSOLE) as work:
        actions.take_signature(work, envelope=envelope)


def test_a_key_file_of_either_form_is_read_and_nothing_else(pair: Pair) -> None:
    place = key_file_of(pair.sender.settings)
    _prepare(pair.sender)
    whole = place.read_text("ascii")
    assert NodeKeys.load(place).next is not None
    for broken in (
        whole.replace("node-keys/2", "node-keys/3"),
        whole.replace("node-keys/2", "node-keys/1"),
        whole.replace('"earlier": []', '"earlier": [{}]'),
        whole.replace('"next"', '"after"'),
    ):
        place.write_text(broken, "ascii")
        with pytest.raises(Invalid):
            NodeKeys.load(place)
