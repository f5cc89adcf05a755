"""What does not hold of a history: looked at in the nodes' databases after it healed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.statement import read_receipt

if TYPE_CHECKING:
    from tests.sharing.exchange.histories.history import World

HEALED_SECONDS = 60
"""So long after the network healed nothing may be undecided (the aim of this proof)."""
Inboxes = dict[str, dict[str, tuple[str, bytes]]]
"""By node and package: the digest of its content, and the receipt that was given."""


def found(world: World) -> list[str]:
    """Everything that does not hold."""
    inboxes = {node.id: _inbox(node) for node in world.nodes}
    wrong = list(world.anomalies)
    for package_id in world.queued:
        wrong += _effects(world, package_id, inboxes)
        wrong += _receipt(world, package_id, inboxes)
    return wrong + _ends(world) + _withdrawals(world) + _never_sent(world) + _late(world)


def arrived(node: Node, package_id: str) -> bool:
    """Whether a package is in a node's inbox at this moment."""
    with acting(node.engine, WORKER) as db:
        query = text("SELECT 1 FROM inbox WHERE package_id = :which")
        return db.execute(query, {"which": package_id}).first() is not None


def _inbox(node: Node) -> dict[str, tuple[str, bytes]]:
    with acting(node.engine, WORKER) as db:
        rows = db.execute(text("SELECT package_id, content_sha256, receipt FROM inbox"))
        return {row.package_id: (row.content_sha256, bytes(row.receipt)) for row in rows}


def _effects(world: World, package_id: str, inboxes: Inboxes) -> list[str]:
    recipient = world.queued[package_id][1]
    told = world.effects[recipient, package_id]
    wrong = [] if told == 1 else [f"{package_id}: {told} effects"]
    places = [node for node, inbox in inboxes.items() if package_id in inbox]
    return wrong if places == [recipient] else [*wrong, f"{package_id}: lies at {places}"]


def _receipt(world: World, package_id: str, inboxes: Inboxes) -> list[str]:
    sender, recipient = world.queued[package_id]
    with open_work(world.node(sender), WORKER) as work:
        sent = actions.sent_package(work, package_id)
    assert sent is not None
    if sent.state is not OutboxState.DELIVERED or sent.receipt is None:
        return [f"{package_id}: {sent.state} after all is healed"]
    content, kept = inboxes[recipient].get(package_id, ("", b""))
    try:
        receipt = read_receipt(world.node(recipient).card(), sent.receipt)
    except IntegrityFailure:
        return [f"{package_id}: a receipt that its receiver did not sign"]
    if sent.receipt != kept or receipt.package_id != package_id:
        return [f"{package_id}: another receipt than its receiver's own"]
    fits = receipt.content_sha256 == sent.content_sha256 == content
    return [] if fits else [f"{package_id}: a receipt for other content"]


def _ends(world: World) -> list[str]:
    told = {each: world.ends[world.queued[each][0], each] for each in world.followed}
    return [f"{each}: its end is told {times} times" for each, times in told.items() if times != 1]


def _withdrawals(world: World) -> list[str]:
    return [
        f"{each}: does not take back {about} at its receiver"
        for each, about in world.withdrawn.items()
        if _taken_back(world, about).count(each) != 1
    ]


def _taken_back(world: World, package_id: str) -> list[str]:
    """What its receiver knows to take back something of a referral."""
    with open_work(world.node(world.queued[package_id][1]), WORKER) as work:
        return actions.withdrawals_about(work, package_id)


def _never_sent(world: World) -> list[str]:
    known = {(node, each) for each, (_, node) in world.queued.items()}
    return [
        f"{each[1]}: {each[0]} was told of what was never sent"
        for each in set(world.effects) - known
    ]


def _late(world: World) -> list[str]:
    took = world.healed_seconds
    late = took > HEALED_SECONDS
    return [f"undecided until {took:.1f} s after the network healed"] if late else []
