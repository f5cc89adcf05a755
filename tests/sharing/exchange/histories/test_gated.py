"""A history over the gates of peers, in mutual TLS, holds."""

from collections import Counter
from collections.abc import Callable

from tests.sharing.exchange.histories.encrypted import WAYS, Cable
from tests.sharing.exchange.histories.history import opened_gates
from tests.sharing.exchange.histories.wires import Way
from tipbridge.foundation.node import Node


def test_a_history_over_mutual_tls_that_is_cut_before_within_and_after_packages_holds(
    make_node: Callable[..., Node],
) -> None:
    nodes = [make_node(node_id) for node_id in ("us.hsi", "kr.knpa")]
    with opened_gates(nodes, 2014, WAYS) as world:
        for _ in range(12):
            for name in ("queue", "bend", "send", "together", "bend", "queue", "send", "take"):
                world.do(name)
        cables = [each for each in world.wires.values() if isinstance(each, Cable)]
        lost = sum((each.lost for each in cables), Counter[Way]())
        world.heal(hurry=True)
    assert world.check() == []
    assert len(world.queued) == 24
    assert world.convoys
    assert set(lost) == {Way.CUT, Way.DEAF, Way.HOLD}
