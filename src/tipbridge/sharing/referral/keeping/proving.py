"""The receiver's word of an end: said once whoever it passed the referral on to said theirs."""

from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.keeping import store
from tipbridge.sharing.referral.life import store as life
from tipbridge.sharing.referral.life import travelling
from tipbridge.sharing.referral.life.model import Word
from tipbridge.sharing.referral.model import Direction, Referral, Source, SourceKind, State

_HOLDING = frozenset({State.DELIVERED, State.ACKNOWLEDGED, State.RECALLED})
_ENDED = frozenset({State.REFUSED, State.LAPSED})
_UNANSWERED = frozenset({State.RELEASED, State.LAPSED})
"""States that a package which was tried and never answered leaves its referral in."""


def tell_end(work: Work, referral_id: str) -> None:
    """Say of a received referral whose keys are gone what is true of the whole road after it.

    Shape: that it is deleted, once all to whom it went on said so; that a law keeps it, as soon as
    one of them says that; nothing while one owes its word. Again says nothing more.
    """
    kept = store.kept_of(work.db, referral_id, hold=True)
    if kept is None or kept.direction is not Direction.IN or kept.ended_at is None:
        return
    later = [store.kept_of(work.db, each.id) for each in _went_on(work, referral_id)]
    if all(each is not None and each.ended_at is not None for each in later):
        tell(work, referral_id, Word.DELETED)
    elif any(each is not None and each.held_at is not None for each in later):
        tell(work, referral_id, Word.KEPT_BY_LAW)


def tell(work: Work, referral_id: str, word: Word) -> None:
    """Say it once to who sent the referral, signed, where an agreement of its road asks for proof."""
    kept = store.kept_of(work.db, referral_id)
    referral = referral_store.referral_by_id(work.db, referral_id, hold=True)
    if kept is None or referral is None or referral.package_id is None or not kept.days.proof:
        return
    said = life.sayings_of(work.db, referral_id)
    if any(each.direction is Direction.OUT and each.saying.word is word for each in said):
        return
    saying = travelling.new(work, word)
    package_id = travelling.say_back(work, referral, referral.package_id, saying)
    travelling.keep(work, referral_id, Direction.OUT, saying, package_id)


def _went_on(work: Work, referral_id: str) -> list[Referral]:
    """Those in which it went on and that arrived, or may have: also one whose receipt never came, or that
    is on its way.
    """
    source = Source(kind=SourceKind.REFERRAL, id=referral_id)
    sent = referral_store.referrals_of_source(work.db, source)
    return [each for each in sent if each.direction is Direction.OUT and _may_hold(work, each)]


def _may_hold(work: Work, sent: Referral) -> bool:
    if sent.state in _HOLDING:
        return True
    if sent.state not in _UNANSWERED or sent.package_id is None:
        return False
    package = exchange.sent_package(work, sent.package_id)
    # One that waits still, though all that could be was stopped, is being sent at this moment.
    return package is not None and (
        package.content_sha256 is not None or package.state is OutboxState.QUEUED
    )


def note_settled(work: Work, sent: Referral) -> None:
    """Say the end that waited for a package, once that is known not to have arrived."""
    if sent.state in _ENDED and sent.source is not None and sent.source.kind is SourceKind.REFERRAL:
        tell_end(work, sent.source.id)
