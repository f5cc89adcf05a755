"""Verbs of the side that fetches, or takes in files that were carried here."""

import functools
from collections.abc import Sequence
from datetime import timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import structlog

from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import NotFound, TipbridgeError, Unavailable
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange import client, refusing
from tipbridge.sharing.exchange import store as packages
from tipbridge.sharing.exchange.carrying import refusals, store
from tipbridge.sharing.exchange.carrying.messages import FETCH_TYPE, Fetch, fetch_payload
from tipbridge.sharing.exchange.errors import NotCovered, NotYet
from tipbridge.sharing.exchange.full import is_full
from tipbridge.sharing.exchange.outgoing import SPOOL
from tipbridge.sharing.exchange.parking.actions import DRIVERS
from tipbridge.sharing.exchange.standing import keeping
from tipbridge.sharing.exchange.standing.rules import is_slow
from tipbridge.sharing.exchange.trusting import gate

log = structlog.get_logger("tipbridge")
PAUSE = timedelta(seconds=30)
"""How long after a fetch a peer is asked again."""
_MOST_EARLY = 100
"""So many that come too early end a round: each is named in every fetch after it."""


@action("exchange.peers.due", system=True, idle=True)
def fetch_due(work: Work) -> int:
    """Enqueue a fetch from every peer whose time has come, by machine time; how many."""
    now = machine_now()
    due = store.fetch_due(work.db, now=now, before=now - PAUSE)
    for peer_id in due:
        work.emit("exchange.peer.due", peer_id=peer_id)
    if due:
        work.record("all", count=len(due))
    return len(due)


@action("exchange.package.fetched", system=True)
def fetch_package(
    work: Work, *, peer_id: str, taken: str = "", refused: str = "", early: str = ""
) -> None:
    """Fetch one package from a peer; when one came, the next fetch is enqueued with its receipt.

    Shape: a receipt leaves only after the transaction that kept its package. `taken` and
    `refused` name the package before; what they say is said again when that package comes again.
    `early` names those that came too early since the round began, parted by spaces: it goes on
    to what waits behind them, and ends where one of them comes again.
    """
    peer = packages.peer_by_id(work.db, peer_id)
    if peer is None or peer.url is None:
        work.record(peer_id, outcome="no-address")
        return
    if not keeping.may_ask(work, peer_id):
        work.record(peer_id, outcome=keeping.PEER_BUSY)
        return
    envelope = _ask(work, peer_id, taken, refused)
    folder = work.node.data / SPOOL
    folder.mkdir(mode=0o700, exist_ok=True)
    with TemporaryFile(dir=folder) as spool:
        started = machine_now()
        answer = client.fetch_package(
            peer.url,
            envelope,
            cast("BinaryIO", spool),
            patience_seconds=work.node.settings.send_patience_seconds,
            most_bytes=work.node.settings.package_max_bytes,
            sealing_bytes=keeping.sealing_waited_for(work, peer_id),
            may_land=functools.partial(keeping.may_land, work, peer_id),
            trust=gate.context_to(work, peer_id) if peer.mutual else None,
        )
        took = (machine_now() - started).total_seconds()
        slow = is_slow(took, spool.tell(), client.SLOWEST_BYTES_PER_SECOND)
        outcome, package_id = _take(
            work, peer_id, answer, cast("BinaryIO", spool), slow=slow, early=early.split()
        )
    work.record(peer_id, outcome=outcome, package=package_id or "none")


@action("exchange.package.imported", roles=DRIVERS)
def import_package(work: Work, sealed: BinaryIO) -> tuple[str, bytes]:
    """Take in a package that was carried here as a file; its id, and the receipt to carry back.

    Shape: as when it had come over the network, by the same actor, who alone may write what
    arrives; in a transaction of its own that is durable before this one records who brought it.
    Errors: as over the network; CarriedRefused, with the refusal to carry back, for what nothing covers.
    """
    try:
        with open_work(work.node, DOORKEEPER) as arriving:
            taken = exchange.take_in(arriving, sealed)
    except NotCovered as error:
        refusing.note(work.node, error)
        raise refusals.refused(work.node, error, work.now) from error
    work.record(taken.package_id, sender=taken.sender, outcome=taken.outcome)
    return taken.package_id, taken.receipt


def _ask(work: Work, peer_id: str, taken: str, refused: str) -> bytes:
    known = packages.incoming_by_id(work.db, taken) if taken else None
    fetch = Fetch(
        sender=work.node.id,
        recipient=peer_id,
        at=work.now,
        receipts=() if known is None else (known.receipt,),
        refused=(refused,) if refused else (),
    )
    return work.node.keys.sign(FETCH_TYPE, fetch_payload(fetch))


def _take(
    work: Work,
    peer_id: str,
    answer: client.Fetched,
    sealed: BinaryIO,
    *,
    slow: bool,
    early: Sequence[str],
) -> tuple[str, str | None]:
    """Take in what was fetched, and enqueue the next fetch; what came of it, and of which."""
    package_id = answer.package_id
    if answer.problem == client.NOT_NOW:  # from now on it is asked once a lane is free
        keeping.note_answer(work, peer_id, slow=True)
        return answer.problem, None
    if package_id is None and answer.problem:
        if answer.problem != client.NO_ROOM_HERE:  # that is no failure of the peer's
            keeping.note_failure(work, peer_id)
        return answer.problem, None
    keeping.note_answer(work, peer_id, slow=slow)
    if package_id is None:
        return "nothing-waits", None
    if answer.problem:
        log.warning(
            "a fetched package is longer than this node takes",
            package=package_id,
            peer=peer_id,
            reason=answer.problem,
            **{client.LIMIT_SETTING: work.node.settings.package_max_bytes},
        )
        _go_on(work, peer_id, early, refused=package_id)
        return answer.problem, package_id
    return _take_in(work, peer_id, package_id, sealed, early), package_id


def _take_in(
    work: Work, peer_id: str, package_id: str, sealed: BinaryIO, early: Sequence[str]
) -> str:
    """Take a package in and go on to the next; what came of it.

    Shape: one that is early, or finds no room, waits there on and is handed out again.
    """
    try:
        with work.part():
            taken = exchange.take_in(work, sealed)
            if (taken.package_id, taken.sender) != (package_id, peer_id):
                raise NotFound("package of that name", package_id)
    except NotYet:
        if package_id not in early and len(early) < _MOST_EARLY:
            _go_on(work, peer_id, [*early, package_id])
        return "not-yet"
    except (OSError, Unavailable) as error:
        if not is_full(error):
            raise
        return client.NO_ROOM_HERE
    except TipbridgeError as error:
        refusing.note(work.node, error)
        _go_on(work, peer_id, early, refused=package_id)
        return f"refused-{error.kind}"
    _go_on(work, peer_id, early, taken=package_id)
    return taken.outcome


def _go_on(
    work: Work, peer_id: str, early: Sequence[str], *, taken: str = "", refused: str = ""
) -> None:
    """Enqueue the next fetch of this round."""
    work.emit(
        "exchange.peer.due", peer_id=peer_id, taken=taken, refused=refused, early=" ".join(early)
    )
