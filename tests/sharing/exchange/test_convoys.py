"""Several packages to one peer in one request: each with the effect and receipt it has by itself."""

import contextlib
import errno
import io
import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

import httpx2
import pytest
from sqlalchemy import Connection

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.gates import gate_of, pin_gate
from tests.sharing.exchange.pairs import Pair
from tipbridge import pipeline
from tipbridge.foundation.base.actors import DOORKEEPER, WORKER
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import suspend_agreement
from tipbridge.sharing.exchange import actions, api, client, incoming
from tipbridge.sharing.exchange.convoying import framing, sending, takers, taking
from tipbridge.sharing.exchange.convoying.framing import Told
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.standing import keeping
from tipbridge.sharing.exchange.statement import read_receipt

DELIVERED, QUEUED = OutboxState.DELIVERED, OutboxState.QUEUED
RECEIVED, SENT = "exchange.package.received", "exchange.package.sent"


@contextlib.contextmanager
def reached(pair: Pair) -> Generator[str]:
    """The receiver listens, is pinned at its address, and has said that it takes convoys."""
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(pair.queue()) is DELIVERED
        net.events(pair.sender)
        net.events(pair.receiver)
        yield url


def together(pair: Pair, package_ids: list[str]) -> list[str]:
    with open_work(pair.sender, WORKER, together=True) as work:
        return sending.send_together(work, package_ids)


def states(pair: Pair, package_ids: list[str]) -> list[OutboxState]:
    return [pair.sent(each).state for each in package_ids]


def subjects(node: Node, event: str) -> list[tuple[str, object]]:
    return [
        (subject, facts["outcome"]) for name, subject, facts in net.audit(node) if name == event
    ]


def test_each_package_of_a_convoy_has_its_own_receipt_event_and_job(pair: Pair) -> None:
    with reached(pair):
        ids = [pair.queue() for _ in range(5)]
        assert together(pair, ids) == ids
    assert states(pair, ids) == [DELIVERED] * 5
    assert pair.inbox_count() == 6
    with open_work(pair.receiver, WORKER) as work:
        kept = {each: actions.received_package(work, each) for each in ids}
        assert all(work.node.vault.read(each.header) for each in kept.values())
    for each in ids:
        sent = pair.sent(each)
        assert sent.receipt == kept[each].receipt
        assert (sent.attempts, sent.last_outcome) == (1, "delivered")
        receipt = read_receipt(pair.receiver.card(), sent.receipt)
        assert (receipt.package_id, receipt.content_sha256) == (each, sent.content_sha256)
    assert sorted(subjects(pair.receiver, RECEIVED)[1:]) == [
        (each, "received") for each in sorted(ids)
    ]
    assert sorted(subjects(pair.sender, SENT)[1:]) == [(each, "delivered") for each in sorted(ids)]
    assert net.events(pair.receiver) == [
        (RECEIVED, {"package_id": each, "kind": "referral"}) for each in ids
    ]
    assert net.events(pair.sender) == [
        ("exchange.package.settled", {"package_id": each}) for each in ids
    ]


def test_a_convoy_goes_through_the_gate(pair: Pair) -> None:
    with gate_of(pair.receiver) as url:
        pin_gate(pair.sender, pair.receiver, url)
        ids = [pair.queue() for _ in range(3)]
        assert pair.send(ids[0]) is DELIVERED
        assert together(pair, ids) == ids[1:]
    assert pair.inbox_count() == 3


def test_a_peer_is_sent_no_convoy_before_it_said_that_it_takes_them(pair: Pair) -> None:
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        ids = [pair.queue(), pair.queue()]
        assert together(pair, ids) == []
        assert pair.inbox_count() == 0
        assert pair.send(ids[0]) is DELIVERED
        assert takers.takes_convoys("us.hsi", url)


def test_a_receipt_that_does_not_fit_makes_nobody_a_taker(pair: Pair) -> None:
    answer = b"HTTP/1.1 200 OK\r\ntipbridge-convoys: 1\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}"
    with net.Cut(answer).listening() as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(pair.queue()) is QUEUED
        assert not takers.takes_convoys("us.hsi", url)


def test_a_peer_that_takes_convoys_no_more_is_sent_single_packages_again(pair: Pair) -> None:
    answer = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ids = [pair.queue(), pair.queue()]
    with net.Cut(answer).listening() as url:
        net.pin(pair.sender, pair.receiver, url)
        takers.note("us.hsi", url, takes=True)
        assert together(pair, ids) == []
        assert not takers.takes_convoys("us.hsi", url)
    assert [pair.sent(each).attempts for each in ids] == [0, 0]
    with open_work(pair.sender, WORKER) as work:
        assert not keeping.is_troubled(work, "us.hsi")


def test_a_convoy_without_an_answer_is_one_failure_and_one_attempt(pair: Pair) -> None:
    ids = [pair.queue() for _ in range(4)]
    with net.Cut(b"").listening() as url:
        net.pin(pair.sender, pair.receiver, url)
        takers.note("us.hsi", url, takes=True)
        assert together(pair, ids) == ids[:1]
        assert together(pair, ids) == [], "a troubled peer is sent one by one"
    assert states(pair, ids) == [QUEUED] * 4
    assert [pair.sent(each).attempts for each in ids] == [1, 0, 0, 0]
    with open_work(pair.sender, WORKER) as work:
        assert actions.peer_standings(work)["us.hsi"].failures == 1
    assert pair.send(ids[1]) is QUEUED
    assert pair.sent(ids[1]).attempts == 0, "held back without a try"


def test_mixed_up_receipts_settle_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = api.answers_payload
    monkeypatch.setattr(api, "answers_payload", lambda told: genuine(told[::-1]))
    with reached(pair):
        ids = [pair.queue(), pair.queue()]
        assert together(pair, ids) == []
        assert states(pair, ids) == [QUEUED] * 2
        monkeypatch.undo()
        assert together(pair, ids) == ids, "and again it gives the receipts that were given before"
    assert pair.inbox_count() == 3
    assert len(net.events(pair.receiver)) == 2


def test_what_is_refused_is_refused_alone_and_leaves_the_event_it_leaves_by_itself(
    pair: Pair,
) -> None:
    with reached(pair) as url:
        good, bad = pair.queue(), pair.queue()
        damaged = bytearray(pair.sealed(bad))
        damaged[-1] ^= 1
        convoy = framing.joined([bytes(damaged), pair.sealed(good), pair.sealed(good)])
        answer = httpx2.post(url + framing.CONVOYS_PATH, content=convoy, trust_env=False)
        told = framing.read_answers(answer.content, 3)
    assert answer.headers["content-type"] == framing.ANSWERS_TYPE
    assert told[0] == Told(refused=True)
    assert told[1].receipt is not None
    assert told[2] == told[1], "the same package twice has one receipt"
    assert pair.inbox_count() == 2
    assert len(net.events(pair.receiver)) == 1
    refused = [facts for name, _, facts in net.audit(pair.receiver) if name.endswith("refused")]
    assert [each["kind"] for each in refused] == ["integrity"]


def test_what_nothing_covers_is_refused_and_named_in_the_log_of_the_receiver(pair: Pair) -> None:
    with reached(pair):
        ids = [pair.queue(), pair.queue()]
        with open_work(pair.receiver, CONSOLE) as work:
            suspend_agreement(work, pair.agreement, reason="review")
        assert together(pair, ids) == ids
    assert states(pair, ids) == [OutboxState.REFUSED] * 2
    assert pair.inbox_count() == 1
    named = [
        subject
        for name, subject, _ in net.audit(pair.receiver)
        if name == "exchange.package.refused"
    ]
    assert sorted(named) == sorted(ids)


def test_what_may_not_leave_stays_out_of_the_convoy(pair: Pair) -> None:
    with reached(pair):
        ids = [pair.queue(), pair.queue(), pair.queue()]
        with open_work(pair.sender, WORKER) as work:
            ended = pair.queue(replace(pair.draft(), ends_at=work.now))
        gone = pair.sent(ids[2])
        pair.sender.vault.destroy_key(gone.key_id)
        assert together(pair, [*ids, ended]) == ids[:2]
        assert pair.send(ended) is OutboxState.LAPSED
        assert pair.send(ids[2]) is OutboxState.LAPSED
        with open_work(pair.sender, CONSOLE) as work:
            suspend_agreement(work, pair.agreement, reason="review")
        assert together(pair, [pair.queue(), pair.queue()]) == []


def test_a_package_under_another_certificate_is_refused(pair: Pair) -> None:
    sealed = [pair.sealed(pair.queue()), pair.sealed(pair.queue())]
    with open_work(pair.receiver, DOORKEEPER, together=True) as work:
        assert taking.take_together(work, sealed, caller="kr.knpa") == {}
    assert pair.inbox_count() == 0


@pytest.mark.parametrize(
    "convoy",
    [
        b"",
        b"\0" * 7,
        (0).to_bytes(8, "big"),
        (9).to_bytes(8, "big") + b"age-encr",
        framing.joined([b"age-encryption.org/v1\n"] * 17),
        (2**64 - 1).to_bytes(8, "big") + b"age-encryption.org/v1\n",
    ],
    ids=["nothing", "half-a-length", "of-no-length", "cut-off", "too-many", "far-too-long"],
)
def test_what_is_no_convoy_is_refused_with_the_one_face(pair: Pair, convoy: bytes) -> None:
    with net.listening(pair.receiver) as url:
        answer = httpx2.post(url + framing.CONVOYS_PATH, content=convoy, trust_env=False)
    assert (answer.status_code, answer.json()) == (422, {"error": "refused"})


def test_a_convoy_that_is_too_long_is_refused(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    convoy = framing.joined([pair.sealed(pair.queue())])
    monkeypatch.setattr(api, "MOST_BYTES", len(convoy) // 2)
    with net.listening(pair.receiver) as url:
        answer = httpx2.post(url + framing.CONVOYS_PATH, content=convoy, trust_env=False)
    assert answer.status_code == 422
    assert pair.inbox_count() == 0


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b"{}", b'{"answers":{}}', b'{"answers":[]}', b'{"answers":[1,2,3]}', b"\xff"],
)
def test_an_answer_that_says_not_one_word_of_each_is_unfit(payload: bytes) -> None:
    with pytest.raises(ValueError, match="answer"):
        framing.read_answers(payload, 2)


def test_a_word_that_is_not_known_says_nothing_of_its_package() -> None:
    words = [{"receipt": "e"}, {"refused": True}, {"later": True}, {"new": 1}, 7]
    payload = json.dumps({"answers": words}).encode()
    told = framing.read_answers(payload, 5)
    assert told == [Told(receipt=b"e"), Told(refused=True), Told(), Told(), Told()]
    assert framing.read_answers(framing.answers_payload(told), 5) == told


def test_a_disk_without_room_keeps_none_of_a_convoy(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine, kept = incoming.keep_package, list[str]()

    def keep(*given: object) -> object:
        if len(kept) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        kept.append("one")
        return genuine(*given)  # type: ignore[arg-type]

    with reached(pair):
        before = {path for path in (pair.receiver.data / "vault").rglob("*") if path.is_file()}
        ids = [pair.queue(), pair.queue()]
        monkeypatch.setattr(incoming, "keep_package", keep)
        assert together(pair, ids) == ids[:1]
        assert pair.sent(ids[0]).last_outcome == client.NO_ROOM
    assert pair.inbox_count() == 1
    assert net.events(pair.receiver) == []
    assert {p for p in (pair.receiver.data / "vault").rglob("*") if p.is_file()} == before


def test_nothing_is_acknowledged_before_its_transaction_is_committed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = taking.take_together

    def take(*given: object, **named: object) -> object:
        genuine(*given, **named)  # type: ignore[arg-type]
        raise RuntimeError("killed after all was written and before it was committed")

    with reached(pair):
        ids = [pair.queue(), pair.queue()]
        monkeypatch.setattr(taking, "take_together", take)
        assert together(pair, ids) == ids[:1]
        assert states(pair, ids) == [QUEUED] * 2
    assert pair.inbox_count() == 1


def test_a_large_package_goes_by_itself(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    with reached(pair):
        ids = [pair.queue() for _ in range(3)]
        monkeypatch.setattr(sending, "SMALL_BYTES", 10)
        assert together(pair, ids) == []
        monkeypatch.undo()
        room_bytes = 5 * len(pair.sealed(ids[0])) // 2
        monkeypatch.setattr(sending, "MOST_BYTES", sending.SMALL_BYTES + room_bytes)
        assert together(pair, ids) == ids[:2]


def test_the_statements_of_a_convoy_do_not_grow_with_it(pair: Pair) -> None:
    with reached(pair):
        few, many = [pair.queue() for _ in range(2)], [pair.queue() for _ in range(16)]
        counts: list[tuple[int, int]] = []
        for ids in (few, many):
            with net.counted(pair.sender) as here, net.counted(pair.receiver) as there:
                assert together(pair, ids) == ids
            counts.append((len(here), len(there)))
    assert counts[0] == counts[1]


def _queued(pair: Pair, count: int) -> list[str]:
    """Packages whose jobs wait, as a worker finds them."""
    draft, ids = pair.draft(), list[str]()
    for _ in range(count):
        with open_work(pair.sender, WORKER) as work:
            ids.append(actions.queue_package(work, draft))
    return ids


def test_a_worker_sends_what_waits_for_a_peer_together_and_ends_the_jobs(pair: Pair) -> None:
    with reached(pair):
        ids = _queued(pair, 18)
        assert pipeline.follow_along(pair.sender, "exchange.package.queued") == 16
        assert states(pair, ids) == [DELIVERED] * 16 + [QUEUED] * 2
        assert pipeline.follow_along(pair.sender, "exchange.package.queued") == 2
    told = net.events(pair.sender)
    assert [name for name, _ in told] == ["exchange.package.settled"] * 18


def test_packages_for_others_and_of_a_job_begun_are_left_alone(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    other = make_node("kr.knpa")
    net.pin(pair.sender, other, "http://127.0.0.1:9")
    with reached(pair):
        ids = _queued(pair, 3)
        theirs = replace(pair.draft(), recipient=other.id)
        with open_work(pair.sender, WORKER) as work:
            elsewhere = actions.queue_package(work, theirs)
        with open_work(pair.sender, WORKER) as begun:
            assert queue.take_named(begun.db, "exchange.package.queued", "package_id", ids[:1])
            assert pipeline.follow_along(pair.sender, "exchange.package.queued") == 2
    assert states(pair, [*ids, elsewhere]) == [QUEUED, DELIVERED, DELIVERED, QUEUED]
    left = [
        given["package_id"] for name, given in net.events(pair.sender) if name.endswith("queued")
    ]
    assert left == [ids[0], elsewhere]


def test_a_package_whose_job_is_begun_is_kept_from_nobody(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else that job finds it held and ends, and nobody sends it until its lease is over."""
    genuine, came = queue.take_named, list[OutboxState | None]()

    def take(db: Connection, event: str, name: str, values: Sequence[str]) -> list[queue.Job]:
        with open_work(pair.sender, WORKER) as begun:
            held = genuine(begun.db, event, name, values[:1])
            with open_work(pair.sender, WORKER) as other:
                came.append(actions.send_package(other, held[0].ids["package_id"]))
            return genuine(db, event, name, values)

    with reached(pair):
        ids = _queued(pair, 3)
        monkeypatch.setattr(queue, "take_named", take)
        assert pipeline.follow_along(pair.sender, "exchange.package.queued") == 2
    assert came == [DELIVERED]
    assert states(pair, ids) == [DELIVERED] * 3


def test_a_peer_that_failed_gets_no_convoy_and_its_jobs_wait_as_before(pair: Pair) -> None:
    with reached(pair):
        ids = _queued(pair, 3)
        with open_work(pair.sender, WORKER) as work:
            keeping.note_failure(work, "us.hsi")
        assert pipeline.follow_along(pair.sender, "exchange.package.queued") == 0
    assert states(pair, ids) == [QUEUED] * 3
    assert queue.due(pair.sender.engine) == 3


def test_a_single_read_of_a_convoy_is_the_same_package(pair: Pair) -> None:
    sealed = [pair.sealed(pair.queue()), pair.sealed(pair.queue())]
    assert framing.split(framing.joined(sealed)) == sealed
    receipts = [pair.receive(each) for each in sealed]
    with open_work(pair.receiver, DOORKEEPER, together=True) as work:
        assert taking.take_together(work, sealed) == {}, "what is here is answered by itself"
    with open_work(pair.receiver, DOORKEEPER) as work:
        again = [actions.receive_package(work, io.BytesIO(sealed[0]))]
    assert again == receipts[:1]
