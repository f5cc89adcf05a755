"""What a fetching node finds early by its own clock waits, and holds up nothing behind it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.packages import PARTS, salted
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange.carrying import fetching
from tipbridge.sharing.exchange.model import Basis, BasisKind, Draft, OutboxState, PackageKind

BEFORE = datetime(2012, 6, 1, tzinfo=UTC)
"""By the receiver's clock the agreement is not yet in force."""


@pytest.fixture
def behind(make_node: Callable[..., Node]) -> Iterator[Pair]:
    """A receiver whose clock is behind, and that fetches from its sender."""
    sender, receiver = make_node("us.clearing"), make_node("us.hsi")
    document = template_text("standing-referral", sender=sender.id, receiver=receiver.id).encode()
    names: set[str] = set()
    with net.listening(sender) as url:
        for node, at in ((sender, START), (receiver, BEFORE)):
            net.set_clock(node, at)
            with open_work(node, CONSOLE) as work:
                names.add(add_agreement(work, document=document).sha256)
        net.pin(sender, receiver, collected=True)
        net.pin(receiver, sender, url, fetches=True)
        net.events(receiver)
        yield Pair(sender, receiver, names.pop())


def _follow(node: Node, event: str, ids: dict[str, str]) -> None:
    if event == "exchange.peer.due":
        with open_work(node, WORKER) as work:
            fetching.fetch_package(work, **ids)


def _fetch_round(pair: Pair) -> int:
    """As every half minute; how many fetches it came to."""
    with open_work(pair.receiver, WORKER) as work:
        work.emit("exchange.peer.due", peer_id=pair.sender.id)
    seen = net.settle([pair.receiver], _follow)
    return sum(each.endswith("exchange.peer.due") for each in seen)


def _message(pair: Pair) -> Draft:
    return replace(
        pair.draft(),
        kind=PackageKind.REQUEST,
        basis=Basis(kind=BasisKind.OPEN, id=""),
        parts=salted(PARTS[:1]),
        files={},
    )


def test_packages_that_come_early_wait_and_hold_up_no_other(behind: Pair) -> None:
    early = [behind.queue() for _ in range(3)]
    others = [behind.queue(_message(behind)) for _ in range(2)]
    assert _fetch_round(behind) <= 8
    assert [behind.sent(each).state for each in others] == [OutboxState.DELIVERED] * 2
    assert [behind.sent(each).state for each in early] == [OutboxState.QUEUED] * 3
    net.set_clock(behind.receiver, START)
    _fetch_round(behind)
    assert [behind.sent(each).state for each in early] == [OutboxState.DELIVERED] * 3


def test_a_round_ends_that_finds_nothing_but_what_is_early(behind: Pair) -> None:
    early = [behind.queue() for _ in range(3)]
    assert _fetch_round(behind) <= 4
    assert {behind.sent(each).state for each in early} == {OutboxState.QUEUED}
