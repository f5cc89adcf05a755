"""Verbs on messages that failed for good: show them, drive one again."""

from datetime import timedelta

import structlog

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound, TipbridgeError
from tipbridge.foundation.work import Work, action
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.parking import store
from tipbridge.sharing.exchange.parking.model import Parked

DRIVERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
MOST_SHOWN = 500
SIGNER_NOT_PINNED = "signer-not-pinned"
LEAVE_NOT_PROVEN = "leave-not-proven"
log = structlog.get_logger("tipbridge")
LAPSE_COUNTS = timedelta(days=30)


def park(work: Work, package_id: str, error: TipbridgeError, *, reason: str | None = None) -> None:
    """Keep a received package that says nothing usable before staff, for another room's action."""
    log.warning("a received package is parked", package=package_id, **error.detail)
    store.park(work.db, package_id, reason=reason or error.kind.value, at=work.now)


def park_unverified(work: Work, package_id: str) -> None:
    """Keep a receipt before staff whose signer's card is not pinned here: it proves nothing yet."""
    store.park(work.db, package_id, reason=SIGNER_NOT_PINNED, at=work.now)


def followed(work: Work, package_id: str) -> None:
    """A received package has been followed: it is parked no more, if it ever was."""
    store.end(work.db, package_id, work.now)


@action("exchange.parked.listed", roles=exchange.EXCHANGERS)
def list_parked(work: Work) -> list[Parked]:
    """What waits for staff, both ways, newest first: refused, lapsed, or not to be followed."""
    found = [
        *store.parked_in(work.db, limit=MOST_SHOWN),
        *store.parked_out(work.db, limit=MOST_SHOWN),
    ]
    work.record("all", count=len(found))
    return sorted(found, key=lambda each: (each.at, each.package_id), reverse=True)


@action("exchange.package.retaken", roles=DRIVERS)
def retake_package(work: Work, package_id: str) -> None:
    """Follow a parked package again, once what it needs is there.

    Errors: NotFound when it is not parked.
    """
    if not store.is_parked(work.db, package_id):
        raise NotFound("parked package", package_id)
    package = exchange.received_package(work, package_id)
    work.emit("exchange.package.received", package_id=package_id, kind=package.kind.value)
    work.record(package_id, kind=package.kind.value)


def count_parked(work: Work) -> int:
    """How many packages wait for staff, for the start page; what lapsed does so for a month."""
    return store.count_parked(work.db, lapsed_since=work.now - LAPSE_COUNTS)
