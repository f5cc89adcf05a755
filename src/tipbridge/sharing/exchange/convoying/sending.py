"""The side that sends: small packages that wait for one peer leave in one request.

What does not go smoothly is left to the way of a single package, which counts it and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import IntegrityFailure, NotFound
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import client, delivery, outgoing
from tipbridge.sharing.exchange import store as packages
from tipbridge.sharing.exchange.convoying import store, takers
from tipbridge.sharing.exchange.convoying.framing import MOST_BYTES, MOST_PACKAGES, Told
from tipbridge.sharing.exchange.convoying.model import Settled
from tipbridge.sharing.exchange.model import OutboxState, Outgoing, Peer
from tipbridge.sharing.exchange.standing import keeping
from tipbridge.sharing.exchange.standing.rules import is_slow
from tipbridge.sharing.exchange.trusting import checking, gate

SMALL_BYTES = 1024 * 1024
"""A package with more in it goes by itself."""
_NOT_THERE = {
    f"status-{status.value}" for status in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loaded:
    package: Outgoing
    sealed: bytes = field(repr=False)
    content_sha256: str


def choose(work: Work, package_ids: Sequence[str]) -> list[str]:
    """Those of these packages that may go together to one peer.

    Shape: they are held once their jobs are: else a job that has begun would find its package
    held, and end, and nobody would send it.
    """
    for peer_id in takers.in_turn() if len(package_ids) > 1 else ():
        found = store.waiting_for(work.db, peer_id, package_ids, most=MOST_PACKAGES)
        if len(found) > 1:
            takers.had_its_turn(peer_id)
            return found
    return []


def send_together(work: Work, package_ids: Sequence[str]) -> list[str]:
    """Send queued packages of one peer in one request; those for which that was their attempt.

    Shape: the others are as before, and go one by one.
    """
    waiting = packages.lock_together(work.db, package_ids)
    peer = packages.peer_by_id(work.db, waiting[0].recipient) if waiting else None
    if peer is None or peer.url is None or not takers.takes_convoys(peer.card.node_id, peer.url):
        return []
    if not checking.may_seal_to(work, peer.card) or keeping.is_troubled(work, peer.card.node_id):
        return []
    loaded = _load(work, peer, waiting)
    return _send(work, peer, peer.url, loaded) if len(loaded) > 1 else []


def _load(work: Work, peer: Peer, waiting: Sequence[Outgoing]) -> list[_Loaded]:
    """What goes, sealed in memory: small packages whose basis holds, as many as there is room for."""
    mine = [each for each in waiting if each.recipient == peer.card.node_id and _is_small(each)]
    loaded, size_bytes = list[_Loaded](), 0
    for package in delivery.whose_basis_holds(work, mine)[:MOST_PACKAGES]:
        try:
            sealed, content = outgoing.sealed_bytes(work.node, package, peer.card)
        except (NotFound, IntegrityFailure):
            continue
        size_bytes += len(sealed)
        if size_bytes > MOST_BYTES - SMALL_BYTES:
            break
        if package.content_sha256 in {None, content}:
            loaded.append(_Loaded(package=package, sealed=sealed, content_sha256=content))
    return loaded


def _is_small(package: Outgoing) -> bool:
    return package.state is OutboxState.QUEUED and package.size_bytes <= SMALL_BYTES


def _send(work: Work, peer: Peer, url: str, loaded: Sequence[_Loaded]) -> list[str]:
    began = monotonic_seconds()
    answer = client.post_convoy(
        url,
        [each.sealed for each in loaded],
        patience_seconds=work.node.settings.send_patience_seconds,
        trust=gate.context_to(work, peer.card.node_id) if peer.mutual else None,
    )
    took_seconds = monotonic_seconds() - began
    if answer.problem:
        return _failed(work, peer, loaded[0], answer.problem)
    settled, clock = _settled(work, peer, loaded, answer.told)
    size_bytes = sum(len(each.sealed) for each in loaded)
    keeping.note_answer(
        work,
        peer.card.node_id,
        slow=is_slow(took_seconds, size_bytes, client.SLOWEST_BYTES_PER_SECOND),
    )
    if clock is not None:
        at, earliest = clock
        latest = work.now + timedelta(seconds=took_seconds)
        keeping.note_clock(work, peer.card.node_id, at, earliest=earliest, latest=latest)
    return _kept(work, settled)


def _failed(work: Work, peer: Peer, first: _Loaded, problem: str) -> list[str]:
    """A convoy that got no answer is one failure of the peer, and one attempt of one package."""
    if problem in _NOT_THERE:
        takers.note(peer.card.node_id, peer.url or "", takes=False)
        return []
    keeping.note_failure(work, peer.card.node_id)
    packages.note_content(work.db, first.package.package_id, first.content_sha256)
    state, outcome = delivery.wait(work, first.package, problem)
    tried = Settled(
        package=first.package, state=state, outcome=outcome, content_sha256=first.content_sha256
    )
    exchange.send_package(work, first.package.package_id, tried=tried)
    return [first.package.package_id]


def _settled(
    work: Work, peer: Peer, loaded: Sequence[_Loaded], told: Sequence[Told]
) -> tuple[list[Settled], tuple[datetime, datetime] | None]:
    """What the peer took or refused; the time that it signed last, and since when that may be."""
    keys = checking.keys_that_count(work, peer.card.node_id)
    settled, clock = list[Settled](), None
    for each, said in zip(loaded, told, strict=True):
        ours = (work.node.id, each.content_sha256)
        receipt = said.receipt and delivery.receipt_among(keys, each.package, said.receipt, ours)
        if not receipt and not said.refused:
            continue
        state = OutboxState.DELIVERED if receipt else OutboxState.REFUSED
        settled.append(
            Settled(
                package=each.package,
                state=state,
                outcome=state.value,
                content_sha256=each.content_sha256,
                receipt=said.receipt if receipt else None,
            )
        )
        if receipt:
            # One that was tried before may have arrived at any time since it was queued.
            since = each.package.queued_at if each.package.attempts else work.now
            clock = receipt.received_at, min(since, work.now)
    return settled, clock


def _kept(work: Work, settled: Sequence[Settled]) -> list[str]:
    if settled:
        store.settle(work.db, settled, at=work.now)
    for each in settled:
        exchange.send_package(work, each.package.package_id, tried=each)
    return [each.package.package_id for each in settled]
