"""Packages between nodes over real HTTP: one effect, one receipt, refusals without an oracle."""

import errno
import hashlib
import io
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import httpx2
import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.packages import FILE, PARTS, salted
from tests.sharing.exchange.pairs import AGREEMENT, START, Pair
from tipbridge.foundation.base.actors import DOORKEEPER, WORKER
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, Unavailable
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.files import DiskFiles, NewFile
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import (
    add_agreement,
    suspend_agreement,
)
from tipbridge.sharing.exchange import actions, api, outgoing, rules, store
from tipbridge.sharing.exchange.client import Answer, post_package
from tipbridge.sharing.exchange.errors import AnotherContent, NotCovered
from tipbridge.sharing.exchange.full import is_full
from tipbridge.sharing.exchange.model import (
    RECEIPT_TYPE,
    OutboxState,
)
from tipbridge.sharing.exchange.statement import read_receipt, receipt_payload

LAPSED = datetime(2016, 1, 1, tzinfo=UTC)


def test_a_suspension_at_either_end_wins_over_what_is_on_its_way(pair: Pair) -> None:
    package_id = pair.queue()
    sealed = pair.sealed(package_id)
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    with pytest.raises(NotCovered):
        pair.receive(sealed)
    assert pair.inbox_count() == 0
    with open_work(pair.sender, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    assert pair.send(package_id) is OutboxState.LAPSED


def _vault_files(node: Node) -> int:
    return sum(1 for path in (node.data / "vault").rglob("*") if path.is_file())


def test_a_package_travels_and_its_receipt_is_bound_to_its_content(pair: Pair) -> None:
    package_id = pair.queue()
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.DELIVERED
        assert pair.send(package_id) is None
    sent = pair.sent(package_id)
    assert sent.receipt is not None
    receipt = read_receipt(pair.receiver.card(), sent.receipt)
    assert receipt.content_sha256 == sent.content_sha256
    with open_work(pair.receiver, WORKER) as work:
        package = actions.received_package(work, package_id)
        assert package.content_sha256 == sent.content_sha256
        assert work.node.vault.read(package.files["files/0/content"]) == FILE
        header = actions.received_header(work, package_id)
        assert {item.part.label for item in header.parts} == {part.label for part in PARTS}
    assert net.events(pair.receiver) == [
        ("exchange.package.received", {"package_id": package_id, "kind": "referral"})
    ]
    assert net.events(pair.sender) == [("exchange.package.settled", {"package_id": package_id})]


def test_the_same_package_a_hundred_times_has_one_effect_and_one_receipt(pair: Pair) -> None:
    package_id = pair.queue()
    receipts = {pair.receive(pair.sealed(package_id)) for _ in range(100)}
    assert len(receipts) == 1
    assert pair.inbox_count() == 1
    assert len(net.events(pair.receiver)) == 1
    net.set_clock(pair.receiver, LAPSED)
    assert pair.receive(pair.sealed(package_id)) in receipts


def test_another_content_under_the_same_id_is_refused(pair: Pair) -> None:
    package_id = pair.queue()
    pair.receive(pair.sealed(package_id))
    with open_work(pair.sender, WORKER) as work:
        header, _ = outgoing.signed_header(
            work, replace(pair.draft(), parts=salted(PARTS[:1])), package_id, 1
        )
    sink = io.BytesIO()
    seal_stream(
        pair.receiver.keys.exchange_recipient,
        outgoing.package_chunks(outgoing.header_bytes(header), []),
        sink,
    )
    with pytest.raises(AnotherContent):
        pair.receive(sink.getvalue())
    assert pair.inbox_count() == 1


def test_a_damaged_package_is_refused_before_anything_is_kept(pair: Pair) -> None:
    sealed = pair.sealed(pair.queue())
    before = _vault_files(pair.receiver)
    for place in range(0, len(sealed), 211):
        damaged = bytearray(sealed)
        damaged[place] ^= 0x01
        with pytest.raises(IntegrityFailure):
            pair.receive(bytes(damaged))
    for damaged in (sealed[:-1], sealed + b"\0", b"", sealed[:40]):
        with pytest.raises(IntegrityFailure):
            pair.receive(damaged)
    assert _vault_files(pair.receiver) == before
    assert pair.inbox_count() == 0
    refusals = [event for event in net.audit(pair.receiver) if event[0].endswith("refused")]
    assert len(refusals) > 4
    assert {event[2]["kind"] for event in refusals} == {"integrity"}


def test_every_refusal_has_the_same_face_for_the_sender(pair: Pair) -> None:
    package_id = pair.queue()
    sealed = pair.sealed(package_id)
    flipped = bytearray(sealed)
    flipped[-1] ^= 1
    to_other = io.BytesIO()
    seal_stream(NodeKeys.generate().exchange_recipient, [b"x"], to_other)
    net.set_clock(pair.receiver, LAPSED)
    with net.listening(pair.receiver) as url:
        faces = set()
        for body in (sealed, bytes(flipped), to_other.getvalue(), b"hello", b""):
            answer = httpx2.post(url + "/exchange/v1/packages", content=body, trust_env=False)
            faces.add((answer.status_code, answer.content))
        card = httpx2.get(url + "/exchange/v1/card", trust_env=False).content
    assert len(faces) == 1
    assert faces.pop()[0] == 422
    assert card == net.card_of(pair.receiver)
    assert pair.inbox_count() == 0


def test_a_package_for_another_node_is_refused(pair: Pair, make_node: Callable) -> None:
    other = make_node("us.other")
    net.set_clock(other, START)
    net.pin(other, pair.sender)
    sealed = pair.sealed(pair.queue())
    with pytest.raises(IntegrityFailure), open_work(other, DOORKEEPER) as work:
        actions.receive_package(work, io.BytesIO(sealed))


@pytest.mark.parametrize("case", ["unknown", "lapsed", "others"])
def test_a_package_under_no_agreement_in_force_is_refused_and_logged(
    pair: Pair, case: str, make_node: Callable
) -> None:
    package_id = pair.queue()
    sealed = pair.sealed(package_id)
    if case == "lapsed":
        net.set_clock(pair.receiver, LAPSED)
    else:
        fresh = make_node("us.hsi")
        net.pin(fresh, pair.sender)
        fresh_pair = Pair(pair.sender, fresh, pair.agreement)
        net.set_clock(fresh, START)
        net.pin(pair.sender, pair.receiver)
        sealed = _sealed_to(pair, package_id, fresh)
        pair = fresh_pair
    before = _vault_files(pair.receiver)
    with pytest.raises(NotCovered):
        pair.receive(sealed)
    assert pair.inbox_count() == 0
    assert _vault_files(pair.receiver) == before
    assert net.audit(pair.receiver)[-1][0] == "access.action.refused"
    assert net.audit(pair.receiver)[-1][1] == package_id


def test_a_package_that_comes_before_its_agreement_by_this_clock_waits(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    early = make_node("us.hsi")
    net.pin(early, pair.sender)
    net.set_clock(early, datetime(2012, 6, 1, tzinfo=UTC))
    with open_work(early, CONSOLE) as work:
        add_agreement(work, document=AGREEMENT)
    package_id = pair.queue()
    sealed = _sealed_to(pair, package_id, early)
    with net.listening(early) as url:
        answer = httpx2.post(url + "/exchange/v1/packages", content=sealed, trust_env=False)
        assert answer.status_code == 503
        net.set_clock(early, START)
        answer = httpx2.post(url + "/exchange/v1/packages", content=sealed, trust_env=False)
        assert answer.status_code == 200


def test_what_the_system_fails_to_keep_is_sent_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = pair.queue()

    create = DiskFiles.create

    def full(self: DiskFiles, path: Path) -> NewFile:
        if path.name.startswith("file-0"):
            raise OSError(errno.ENOSPC, "No space left", str(path))
        return create(self, path)

    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        with monkeypatch.context() as broken:
            broken.setattr(DiskFiles, "create", full)
            assert pair.send(package_id) is OutboxState.QUEUED
        assert pair.sent(package_id).last_outcome == "no-room"
        assert pair.send(package_id) is OutboxState.DELIVERED


def test_a_spool_without_room_is_told_to_the_sender_who_keeps_the_package(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = pair.queue()
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        with monkeypatch.context() as broken:
            broken.setattr(api, "TemporaryFile", _on_a_full_disk)
            assert pair.send(package_id) is OutboxState.QUEUED
        assert pair.sent(package_id).last_outcome == "no-room"
        assert pair.send(package_id) is OutboxState.DELIVERED


def test_only_a_disk_without_room_is_called_full() -> None:
    class _OfTheDatabase(Exception):
        sqlstate = "53100"

    unkept = Unavailable("The sealed file can't be written.")
    assert not is_full(unkept)
    unkept.__cause__ = OSError(errno.EIO, "Input/output error")
    assert not is_full(unkept)
    for why in (OSError(errno.EDQUOT, "Disk quota exceeded"), _OfTheDatabase()):
        unkept.__cause__ = why
        assert is_full(unkept)


def _on_a_full_disk(**_: Path) -> BinaryIO:
    return Path("/dev/full").open("wb", buffering=0)


def _sealed_to(pair: Pair, package_id: str, node: Node) -> bytes:
    with outgoing.sealed_package(pair.sender, pair.sent(package_id), node.card()) as found:
        return found[0].read()


def test_an_agreement_that_lapsed_before_dispatch_stops_the_package(pair: Pair) -> None:
    package_id = pair.queue()
    net.set_clock(pair.sender, LAPSED)
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.LAPSED
    assert pair.inbox_count() == 0
    assert net.audit(pair.sender)[-1][2]["outcome"] == "basis-lapsed"


def test_a_peer_that_is_down_is_tried_again_with_growing_pauses(pair: Pair) -> None:
    package_id = pair.queue()
    waits = []
    for attempt in range(1, 6):
        assert pair.send(package_id) is OutboxState.QUEUED
        sent = pair.sent(package_id)
        assert (sent.attempts, sent.last_outcome) == (attempt, "unreachable")
        waits.append(sent.next_attempt_at)
    assert waits == sorted(waits)
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.DELIVERED
    assert pair.inbox_count() == 1


def test_pauses_double_up_to_half_a_minute() -> None:
    found = [rules.retry_delay(attempt, 5.0).total_seconds() for attempt in range(1, 8)]
    assert found == [5, 10, 20, 30, 30, 30, 30]


def test_what_is_due_is_enqueued_once(pair: Pair) -> None:
    package_id = pair.queue()
    pair.send(package_id)
    with pair.sender.engine.begin() as db, open_work(pair.sender, WORKER) as work:
        del db
        store.note_attempt(work.db, package_id, outcome="x", next_attempt_at=START)
    for expected in (1, 0):
        with open_work(pair.sender, WORKER) as work:
            assert actions.resend_due(work) == expected
    assert net.events(pair.sender) == [("exchange.package.queued", {"package_id": package_id})]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n" + b"x" * 300_000,
        b"",
    ],
)
def test_an_answer_that_is_no_receipt_counts_as_not_delivered(pair: Pair, answer: bytes) -> None:
    package_id = pair.queue()
    with net.Cut(answer).listening() as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.QUEUED
    assert pair.sent(package_id).receipt is None


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nx-", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_peer_that_drips_its_answer_is_left_in_time(begun: bytes) -> None:
    peer = net.Cut(begun, drips=True)
    with peer.listening() as url:
        answer = post_package(url, io.BytesIO(b"sealed"), 6, patience_seconds=0.5)
    assert answer == Answer(problem="timeout")
    assert len(peer.requests) == 1


def test_a_package_over_the_limit_is_refused_before_it_is_read(pair: Pair) -> None:
    limited = replace(
        pair.receiver, settings=pair.receiver.settings.model_copy(update={"package_max_bytes": 999})
    )
    head = b"POST /exchange/v1/packages HTTP/1.1\r\nhost: localhost\r\n"
    with net.listening(limited) as url:
        place = url.removeprefix("http://").split(":")
        with socket.create_connection((place[0], int(place[1])), timeout=10) as said_too_long:
            said_too_long.sendall(head + b"content-length: 1000\r\n\r\n")
            assert b" 422 " in said_too_long.recv(65536)
        body = b"age-encryption.org/v1\n" + b"x" * 1000
        answer = httpx2.post(url + "/exchange/v1/packages", content=iter([body]), trust_env=False)
    assert answer.status_code == 422
    assert pair.inbox_count() == 0


def test_a_receipt_for_other_content_does_not_count(pair: Pair) -> None:
    package_id = pair.queue()
    genuine = pair.receive(pair.sealed(package_id))
    receipt = read_receipt(pair.receiver.card(), genuine)
    for wrong in (
        replace(receipt, content_sha256="0" * 64),
        replace(receipt, package_id="0" * 32),
        replace(receipt, sender="us.other"),
        replace(receipt, statement_sha256="0" * 64),
    ):
        envelope = pair.receiver.keys.sign(RECEIPT_TYPE, receipt_payload(wrong))
        head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(envelope)}\r\n\r\n".encode()
        with net.Cut(head + envelope).listening() as url:
            net.pin(pair.sender, pair.receiver, url)
            assert pair.send(package_id) is OutboxState.QUEUED
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(genuine)}\r\n\r\n".encode()
    with net.Cut(head + genuine).listening() as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.DELIVERED


def test_a_refused_package_waits_for_staff_to_try_again(pair: Pair) -> None:
    package_id = pair.queue()
    net.set_clock(pair.receiver, LAPSED)
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.REFUSED
        assert pair.send(package_id) is None
        with open_work(pair.sender, CONSOLE) as work:
            actions.resend_package(work, package_id)
        assert pair.send(package_id) is OutboxState.REFUSED
    with pytest.raises(Conflict), open_work(pair.sender, CONSOLE) as work:
        actions.resend_package(work, pair.queue())


def test_a_gap_in_the_sequence_is_shown_and_blocks_nothing(pair: Pair) -> None:
    first, second, third = pair.queue(), pair.queue(), pair.queue()
    del first
    pair.receive(pair.sealed(third))
    pair.receive(pair.sealed(second))
    with open_work(pair.receiver, CONSOLE) as work:
        _, received, gaps = actions.list_packages(work)
    assert [package.sequence for package in received] != []
    assert [gap.missing for gap in gaps] == [(1,)]


def test_a_package_whose_file_was_purged_is_never_sent(pair: Pair) -> None:
    draft = pair.draft()
    package_id = pair.queue(draft)
    pair.sender.vault.destroy_key(draft.files["files/0/content"].key_id)
    assert pair.send(package_id) is OutboxState.LAPSED
    assert pair.sent(package_id).last_outcome == "content-gone"


def test_a_draft_that_is_rolled_back_leaves_no_file(pair: Pair) -> None:
    draft = pair.draft()
    before = _vault_files(pair.sender)
    with pytest.raises(RuntimeError), open_work(pair.sender, WORKER) as work:
        actions.queue_package(work, draft)
        raise RuntimeError
    assert _vault_files(pair.sender) == before


def test_no_plaintext_touches_the_disk_of_either_node(pair: Pair) -> None:
    package_id = pair.queue()
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        pair.send(package_id)
    for node in (pair.sender, pair.receiver):
        for path in node.data.rglob("*"):
            assert not path.is_file() or FILE not in path.read_bytes()


def test_a_value_that_would_not_survive_the_journey_is_refused_by_its_sender(pair: Pair) -> None:
    odd = replace(PARTS[0], value=2.0**53)
    draft = replace(pair.draft(), parts=salted([odd]), files={})
    with pytest.raises(IntegrityFailure):
        pair.queue(draft)


def test_a_real_peer_is_refused_by_a_synthetic_node(make_node: Callable) -> None:
    node, real = make_node("us.clearing"), make_node("us.hsi", synthetic=False)
    card = real.keys.sign_card(real.card())
    with pytest.raises(Invalid), open_work(node, CONSOLE) as work:
        actions.add_peer(work, card=card)


def test_a_pinned_card_is_not_replaced(pair: Pair) -> None:
    card = pair.receiver.card()
    other = NodeKeys.generate()
    forged = other.sign_card(other.card(card.node_id, card.name, card.profiles, synthetic=True))
    with pytest.raises(Conflict), open_work(pair.sender, CONSOLE) as work:
        actions.add_peer(work, card=forged)
    with pytest.raises(Invalid), open_work(pair.sender, CONSOLE) as work:
        actions.add_peer(work, card=net.card_of(pair.sender))


@pytest.mark.parametrize(
    "url",
    [
        "http://peer.example", "ftp://peer.example", "https://", "https://a:b@peer.example",
        "https://peer.example/?x", "http://127.0.0.1.peer.example", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_peer_address_without_tls_or_with_extras_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        rules.check_peer_url(url)


def test_content_digests_are_of_the_whole_package(pair: Pair) -> None:
    package_id = pair.queue()
    sealed = pair.sealed(package_id)
    plain = io.BytesIO()
    pair.receiver.keys.open(io.BytesIO(sealed), plain)
    receipt = read_receipt(pair.receiver.card(), pair.receive(sealed))
    assert receipt.content_sha256 == hashlib.sha256(plain.getvalue()).hexdigest()
