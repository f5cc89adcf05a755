"""Packages that a peer fetches, and packages that are carried as files."""

import io
import json
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import httpx2
import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.packages import FILE, PARTS, salted
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.foundation.base.actors import DOORKEEPER, WORKER
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import suspend_agreement
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.carrying import fetching, handing
from tipbridge.sharing.exchange.carrying.files import PACKAGE_ENDING
from tipbridge.sharing.exchange.carrying.messages import FETCH_TYPE, Fetch, fetch_payload
from tipbridge.sharing.exchange.client import PACKAGE_HEADER, WAITING_PATH
from tipbridge.sharing.exchange.errors import NotCovered
from tipbridge.sharing.exchange.model import Basis, BasisKind, OutboxState, PackageKind
from tipbridge.sharing.exchange.standing import rules
from tipbridge.sharing.exchange.standing import store as standings
from tipbridge.sharing.exchange.standing.model import Standing


def _pin(node: Node, other: Node, **way: object) -> None:
    with open_work(node, CONSOLE) as work:
        actions.add_peer(work, card=net.card_of(other), **way)  # type: ignore[arg-type]


def _follow(node: Node, event: str, ids: dict[str, str]) -> None:
    net.follow_exchange(node, event, ids)
    if event == "exchange.peer.due":
        with open_work(node, WORKER) as work:
            fetching.fetch_package(work, **ids)


@pytest.fixture
def fetching_pair(pair: Pair) -> Generator[tuple[Pair, str]]:
    """A receiver that nobody reaches, and that fetches from its sender."""
    with net.listening(pair.sender) as url:
        _pin(pair.sender, pair.receiver, collected=True)
        _pin(pair.receiver, pair.sender, url=url, fetches=True)
        yield pair, url


def _fetch_round(pair: Pair) -> list[str]:
    with open_work(pair.receiver, WORKER) as work:
        work.emit("exchange.peer.due", peer_id=pair.sender.id)
    return net.settle([pair.receiver], _follow)


def test_a_peer_fetches_what_waits_and_its_receipts_come_with_the_next_fetch(
    fetching_pair: tuple[Pair, str],
) -> None:
    pair, _ = fetching_pair
    packages = [pair.queue() for _ in range(3)]
    assert pair.send(packages[0]) is OutboxState.QUEUED
    waiting = pair.sent(packages[0])
    assert (waiting.attempts, waiting.last_outcome) == (0, "to-be-collected")
    _fetch_round(pair)
    assert [pair.sent(each).state for each in packages] == [OutboxState.DELIVERED] * 3
    assert pair.inbox_count() == 3
    with open_work(pair.receiver, WORKER) as work:
        package = actions.received_package(work, packages[1])
        assert work.node.vault.read(package.files["files/0/content"]) == FILE
    assert package.receipt == pair.sent(packages[1]).receipt


def test_a_package_is_handed_out_again_until_its_receipt_has_come(
    fetching_pair: tuple[Pair, str],
) -> None:
    pair, _ = fetching_pair
    package_id = pair.queue()
    with open_work(pair.receiver, WORKER) as work:
        fetching.fetch_package(work, peer_id=pair.sender.id)
    net.events(pair.receiver)  # the job that would have carried the receipt is lost
    assert pair.sent(package_id).state is OutboxState.QUEUED
    _fetch_round(pair)
    assert pair.sent(package_id).state is OutboxState.DELIVERED
    assert pair.inbox_count() == 1


def test_what_a_fetching_peer_does_not_let_in_is_parked_and_blocks_nothing(
    fetching_pair: tuple[Pair, str],
) -> None:
    pair, _ = fetching_pair
    refused = pair.queue()
    free = Basis(kind=BasisKind.OPEN, id="")
    draft = replace(
        pair.draft(), kind=PackageKind.REQUEST, basis=free, parts=salted(PARTS[:1]), files={}
    )
    welcome = pair.queue(draft)
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    _fetch_round(pair)
    assert _refusals(pair.receiver) == [(refused, "agreement-not-in-force")]
    assert pair.sent(refused).state is OutboxState.REFUSED
    assert pair.sent(welcome).state is OutboxState.DELIVERED
    assert pair.inbox_count() == 1


def _refusals(node: Node) -> list[tuple[str, object]]:
    found = [each for each in net.audit(node) if each[0] == "exchange.package.refused"]
    return [(package_id, facts["reason"]) for _, package_id, facts in found]


def test_a_carried_package_that_is_not_let_in_leaves_its_reason(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package_id = pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        (path,) = handing.export_packages(work, pair.receiver.id, tmp_path)
    with open_work(pair.receiver, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    with pytest.raises(NotCovered):
        _import(pair.receiver, path)
    assert _refusals(pair.receiver) == [(package_id, "agreement-not-in-force")]
    assert any(package_id in line for line in capsys.readouterr().out.splitlines())


def test_a_package_longer_than_the_fetching_peer_takes_is_parked_and_blocks_nothing(
    fetching_pair: tuple[Pair, str],
) -> None:
    pair, _ = fetching_pair
    long = pair.queue()
    free = Basis(kind=BasisKind.OPEN, id="")
    draft = replace(
        pair.draft(), kind=PackageKind.REQUEST, basis=free, parts=salted(PARTS[:1]), files={}
    )
    short = pair.queue(draft)
    most = (len(pair.sealed(long)) + len(pair.sealed(short))) // 2
    settings = pair.receiver.settings.model_copy(update={"package_max_bytes": most})
    limited = replace(pair, receiver=replace(pair.receiver, settings=settings))
    _fetch_round(limited)
    assert pair.sent(long).state is OutboxState.REFUSED
    assert pair.sent(short).state is OutboxState.DELIVERED


def test_a_package_that_its_peer_fails_to_take_holds_up_no_other(
    fetching_pair: tuple[Pair, str],
) -> None:
    pair, url = fetching_pair
    packages = [pair.queue() for _ in range(3)]
    fetch = Fetch(sender=pair.receiver.id, recipient=pair.sender.id, at=START)
    envelope = pair.receiver.keys.sign(FETCH_TYPE, fetch_payload(fetch))
    handed = [
        httpx2.post(url + WAITING_PATH, content=envelope, trust_env=False).headers[PACKAGE_HEADER]
        for _ in range(5)
    ]
    assert handed == [*packages, *packages[:2]]


def test_a_fetch_costs_the_same_however_much_waits(pair: Pair) -> None:
    _pin(pair.sender, pair.receiver, collected=True)
    fetch = Fetch(sender=pair.receiver.id, recipient=pair.sender.id, at=START)
    envelope = pair.receiver.keys.sign(FETCH_TYPE, fetch_payload(fetch))
    costs: list[tuple[int, int]] = []
    for _ in range(3):
        for _ in range(5):
            pair.queue()
        with net.counted(pair.sender) as asked, open_work(pair.sender, DOORKEEPER) as work:
            handed = handing.hand_over(work, envelope)
            assert handed is not None
            handed.close()
        costs.append((len(asked), sum(asked)))
    assert costs[0] == costs[1] == costs[2]


def test_only_the_peer_itself_fetches_and_only_what_is_for_it(
    fetching_pair: tuple[Pair, str], make_node: Callable[..., Node]
) -> None:
    pair, url = fetching_pair
    package_id = pair.queue()
    stranger = make_node("us.other")
    fetch = Fetch(sender=pair.receiver.id, recipient=pair.sender.id, at=START)
    forged = stranger.keys.sign(FETCH_TYPE, fetch_payload(fetch))
    unknown = replace(fetch, sender=stranger.id)
    elsewhere = replace(fetch, recipient="kr.knpa")
    faces = set()
    for envelope in (
        forged,
        stranger.keys.sign(FETCH_TYPE, fetch_payload(unknown)),
        pair.receiver.keys.sign(FETCH_TYPE, fetch_payload(elsewhere)),
        pair.receiver.keys.sign("application/other", fetch_payload(fetch)),
        b"no fetch",
        b"x" * (2 * 1024 * 1024),
    ):
        answer = httpx2.post(url + "/exchange/v1/waiting", content=envelope, trust_env=False)
        faces.add((answer.status_code, answer.content))
    assert len(faces) == 1
    assert faces.pop()[0] == 422
    _pin(pair.sender, stranger, collected=True)
    mine = stranger.keys.sign(FETCH_TYPE, fetch_payload(unknown))
    nothing = httpx2.post(url + "/exchange/v1/waiting", content=mine, trust_env=False)
    assert nothing.status_code == 204
    taking = replace(unknown, refused=(package_id,))
    httpx2.post(
        url + "/exchange/v1/waiting",
        content=stranger.keys.sign(FETCH_TYPE, fetch_payload(taking)),
        trust_env=False,
    )
    assert pair.sent(package_id).state is OutboxState.QUEUED


def test_a_receipt_that_does_not_fit_settles_nothing(fetching_pair: tuple[Pair, str]) -> None:
    pair, url = fetching_pair
    package_id, other = pair.queue(), pair.queue()
    pair.receive(pair.sealed(other))
    with open_work(pair.receiver, WORKER) as work:
        genuine = actions.received_package(work, other).receipt
    fetch = Fetch(
        sender=pair.receiver.id,
        recipient=pair.sender.id,
        at=START,
        receipts=(genuine.replace(b"a", b"b"), b"nothing"),
    )
    envelope = pair.receiver.keys.sign(FETCH_TYPE, fetch_payload(fetch))
    answer = httpx2.post(url + "/exchange/v1/waiting", content=envelope, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["tipbridge-package"] == package_id
    assert pair.sent(other).state is OutboxState.QUEUED


def test_peers_are_asked_when_their_time_has_come(fetching_pair: tuple[Pair, str]) -> None:
    pair, _ = fetching_pair
    for expected in (1, 0):
        with open_work(pair.receiver, WORKER) as work:
            assert fetching.fetch_due(work) == expected
    assert net.events(pair.receiver) == [("exchange.peer.due", {"peer_id": pair.sender.id})]
    with pytest.raises(Invalid):
        _pin(pair.receiver, pair.sender, fetches=True)


def test_a_peer_that_is_away_is_asked_again_later(pair: Pair) -> None:
    _pin(pair.receiver, pair.sender, url="http://127.0.0.1:9", fetches=True)
    assert _fetch_round(pair) == ["us.hsi:exchange.peer.due"]
    assert net.audit(pair.receiver)[-1][2]["outcome"] == "unreachable"


def test_a_fetch_from_a_slow_peer_needs_a_lane_as_what_is_sent_to_it(
    fetching_pair: tuple[Pair, str],
) -> None:
    """Else as many silent peers as the worker has threads would hold up all others."""
    pair, _ = fetching_pair
    pair.queue()
    with open_work(pair.receiver, WORKER) as work:
        standings.keep_flow(work.db, Standing(peer_id=pair.sender.id, slow=True))
    for held in (f"peer {pair.sender.id}", "slow 0"):
        with open_work(pair.receiver, WORKER) as work:
            assert standings.take_lane(work.db, held)
            _fetch_round(pair)
            work.db.rollback()
        assert net.audit(pair.receiver)[-1][2]["outcome"] == "peer-busy"
    _fetch_round(pair)
    assert pair.inbox_count() == 1


def test_a_large_package_is_fetched_in_a_lane_and_left_where_none_is_free(
    fetching_pair: tuple[Pair, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, _ = fetching_pair
    monkeypatch.setattr(rules, "LARGE_BYTES", 1)
    package_id = pair.queue()
    with open_work(pair.receiver, WORKER) as work:
        assert standings.take_lane(work.db, "slow 0")
        _fetch_round(pair)
        work.db.rollback()
    assert pair.sent(package_id).state is OutboxState.QUEUED
    with open_work(pair.receiver, WORKER) as work:
        standing = standings.standing_of(work.db, pair.sender.id)
    assert standing == Standing(peer_id=pair.sender.id, slow=True), "asked again once one is free"
    _fetch_round(pair)
    assert pair.sent(package_id).state is OutboxState.DELIVERED


def test_a_fetch_that_takes_long_makes_its_peer_a_slow_one_until_it_is_quick(
    fetching_pair: tuple[Pair, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, _ = fetching_pair
    pair.queue()

    def is_slow() -> bool:
        with open_work(pair.receiver, WORKER) as work:
            found = standings.standing_of(work.db, pair.sender.id)
        return found is not None and found.slow

    with monkeypatch.context() as changed:
        changed.setattr(rules, "SLOW_SECONDS", -60.0)
        _fetch_round(pair)
    assert pair.inbox_count() == 1
    assert is_slow()
    _fetch_round(pair)
    assert not is_slow()


def test_a_full_disk_of_our_own_is_no_failure_of_the_peer_that_is_asked(
    fetching_pair: tuple[Pair, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, _ = fetching_pair
    pair.queue()
    with monkeypatch.context() as broken:
        broken.setattr(fetching, "TemporaryFile", _on_a_full_disk)
        _fetch_round(pair)
    assert net.audit(pair.receiver)[-1][2]["outcome"] == "no-room-here"
    with open_work(pair.receiver, WORKER) as work:
        assert standings.standing_of(work.db, pair.sender.id) is None
    _fetch_round(pair)
    assert pair.inbox_count() == 1


def _on_a_full_disk(**_: Path) -> BinaryIO:
    return Path("/dev/full").open("wb", buffering=0)


def _import(node: Node, path: Path) -> bytes:
    with path.open("rb") as sealed, open_work(node, CONSOLE) as work:
        return fetching.import_package(work, sealed)[1]


def test_packages_and_receipts_are_carried_by_hand(pair: Pair, tmp_path: Path) -> None:
    _pin(pair.sender, pair.receiver, collected=True)
    packages = [pair.queue() for _ in range(2)]
    for again in (2, 0):
        with open_work(pair.sender, CONSOLE) as work:
            assert len(handing.export_packages(work, pair.receiver.id, tmp_path)) == again
    carried = sorted(tmp_path.glob("*.tb*"))
    assert [path.name for path in carried] == sorted(each + PACKAGE_ENDING for each in packages)
    assert all(FILE not in path.read_bytes() for path in carried)
    receipts = [_import(pair.receiver, path) for path in carried]
    assert [_import(pair.receiver, path) for path in carried] == receipts
    assert pair.inbox_count() == 2
    assert [pair.sent(each).state for each in packages] == [OutboxState.QUEUED] * 2
    for outcome in ("settled", "again"):
        for receipt in receipts:
            with open_work(pair.sender, CONSOLE) as work:
                assert handing.import_receipt(work, receipt) == outcome
    assert [pair.sent(each).state for each in packages] == [OutboxState.DELIVERED] * 2
    with open_work(pair.receiver, CONSOLE) as work:
        assert handing.import_receipt(work, receipts[0]) == "of-another-node"


def test_receipts_of_an_export_that_broke_off_count(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fitted on the medium travels, though what noted its digest was rolled back."""
    for _ in range(2):
        pair.queue()
    genuine, room = handing.write_new, iter((True, False))

    def write(path: Path, source: BinaryIO) -> bool:
        if not next(room):
            raise Invalid("Cannot write: no space left.")
        return genuine(path, source)

    monkeypatch.setattr(handing, "write_new", write)
    with pytest.raises(Invalid), open_work(pair.sender, CONSOLE) as work:
        handing.export_packages(work, pair.receiver.id, tmp_path)
    (path,) = tmp_path.glob("*.tbpackage")
    assert pair.sent(path.stem).content_sha256 is None
    receipt = _import(pair.receiver, path)
    with open_work(pair.sender, CONSOLE) as work:
        assert handing.import_receipt(work, receipt) == "settled"
    assert pair.sent(path.stem).content_sha256 is not None
    assert pair.sent(path.stem).state is OutboxState.DELIVERED


def test_carried_files_that_do_not_fit_are_refused(pair: Pair, tmp_path: Path) -> None:
    package_id = pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        (path,) = handing.export_packages(work, pair.receiver.id, tmp_path)
    receipt = _import(pair.receiver, path)
    whole = path.read_bytes()
    for damaged in (whole[:-1], b"", whole + b"x"):
        with pytest.raises(IntegrityFailure), open_work(pair.receiver, CONSOLE) as work:
            fetching.import_package(work, io.BytesIO(damaged))
    document = json.loads(receipt)
    document["payload"] = document["payload"][:-8] + "AAAAAAA="
    with pytest.raises((IntegrityFailure, NotFound)), open_work(pair.sender, CONSOLE) as work:
        handing.import_receipt(work, json.dumps(document).encode())
    with open_work(pair.sender, WORKER) as work:
        assert actions.stop_package(work, package_id)
    with open_work(pair.sender, CONSOLE) as work:
        assert handing.import_receipt(work, receipt) == "settled"
    with pytest.raises(Invalid), open_work(pair.sender, CONSOLE) as work:
        pair.queue()
        handing.export_packages(work, pair.receiver.id, tmp_path / "nowhere")


def test_a_receipt_that_comes_after_the_basis_ended_counts(
    fetching_pair: tuple[Pair, str], tmp_path: Path
) -> None:
    pair, _ = fetching_pair
    fetched = pair.queue()
    with open_work(pair.receiver, WORKER) as work:
        fetching.fetch_package(work, peer_id=pair.sender.id)
    carried, untouched = pair.queue(), pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        handing.export_packages(work, pair.receiver.id, tmp_path)
    receipt = _import(pair.receiver, tmp_path / f"{carried}{PACKAGE_ENDING}")
    with open_work(pair.sender, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
    for package_id in (fetched, carried, untouched):
        assert pair.send(package_id) is OutboxState.LAPSED
        assert pair.sent(package_id).last_outcome == "lapsed-unanswered"
    net.settle([pair.receiver], _follow)
    with open_work(pair.sender, CONSOLE) as work:
        assert handing.import_receipt(work, receipt) == "settled"
    states = [pair.sent(each).state for each in (fetched, carried, untouched)]
    assert states == [OutboxState.DELIVERED, OutboxState.DELIVERED, OutboxState.LAPSED]


def _clock_of(node: Node, peer: Node) -> int:
    with open_work(node, CONSOLE) as work:
        found = actions.peer_standings(work).get(peer.id)
    return 0 if found is None else found.clock_seconds


def test_a_clock_that_differs_is_found_by_a_fetch_and_cleared_by_the_next(
    fetching_pair: tuple[Pair, str],
) -> None:
    pair, _ = fetching_pair
    found: list[int] = []
    for node, hours in ((pair.receiver, 1), (pair.sender, 2), (pair.receiver, 2)):
        net.set_clock(node, START + timedelta(hours=hours))
        _fetch_round(pair)
        found.append(_clock_of(pair.sender, pair.receiver))
    assert found == [3600, -3570, 0]


def test_a_clock_that_differs_is_found_by_a_carried_receipt(pair: Pair, tmp_path: Path) -> None:
    _pin(pair.sender, pair.receiver, collected=True)
    found: list[int] = []
    for node, days in ((pair.sender, 1), (pair.receiver, 3), (pair.sender, 3)):
        net.set_clock(node, START + timedelta(days=days))
        package_id = pair.queue()
        with open_work(pair.sender, CONSOLE) as work:
            handing.export_packages(work, pair.receiver.id, tmp_path)
        receipt = _import(pair.receiver, tmp_path / f"{package_id}{PACKAGE_ENDING}")
        with open_work(pair.sender, CONSOLE) as work:
            assert handing.import_receipt(work, receipt) == "settled"
        found.append(_clock_of(pair.sender, pair.receiver))
    day = 24 * 3600
    assert found == [-day, 2 * day, 2 * day], "a receipt that was on its way clears nothing"


def test_what_lost_its_basis_is_not_exported(pair: Pair, tmp_path: Path) -> None:
    package_id = pair.queue()
    with open_work(pair.sender, CONSOLE) as work:
        suspend_agreement(work, pair.agreement, reason="review")
        assert handing.export_packages(work, pair.receiver.id, tmp_path) == []
    assert pair.sent(package_id).state is OutboxState.LAPSED
