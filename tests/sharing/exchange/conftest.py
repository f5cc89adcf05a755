"""Two nodes of a test's own."""

from collections.abc import Callable

import pytest

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.pairs import AGREEMENT, START, Pair
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import add_agreement


@pytest.fixture
def pair(make_node: Callable[..., Node]) -> Pair:
    """A clearinghouse and a liaison."""
    sender, receiver = make_node("us.clearing"), make_node("us.hsi")
    names: set[str] = set()
    for node in (sender, receiver):
        net.set_clock(node, START)
        with open_work(node, CONSOLE) as work:
            names.add(add_agreement(work, document=AGREEMENT).sha256)
    net.pin(receiver, sender)
    net.pin(sender, receiver, "http://127.0.0.1:9")
    net.events(sender)
    net.events(receiver)
    return Pair(sender, receiver, names.pop())
