"""A peer that was written after the two pages alone and a node understand each other."""

from collections.abc import Callable
from dataclasses import replace

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.other_peer import OtherPeer
from tests.sharing.exchange.packages import FILE
from tests.sharing.exchange.pairs import AGREEMENT, START, Pair
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.model import OutboxState


def test_it_posts_and_fetches_and_both_sides_count_the_same(
    make_node: Callable[..., Node],
) -> None:
    node = make_node("us.clearing")
    net.set_clock(node, START)
    with net.listening(node) as url:
        other = OtherPeer("us.hsi", url)
        with open_work(node, CONSOLE) as work:
            agreement = add_agreement(work, document=AGREEMENT)
            actions.add_peer(work, card=other.card(), collected=True)
        pair = Pair(node, node, agreement.sha256)
        _it_posts(other, pair)
        _it_posts_several(other, pair)
        _it_fetches(other, pair)


def _it_posts(other: OtherPeer, pair: Pair) -> None:
    sealed, due = other.request("a" * 32)
    first, again = other.post(sealed), other.post(sealed)
    assert first == again
    assert first == (200, due | {"received_at": "2013-11-02T00:00:00.000000Z"})
    assert pair.inbox_count() == 1
    assert other.post(sealed[:-1]) == (422, {"error": "refused"})


def _it_posts_several(other: OtherPeer, pair: Pair) -> None:
    before = pair.inbox_count()
    first, damaged, last = (other.request(each * 32)[0] for each in "abc")
    status, told = other.convoy(first, damaged[:-1], last)
    assert (status, told[1]) == (200, {"refused": True})
    assert pair.inbox_count() == before + 2
    assert set(told[0]) == {"receipt"} == set(told[2])
    assert other.convoy(last, first) == (200, [told[2], told[0]])


def _it_fetches(other: OtherPeer, pair: Pair) -> None:
    draft = replace(pair.draft(), recipient=other.node_id)
    kept, refused = pair.queue(draft), pair.queue(draft)
    package = other.fetch()
    assert package is not None
    assert package.statements[-1]["package_id"] == kept
    assert package.files["files/0/content"] == FILE
    assert other.fetch(receipts=(other.receipt(package),)) is not None
    assert pair.sent(kept).state is OutboxState.DELIVERED
    assert other.fetch(refused=(refused,)) is None
    assert pair.sent(refused).state is OutboxState.REFUSED
