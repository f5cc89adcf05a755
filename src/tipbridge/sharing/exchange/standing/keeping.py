"""What each attempt says of a peer, and which packages wait because of it."""

from datetime import datetime, timedelta

import structlog

from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange.model import Outgoing
from tipbridge.sharing.exchange.rules import RETRY_MAX, retry_delay
from tipbridge.sharing.exchange.standing import rules, store
from tipbridge.sharing.exchange.standing.model import Standing

log = structlog.get_logger("tipbridge")
PEER_CLOSED, PEER_BUSY = "peer-closed", "peer-busy"


def hold_back(work: Work, package: Outgoing) -> str | None:
    """Leave a package for later when its peer failed or is busy; why, or None when it may go.

    Shape: what is for a slow or failing peer, and what is large, goes in a lane.
    """
    standing = store.standing_of(work.db, package.recipient)
    now = machine_now()
    until = rules.closed(standing, package.attempts, now)
    if until is not None:
        return _aside(work, package, until, PEER_CLOSED)
    troubled = standing is not None and standing.troubled
    if not (troubled or rules.is_large(package.size_bytes)) or _lane_for(work, package.recipient):
        return None
    wait = timedelta(seconds=work.node.settings.retry_base_seconds)
    return _aside(work, package, now + wait, PEER_BUSY)


def may_ask(work: Work, peer_id: str) -> bool:
    """Whether a peer may be fetched from now: one that failed or is slow needs a lane.

    Shape: of the same lanes as what is sent, so that silent peers hold up no other either way.
    """
    standing = store.standing_of(work.db, peer_id)
    return standing is None or not standing.troubled or _lane_for(work, peer_id)


def sealing_waited_for(work: Work, peer_id: str) -> int:
    """Of how large a package the sealing is waited for when a peer is asked.

    Shape: of any that is taken where a lane is held; else a silent peer would hold a thread for
    minutes. One whose sealing takes longer is asked for again, in a lane.
    """
    most_bytes = work.node.settings.package_max_bytes
    return most_bytes if is_troubled(work, peer_id) else min(most_bytes, rules.LARGE_BYTES)


def may_land(work: Work, peer_id: str, size_bytes: int) -> bool:
    """Whether a package that is fetched may come now, once its size is known.

    Shape: in the lane in which its peer was asked, where that needed one.
    """
    return is_troubled(work, peer_id) or not rules.is_large(size_bytes) or _lane_for(work, peer_id)


def is_troubled(work: Work, peer_id: str) -> bool:
    """Whether a peer failed or is slow, so that its packages go one by one."""
    standing = store.standing_of(work.db, peer_id)
    return standing is not None and standing.troubled


def is_like_the_last(package: Outgoing, outcome: str) -> bool:
    """Whether a package waits on as before: for the same reason, or aside after a try."""
    aside = outcome in {PEER_CLOSED, PEER_BUSY}
    return package.last_outcome is not None and (aside or outcome == package.last_outcome)


def leave(work: Work, package: Outgoing, outcome: str) -> str:
    """Leave a package for later without an attempt; why."""
    return _aside(work, package, machine_now() + RETRY_MAX, outcome)


def note_failure(work: Work, peer_id: str) -> None:
    """One more failure in a row: the peer is left alone for a while."""
    before = store.standing_of(work.db, peer_id) or Standing(peer_id=peer_id)
    failures = before.failures + 1
    until = machine_now() + retry_delay(failures, work.node.settings.retry_base_seconds)
    standing = Standing(peer_id=peer_id, failures=failures, closed_until=until, slow=before.slow)
    store.keep_flow(work.db, standing)


def note_answer(work: Work, peer_id: str, *, slow: bool) -> None:
    """The peer answered, and how quickly; written when that changes something."""
    before = store.standing_of(work.db, peer_id) or Standing(peer_id=peer_id)
    if before.failures or before.closed_until or before.slow != slow:
        store.keep_flow(work.db, Standing(peer_id=peer_id, slow=slow))


def note_clock(
    work: Work, peer_id: str, at: datetime, *, earliest: datetime, latest: datetime
) -> None:
    """Compare a time that a peer signed with the span in which it took it."""
    seconds = rules.clock_difference(at, earliest, latest)
    before = store.standing_of(work.db, peer_id)
    if seconds == (before.clock_seconds if before else 0):
        return
    store.keep_clock(work.db, peer_id, seconds, work.now)
    if rules.is_alarming(seconds):
        log.warning("a peer's clock differs", peer=peer_id, seconds=seconds)


def note_ahead(work: Work, peer_id: str, sent_at: datetime) -> None:
    """A message from the future proves a clock ahead; one from the past may just have waited."""
    note_outside(work, peer_id, sent_at, earliest=sent_at)


def note_outside(work: Work, peer_id: str, at: datetime, *, earliest: datetime) -> None:
    """A time that was taken at any moment since `earliest` proves a difference, never the contrary."""
    if rules.is_alarming(rules.clock_difference(at, earliest, work.now)):
        note_clock(work, peer_id, at, earliest=earliest, latest=work.now)


def _lane_for(work: Work, peer_id: str) -> bool:
    """A lane of the slow, one for each peer at most."""
    if not store.take_lane(work.db, f"peer {peer_id}"):
        return False
    lanes = rules.slow_lanes(work.node.settings.worker_concurrency)
    return any(store.take_lane(work.db, f"slow {number}") for number in range(lanes))


def _aside(work: Work, package: Outgoing, until: datetime, outcome: str) -> str:
    known = package.last_outcome or outcome  # what a try came to says more than why none is made
    kept = known if outcome in {PEER_CLOSED, PEER_BUSY} else outcome
    store.set_aside(work.db, package.package_id, until=until, outcome=kept)
    return outcome
