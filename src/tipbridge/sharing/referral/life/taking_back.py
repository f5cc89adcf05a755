"""A withdrawal that came: it holds here, goes on, is answered; also when it came first."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import Incoming, PackageKind, VerifiedHeader
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.life import spreading, store, travelling
from tipbridge.sharing.referral.life.model import WITHDRAWALS, Saying, Word
from tipbridge.sharing.referral.model import Direction, Referral, State
from tipbridge.sharing.referral.taking import before_of

Taken = tuple[Saying, Referral | None, tuple[str, ...]]
"""What was said, the referral it holds for here, and the nodes that were told of it now."""


def take(work: Work, package_id: str) -> Taken:
    """Let a received withdrawal hold, go on to everyone further, and be answered.

    Shape: of a package that has not come, or has not been followed, the answer says so; what
    comes of it later is held as taken back by `hold_what_came_first`.
    Errors: Invalid when it says nothing usable.
    """
    package = exchange.received_package(work, package_id)
    saying, header = travelling.said_in(work, package_id)
    if saying.word not in WITHDRAWALS:
        raise Invalid("This takes nothing back.")
    about = package.about or ""
    referral_store.one_at_a_time(work.db, about)
    referral = referral_store.referral_by_package(work.db, about, hold=True)
    if referral is None or not _may_say(referral, package.sender, saying):
        awaited = referral is None and _may_still_come(work, package)
        word = Word.NOT_HERE_YET if awaited else Word.NOTHING_HELD
        answer = replace(travelling.new(work, word), about=saying.id)
        travelling.answer(work, package, answer)
        return saying, None, ()
    return saying, referral, _hold(work, referral, package_id, saying, header)


def hold_what_came_first(work: Work, referral: Referral) -> int:
    """Let withdrawals that overtook a referral hold for it, once it is here; how many.

    Shape: for the action that made the package a referral.
    """
    if referral.package_id is None:
        return 0
    held = 0
    for package_id in exchange.withdrawals_about(work, referral.package_id):
        try:
            saying, header = travelling.said_in(work, package_id)
        except (Invalid, NotFound):
            continue  # it is parked itself, before staff
        sender = exchange.received_package(work, package_id).sender
        if saying.word in WITHDRAWALS and _may_say(referral, sender, saying):
            _hold(work, referral, package_id, saying, header)
            held += 1
    return held


def _hold(
    work: Work, referral: Referral, package_id: str, saying: Saying, header: VerifiedHeader
) -> tuple[str, ...]:
    told: tuple[str, ...] = ()
    fresh = travelling.keep(work, referral.id, Direction.IN, saying, package_id)
    if fresh:
        if saying.word is Word.RECALL:
            referral_store.set_state(work.db, referral.id, State.RECALLED)
        if referral.direction is Direction.IN:
            told = travelling.withdraw_onward(work, referral, package_id, saying, header)
        else:
            told = spreading.spread(work, referral, saying)
        _let_cases_know(work, referral, saying)
    if fresh or not store.came_in(work.db, saying.id, package_id):
        taken = replace(travelling.new(work, Word.RECEIVED_BACK), about=saying.id, told=told)
        answer = travelling.say_back(work, referral, package_id, taken)
        travelling.keep(work, referral.id, Direction.OUT, taken, answer)
    return told


def _may_still_come(work: Work, package: Incoming) -> bool:
    """Whether what this takes back can still become a referral of its sender here."""
    if package.about is None:
        return False
    try:
        about = exchange.received_package(work, package.about)
    except NotFound:
        return True
    return (about.sender, about.kind) == (package.sender, PackageKind.REFERRAL)


def _may_say(referral: Referral, sender: str, saying: Saying) -> bool:
    """Its sender takes a referral back; who received it says at most that a person was wrong or not."""
    is_out = referral.direction is Direction.OUT
    return referral.peer_id == sender and (not is_out or spreading.is_of_person(saying))


def _let_cases_know(work: Work, referral: Referral, saying: Saying) -> None:
    """Let what follows follow for the received referral that this is about, if there is one."""
    own = referral if referral.direction is Direction.IN else before_of(work, referral)
    if own is not None:
        work.emit("referral.withdrawal.received", referral_id=own.id, word=saying.word.value)
