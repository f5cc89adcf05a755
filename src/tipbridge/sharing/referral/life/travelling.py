"""Sayings on their way: back along a referral, or on to everyone it went to."""

from dataclasses import replace

from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Draft,
    Incoming,
    PackageKind,
    SaltedPart,
    VerifiedHeader,
)
from tipbridge.sharing.referral import messages as referral_messages
from tipbridge.sharing.referral import store as referral_store
from tipbridge.sharing.referral.life import messages, store
from tipbridge.sharing.referral.life.model import ASKED_FOR, Kept, Saying, Why, Word
from tipbridge.sharing.referral.model import Direction, Referral, Source, SourceKind, State
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.taking import before_of

GONE = frozenset({State.RELEASED, State.DELIVERED, State.ACKNOWLEDGED, State.LAPSED})
"""States in which a package was queued: somebody may hold what was in it."""


def new(work: Work, word: Word, why: Why | None = None) -> Saying:
    """A word of this node's, said now."""
    return Saying(
        id=work.ids.new(),
        word=word,
        why=why,
        labels=(),
        about=None,
        node_id=work.node.id,
        at=work.now,
    )


def keep(work: Work, referral_id: str, direction: Direction, saying: Saying, package: str) -> bool:
    """Keep a saying with a referral; false when it is there already."""
    kept = Kept(referral_id=referral_id, direction=direction, saying=saying, package_id=package)
    return store.insert_saying(work.db, kept, work.now)


def said_in(work: Work, package_id: str) -> tuple[Saying, VerifiedHeader]:
    """The saying that a received package holds, in the name of whoever signed it first.

    Errors: NotFound; Invalid when it says nothing usable.
    """
    header = exchange.received_header(work, package_id)
    value = referral_messages.message_value(header.parts, messages.SAYING)
    return messages.read_saying(value, header.statements[0].sender), header


def say_back(work: Work, referral: Referral, about: str, saying: Saying) -> str:
    """Queue this node's saying about a package of a received referral; the package's id."""
    parts = tuple(salted(work, [messages.saying_part(saying)]))
    _note_asked(work, referral, saying)
    return _reply(work, referral, about, parts, passes_on=None)


def answer(work: Work, package: Incoming, saying: Saying) -> str:
    """Queue this node's answer to a package that belongs to no referral here."""
    parts = tuple(salted(work, [messages.saying_part(saying)]))
    to = (package.sender, package.purpose)
    return _queue(work, to, package.package_id, parts, passes_on=None)


def pass_stage_back(
    work: Work, referral: Referral, package_id: str, saying: Saying, header: VerifiedHeader
) -> None:
    """Pass a receiver's stage, unchanged, to whoever sent the referral here."""
    before = before_of(work, referral)
    if before is not None and before.package_id is not None:
        _note_asked(work, before, saying)
        _reply(work, before, before.package_id, header.parts, passes_on=package_id)


def _note_asked(work: Work, received: Referral, saying: Saying) -> None:
    """What a referral is returned for the lack of is asked of its sender, and may come then."""
    if saying.word is Word.RETURNED and saying.why is not None:
        assert received.package_id is not None
        wanted = ASKED_FOR[saying.why]
        exchange.note_asked(work, received.peer_id, received.package_id, wanted)


def take_acknowledgement(
    work: Work, answered: str, package_id: str, saying: Saying, header: VerifiedHeader
) -> str | None:
    """Keep who acknowledged a withdrawal and pass it back; the sent referral's id, or None.

    Shape: `answered` is the package in which this node sent the withdrawal.
    """
    places = store.sayings_by_id(work.db, saying.about or "")
    sent = next((each for each in places if each.package_id == answered), None)
    if sent is None or sent.direction is not Direction.OUT:
        return None
    if not keep(work, sent.referral_id, Direction.IN, saying, package_id):
        return sent.referral_id
    if any(each.saying.node_id != sent.saying.node_id for each in places if _came(each)):
        told_on = replace(saying, node_id=work.node.id, by=saying.whose)
        tell_back(work, saying.about or "", told_on, package_id=package_id)
        return sent.referral_id
    for came in filter(_came, places):
        referral = referral_store.referral_by_id(work.db, came.referral_id)
        if referral is not None:
            keep(work, came.referral_id, Direction.IN, saying, package_id)
            _reply(work, referral, came.package_id, header.parts, passes_on=package_id)
    return sent.referral_id


def tell_back(work: Work, about: str, answer: Saying, *, package_id: str = "") -> None:
    """Say an answer, in this node's name, to each from whom the withdrawal came.

    Shape: `package_id` is the package in which it came here, if it came.
    """
    for came in filter(_came, store.sayings_by_id(work.db, about)):
        referral = referral_store.referral_by_id(work.db, came.referral_id)
        if referral is not None:
            queued = say_back(work, referral, came.package_id, answer)
            keep(work, came.referral_id, Direction.IN, answer, package_id or queued)


def _came(place: Kept) -> bool:
    return place.direction is Direction.IN


def withdraw_from(
    work: Work,
    referral: Referral,
    saying: Saying,
    parts: tuple[SaltedPart, ...],
    *,
    passes_on: str | None = None,
) -> str:
    """Queue a withdrawal to a referral's other side; a recall also stops its package."""
    package_id = exchange.queue_package(
        work,
        Draft(
            kind=PackageKind.RECALL,
            recipient=referral.peer_id,
            basis=Basis(kind=BasisKind.OPEN, id=""),
            purpose=referral.purpose,
            parts=parts,
            about=referral.package_id,
            passes_on=passes_on,
        ),
    )
    keep(work, referral.id, Direction.OUT, saying, package_id)
    if saying.word is Word.RECALL and referral.package_id is not None:
        exchange.stop_package(work, referral.package_id)
    return package_id


def withdraw_onward(
    work: Work, referral: Referral, package_id: str, saying: Saying, header: VerifiedHeader
) -> tuple[str, ...]:
    """Pass a withdrawal, unchanged, to everyone a received referral went on to; which nodes."""
    source = Source(kind=SourceKind.REFERRAL, id=referral.id)
    onward = [
        other
        for other in referral_store.referrals_of_source(work.db, source)
        if other.state in GONE and other.package_id is not None
    ]
    for other in onward:
        withdraw_from(work, other, saying, header.parts, passes_on=package_id)
    return tuple(sorted({other.peer_id for other in onward}))


def _reply(
    work: Work,
    received: Referral,
    about: str,
    parts: tuple[SaltedPart, ...],
    *,
    passes_on: str | None,
) -> str:
    to = (received.peer_id, received.purpose)
    return _queue(work, to, about, parts, passes_on=passes_on)


def _queue(
    work: Work,
    to: tuple[str, Purpose],
    about: str,
    parts: tuple[SaltedPart, ...],
    *,
    passes_on: str | None,
) -> str:
    return exchange.queue_package(
        work,
        Draft(
            kind=PackageKind.STATUS,
            recipient=to[0],
            basis=Basis(kind=BasisKind.REPLY, id=about),
            purpose=to[1],
            parts=parts,
            about=about,
            passes_on=passes_on,
        ),
    )
