"""The short form of `make flips`: bytes of all 50 packages, spread over all their places."""

from collections.abc import Callable

from tests.sharing.exchange.flips import (
    PACKAGES,
    flip_all,
    flip_at_node,
    kept_by,
    package,
    pin_senders,
)
from tipbridge.foundation.node import Node
from tipbridge.sharing.exchange.package import header_bytes


def test_flipped_bytes_of_fifty_packages_are_all_refused_with_one_face() -> None:
    done = flip_all(step=401)
    assert done.count > PACKAGES * 40
    assert done.accepted == ()
    assert len(done.words) == 2, "one refusal for what is sealed, one for what is inside"


def test_a_node_refuses_them_before_it_keeps_anything(make_node: Callable[..., Node]) -> None:
    node = make_node("us.hsi")
    pin_senders(node)
    before = kept_by(node)
    done = flip_at_node(node, step=1201)
    assert done.count > PACKAGES * 10
    assert (done.accepted, len(done.words)) == ((), 1)
    assert kept_by(node) == before


def test_the_fifty_packages_differ() -> None:
    assert len({package(number).statement for number in range(PACKAGES)}) == PACKAGES
    assert sum(len(package(number).header.envelopes) > 1 for number in range(PACKAGES)) == 10
    assert len({len(header_bytes(package(number).header)) for number in range(PACKAGES)}) > 10
