"""Taking a referral so that one which no case can take stops nothing, within an action."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.work import Work
from tipbridge.police.cases.waiting import store
from tipbridge.police.cases.waiting.model import UnfitReason
from tipbridge.sharing.referral.model import ReceivedReferral

T = TypeVar("T")
log = structlog.get_logger("tipbridge")
_UNREADABLE = (ValueError, ArithmeticError, LookupError, TypeError)
"""What our own reading answers to a value of a kind that nobody thought of."""


def taken_or_noted(work: Work, source: ReceivedReferral, take: Callable[[], T]) -> T | UnfitReason:
    """What `take` gives; or why it can't, kept for staff, with nothing else of it left.

    Shape: a database that is away or busy is no reason: the worker tries again.
    """
    try:
        with store.storing(), work.part():
            taken = take()
    except store.Unstorable as error:
        return _noted(work, source, UnfitReason.UNSTORABLE, error)
    except _UNREADABLE as error:
        return _noted(work, source, UnfitReason.UNREADABLE, error)
    except TipbridgeError as error:
        return _noted(work, source, UnfitReason.REFUSED, error)
    store.end_unfit(work.db, source.referral_id)
    return taken


def _noted(
    work: Work, source: ReceivedReferral, reason: UnfitReason, error: Exception
) -> UnfitReason:
    # The kind of the error alone: its words may hold what somebody reported.
    kind = type(error).__name__
    log.warning("no case takes a referral", referral=source.referral_id, reason=reason, kind=kind)
    store.note_unfit(work.db, source.referral_id, reason, work.now)
    return reason
